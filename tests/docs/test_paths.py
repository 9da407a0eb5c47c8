import json
import re

from tests.docs.pages import PAGES, ROOT, blocks, code_spans, text_of

SCOPED = "/admin/v1/apps/{app}/environments/{environment}"
OPERATIONS = {
    (method.upper(), path)
    for path, operations in json.loads((ROOT / "schemas" / "openapi.json").read_bytes())["paths"].items()
    for method in operations
    if method in {"get", "put", "post", "delete", "patch"}
}
CALL = re.compile(r"(GET|PUT|POST|DELETE|PATCH) ([/…]\S*)")


def told() -> set[tuple[str, str]]:
    """Every ``METHOD /path`` of the pages, as the OpenAPI document writes it."""
    found = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = [*code_spans(text), *(block.text.splitlines()[0] for block in blocks(text, "http"))]
        found |= {
            (match[1], match[2].replace("…", SCOPED).partition("?")[0])
            for match in map(CALL.fullmatch, lines)
            if match
        }
    return found


def matches(call: tuple[str, str], operation: tuple[str, str]) -> bool:
    """Whether a call, perhaps with values in its path, is an operation."""
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation[1]))
    return call[0] == operation[0] and re.fullmatch(pattern, call[1]) is not None


def test_every_call_is_told() -> None:
    """Each operation of the OpenAPI document stands in a page."""
    calls = told()
    missing = [each for each in OPERATIONS if not any(matches(call, each) for call in calls)]

    assert not missing


def test_every_call_told_exists() -> None:
    """No page tells of a call that the OpenAPI document does not know."""
    unknown = [call for call in told() if not any(matches(call, each) for each in OPERATIONS)]

    assert not unknown


def test_roles_of_the_admin_plane_are_right() -> None:
    """admin-plane.md names for each call the role that the server asks for."""
    from herenow.api import admin

    needed = {
        (call.method, re.sub(r"<(\w+)>", r"{\1}", call.rule)): call.role.name
        for plane in admin.PLANES
        for call in plane.calls
        if call.role is not None
    }
    cells = re.findall(r"^\| `(\w+) (…\S*)` \| (\w+) \|", text_of("admin-plane.md"), re.MULTILINE)

    assert {(method, path.replace("…", SCOPED)): role for method, path, role in cells} == needed

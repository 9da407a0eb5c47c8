import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.docs.pages import code_spans, rows, section, text_of

import herenow
from herenow import errors
from herenow.api.problems import _CODES
from herenow.authoring.validation.references import REFERENCES
from herenow.catalog.rejections import RejectionCode
from herenow_sdk.core.reasons import FeatureReason, ItemReason, PlacementReason

PACKAGE = Path(herenow.__file__).parent
CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
STATUS = {
    name: each.status
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, errors.HerenowError)
}


def modules(folder: Path = PACKAGE) -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the server, parsed."""
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def text(node: ast.expr | None) -> str | None:
    """The string that a node writes out."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def raised() -> dict[str, set[int]]:
    """Every code that is given to an error, and every default code, with the statuses it has over HTTP."""
    found: dict[str, set[int]] = defaultdict(set)
    for path, module in modules():
        over_http = path.parts[0] != "cli"
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STATUS:
                code = next((text(each.value) for each in node.keywords if each.arg == "code"), None)
                if code:
                    found[code] |= {STATUS[node.func.id]} if over_http else set()
            if isinstance(node, ast.ClassDef):
                for code in filter(None, map(_default_code, node.body)):
                    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                    found[code] |= {STATUS[name] for name in {*bases, node.name} & STATUS.keys()} - (
                        {500} if node.name in STATUS and STATUS[node.name] != 500 else set()
                    )
    for status, code in _CODES.items():
        found[code].add(status)
    return found


def _default_code(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign):
        names, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign):
        names, value = [statement.target], statement.value
    else:
        return None
    named = any(isinstance(name, ast.Name) and name.id == "default_code" for name in names)
    return text(value) if named else None


def of_findings() -> set[str]:
    """Every code that validation gives to a finding."""
    found = {f"UNKNOWN_{each.kind.upper().replace(' ', '_')}" for each in REFERENCES}
    for folder in ("documents", "validation"):
        for _, module in modules(PACKAGE / "authoring" / folder):
            for node in ast.walk(module):
                if isinstance(node, ast.Call) and node.args and _name(node.func) in {"Fault", "unknown"}:
                    found.add(text(node.args[0]) or "")
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in node.value:
                    found.add(node.value)
    return {code for code in found if CODE.fullmatch(code)} - {"INVALID_DOCUMENTS"}


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def codes_under(heading: str) -> set[str]:
    """The codes that a table of errors.md explains."""
    cells = (cells[0] for cells in rows(section(text_of("errors.md"), heading)))
    return {code for cell in cells for code in code_spans(cell)}


def test_every_error_is_explained() -> None:
    """errors.md explains each code that the server or the command line can raise."""
    explained = codes_under("Over HTTP") | codes_under("On the command line, and at start")

    assert raised().keys() - explained == set()


def test_no_error_is_explained_that_cannot_be_raised() -> None:
    """errors.md holds no code that the code has not."""
    explained = codes_under("Over HTTP") | codes_under("On the command line, and at start")

    assert explained - raised().keys() == {"HTTP_ERROR"}


def test_every_status_is_right() -> None:
    """Beside a code stand the statuses with which it is answered."""
    of = raised()
    wrong = {}
    for cells in rows(section(text_of("errors.md"), "Over HTTP")):
        code, told = cells[0].strip("`"), {int(each) for each in re.findall(r"\b\d{3}\b", cells[1])}
        if told != of.get(code, told):
            wrong[code] = (told, of[code])

    assert not wrong


def test_every_finding_is_explained() -> None:
    """errors.md explains exactly the codes that validation gives."""
    assert codes_under("Findings in documents") == of_findings()


def test_every_rejection_is_explained() -> None:
    """errors.md explains exactly the codes that an import gives to rows."""
    assert codes_under("Rejected rows") == {each.value for each in RejectionCode}


def test_every_reason_is_explained() -> None:
    """for-marketers.md explains exactly the reasons that decisions give."""
    told = section(text_of("for-marketers.md"), "What the reasons mean")
    explained = {code for cells in rows(told) for code in code_spans(cells[0])}

    assert explained == {each.value for kind in (FeatureReason, ItemReason, PlacementReason) for each in kind}

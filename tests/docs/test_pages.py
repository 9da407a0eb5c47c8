import json
import re

import pytest
from tests.docs.pages import DOCS, GUIDES, PAGES, ROOT, anchors, blocks, links, text_of

NAMES = [page.name for page in PAGES]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}


@pytest.mark.parametrize("name", NAMES)
def test_every_json_block_is_json(name: str) -> None:
    """A block that is marked as JSON can be pasted into a file."""
    for block in blocks(text_of(name), "json"):
        json.loads(block.text)


@pytest.mark.parametrize("name", NAMES)
def test_every_python_block_compiles(name: str) -> None:
    """A block that is marked as Python is Python."""
    for block in blocks(text_of(name), "python"):
        compile(block.text, name, "exec")


@pytest.mark.parametrize("name", NAMES)
def test_every_internal_link_leads_somewhere(name: str) -> None:
    """A link to a file of the tree names one that is there, and a heading that it has."""
    for link in links(text_of(name)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (DOCS / path).resolve() if path else DOCS / name
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_index_lists_every_page() -> None:
    """Whoever begins at docs/README.md finds each page."""
    listed = {link.partition("#")[0] for link in links(text_of("README.md"))}

    assert set(NAMES) - listed == {"README.md"}


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_short(name: str) -> None:
    """A guide can be read in one sitting: at most 200 lines."""
    assert len(text_of(name).splitlines()) <= 200


@pytest.mark.parametrize("name", NAMES)
def test_no_page_names_somebodys_machine(name: str) -> None:
    """Paths in the pages are relative, or those that an operator would choose."""
    assert not re.search(r"/(Users|root|tmp|work)/", text_of(name))


def test_the_readme_names_targets_of_the_makefile() -> None:
    """Every ``make …`` of the README is a target."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    code = {name for name in named if f"`make {name}" in (ROOT / "README.md").read_text(encoding="utf-8")}
    fenced = {
        line.split()[1]
        for block in blocks((ROOT / "README.md").read_text(encoding="utf-8"))
        for line in block.text.splitlines()
        if re.match(r"make [a-z-]+", line)
    }

    assert code | fenced
    assert code | fenced <= targets


def test_items_of_the_page_on_beacons_are_those_of_the_example() -> None:
    """Whoever sends what it shows to a server with the example is warned of nothing."""
    rows = (ROOT / "examples/bites/catalog.csv").read_text(encoding="utf-8").splitlines()[1:]
    ids = {row.partition(",")[0] for row in rows}
    page = text_of("beacons.md")
    shown = set(re.findall(r'"(?:item|product_id)": "([^"]+)"|"items": \["([^"]+)"', page))

    assert shown
    assert {one or other for one, other in shown} <= ids

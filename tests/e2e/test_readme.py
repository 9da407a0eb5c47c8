"""The README shows what really happens."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
OF_THE_HOUR = re.compile(r"^( *search_hint ).*")
"""The one feature of the example that says something else at lunch."""
ITEM = re.compile(r"^ +\d+  (?P<name>.+?)  +★ (?P<rating>\d\.\d)")


def shown() -> list[str]:
    """The demo's output as the README shows it."""
    block = re.search(r"<!-- demo -->\n```\n(.*?)```\n<!-- /demo -->", README, re.DOTALL)
    assert block, "the README has lost its demo"
    return block[1].splitlines()


def without_figures(lines: list[str]) -> list[str]:
    """Lines without what differs from run to run: milliseconds, bytes, the ordered items, a hint at noon."""
    kept = (OF_THE_HOUR.sub(r"\1", line) for line in lines if line.strip() and not ITEM.match(line))
    return [re.sub(r"\d+\.\d+ (ms|KB)", r"# \1", re.sub(r" {2,}", "  ", line)) for line in kept]


@pytest.mark.slow
def test_the_demo_prints_what_the_readme_shows():
    """Line by line, but for figures, the order of the items (weekends boost some) and a hint at noon."""
    run = subprocess.run(
        [sys.executable, "-m", "herenow", "demo", "--once"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=True,
    )

    assert without_figures(run.stdout.splitlines()) == without_figures(shown())


def test_the_items_in_the_readme_are_those_of_the_example():
    """Each venue on the README's screen is in the catalogue with that rating."""
    with (ROOT / "examples" / "bites" / "catalog.csv").open(encoding="utf-8") as rows:
        known = {(row["name"], row["rating"]) for row in csv.DictReader(rows)}

    items = [(found["name"], found["rating"]) for line in shown() if (found := ITEM.match(line))]

    assert len(items) == 10
    assert set(items) <= known


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)", README))))
def test_every_make_target_of_the_readme_exists(target):
    """What the README tells to run can be run."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(link):
    """Files move; the README follows."""
    assert (ROOT / link).exists()

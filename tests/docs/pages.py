"""The pages under docs/ as tests read them: fenced blocks, links, headings, tables, commands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = tuple(sorted(DOCS.glob("*.md")))
GUIDES = ("for-apps.md", "for-marketers.md", "running.md")

_FENCE = re.compile(r"^```(\S*)[ \t]*([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what follows it (a file name), its text, and the prose before it."""

    language: str
    about: str
    text: str
    before: str


def text_of(name: str) -> str:
    """A page of docs/ by name."""
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[Block]:
    """The fenced blocks in order, of these languages when any are named."""
    found, end = [], 0
    for match in _FENCE.finditer(text):
        found.append(Block(match[1], match[2].strip(), match[3], text[end : match.start()].strip()))
        end = match.end()
    return [block for block in found if not languages or block.language in languages]


def prose(text: str) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", text)


def code_spans(text: str) -> list[str]:
    """What stands between single backticks, outside of fenced blocks."""
    return _CODE.findall(prose(text))


def links(text: str) -> list[str]:
    """The targets of the links."""
    return _LINK.findall(prose(text))


def anchors(text: str) -> set[str]:
    """The names under which the headings can be linked to."""
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(prose(text)))
    return {slug.replace(" ", "-") for slug in slugs}


def section(text: str, heading: str) -> str:
    """The part of a page under ``## heading``."""
    _, _, rest = text.partition(f"\n## {heading}\n")
    return rest.partition("\n## ")[0]


def rows(text: str) -> Iterator[list[str]]:
    """The rows of every table, cell by cell, without heads and rules."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip().strip("|").split(" | ")]

"""SPEC.md as data: its requirements with their sections, and whether each is shown by something.

A requirement is a blockquote that begins with its number in bold. What a check can hold it to is held:
numbers ascend and belong to their section, each chapter and section states its status, each section has an
example, each requirement uses a word of RFC 2119 and is cited by a vector or by a test marked
``requirement``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

_HEADING: Final = re.compile(r"(#{2,3}) (\d+(?:\.\d+)?) (.+)")
_REQUIREMENT: Final = re.compile(r"> \*\*(\d+)\.(\d+)\.(\d+)\*\* (.+)")
_STATUS: Final = re.compile(r"`Status: (Stable|Hardening|Experimental)`")
_EXAMPLE: Final = re.compile(r"```json (example|vector)=(\S+)\n(.+?)\n```", re.DOTALL)
_WORDS: Final = re.compile(r"\b(MUST|MUST NOT|SHOULD|SHOULD NOT|MAY|REQUIRED|RECOMMENDED|OPTIONAL)\b")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One statement of the specification: its number, the heading it stands under, its text."""

    id: str
    section: str
    text: str

    @property
    def key(self) -> tuple[int, ...]:
        """What orders requirements."""
        return tuple(map(int, self.id.split(".")))


@dataclass(frozen=True, slots=True)
class Example:
    """A question and its answer under a section.

    ``kind`` is ``example``, and ``name`` the operation; or ``vector``, and ``name`` the id of the case of
    which the text shows a part.
    """

    section: str
    kind: str
    name: str
    text: str


def specification_path() -> Path:
    """Where SPEC.md is, in a checkout or in an installed wheel. Raises ``FileNotFoundError``."""
    checkout = Path(__file__).parents[3] / "SPEC.md"
    packaged = Path(str(files("herenow_sdk"))) / "_data" / "SPEC.md"
    for found in (checkout, packaged):
        if found.is_file():
            return found
    raise FileNotFoundError("this installation carries no SPEC.md; install a wheel or a complete checkout")


def read_requirements(text: str) -> dict[str, Requirement]:
    """Every requirement of the specification by number, in the order of the text."""
    found: dict[str, Requirement] = {}
    section = ""
    lines = iter(text.splitlines())
    for line in lines:
        if heading := _HEADING.fullmatch(line):
            section = f"{heading[2]} {heading[3]}"
        elif opening := _REQUIREMENT.fullmatch(line):
            number = ".".join(opening.group(1, 2, 3))
            found[number] = Requirement(number, section, " ".join([opening[4], *_quoted(lines)]))
    return found


def _quoted(lines: Iterator[str]) -> Iterator[str]:
    """The rest of a blockquote."""
    for line in lines:
        if not line.startswith(">"):
            return
        if line[1:].strip():
            yield line[1:].strip()


def read_examples(text: str) -> list[Example]:
    """Every example that can be asked, in the order of the text."""
    return [
        Example(section, *found)
        for section, content in _sections(text)
        for found in _EXAMPLE.findall(content)
    ]


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """The numbered chapters and sections: heading, and what stands under it up to the next heading."""
    for part in re.split(r"^(?=#{2,3} )", text, flags=re.MULTILINE):
        heading, _, content = part.partition("\n")
        if found := _HEADING.fullmatch(heading):
            yield f"{found[2]} {found[3]}", content


def form_faults(text: str) -> list[str]:
    """What is wrong with the form of the specification."""
    return [
        *_number_faults(text),
        *_status_faults(text),
        *_example_faults(text),
        *_wording_faults(read_requirements(text)),
    ]


def _number_faults(text: str) -> Iterator[str]:
    section = ""
    last: tuple[int, ...] = ()
    for line in text.splitlines():
        if heading := _HEADING.fullmatch(line):
            section = heading[2]
        elif opening := _REQUIREMENT.fullmatch(line):
            number = tuple(map(int, opening.group(1, 2, 3)))
            shown = ".".join(map(str, number))
            if f"{number[0]}.{number[1]}" != section:
                yield f"requirement {shown} stands under section {section or 'none'}"
            if number <= last:
                yield f"requirement {shown} comes after {'.'.join(map(str, last))}"
            last = number


def _status_faults(text: str) -> Iterator[str]:
    for section, content in _sections(text):
        stated = len(_STATUS.findall(content))
        if stated != 1:
            yield f"'{section}' states {'no status' if not stated else 'more than one status'}"


def _example_faults(text: str) -> Iterator[str]:
    shown = {example.section for example in read_examples(text)}
    for section, _ in _sections(text):
        if "." in section.split()[0] and section not in shown:
            yield f"'{section}' has no example that can be asked"


def _wording_faults(requirements: Mapping[str, Requirement]) -> Iterator[str]:
    for requirement in requirements.values():
        if not _WORDS.search(requirement.text):
            yield f"requirement {requirement.id} uses no word of RFC 2119"


def citation_faults(
    requirements: Mapping[str, Requirement], by_vectors: Iterable[str], by_tests: Iterable[str]
) -> list[str]:
    """Requirements that nothing shows, and citations of what does not exist."""
    cited = set(by_vectors) | set(by_tests)
    unshown = [each for each in requirements.values() if each.id not in cited]
    unknown = sorted(cited - requirements.keys())
    return [
        *(f"requirement {each.id} ({each.section}) is cited by no vector and no test" for each in unshown),
        *(f"there is no requirement {each}, but something cites it" for each in unknown),
    ]

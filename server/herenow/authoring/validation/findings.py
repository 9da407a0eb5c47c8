"""A finding: one thing wrong, or doubtful, at one place of one file."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path

_LONGEST_NAME: Final = 80  # what is longer is no misspelling, and comparing it takes long
_COMPARED: Final = 50  # choices compared before and after its place in order; those begin most alike


class Severity(StrEnum):
    """An error keeps a set from being published; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a marketer is told. ``pointer`` is an RFC 6901 pointer; ``line`` and ``column`` count from 1.

    ``code`` is stable and upper case; ``expected`` says what would be right; ``nearest`` is the valid name
    most like the one given.
    """

    severity: Severity
    file: str
    pointer: str
    line: int
    column: int
    code: str
    detail: str
    expected: str | None = None
    nearest: str | None = None

    def as_json(self) -> dict[str, Any]:
        """A member of a problem document's ``errors``; what is not known is left out."""
        told = {
            "file": self.file,
            "pointer": self.pointer,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "detail": self.detail,
            "expected": self.expected,
            "nearest": self.nearest,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault at a path of a document, before it has a line and column."""

    document: str
    path: Path
    fault: Fault
    severity: Severity = Severity.ERROR


def warning(document: str, path: Path, fault: Fault) -> Problem:
    """A problem that does not keep the set from being published."""
    return Problem(document, path, fault, Severity.WARNING)


def nearest(given: str, choices: tuple[str, ...]) -> str | None:
    """The choice most like ``given``, if any is like it; letter case does not count.

    Of dotted names that differ in the last step alone, only that step is compared.
    """
    if len(given) > _LONGEST_NAME:
        return None
    prefix = given.rpartition(".")[0]
    siblings = [choice for choice in choices if prefix and choice.rpartition(".")[0] == prefix]
    skipped = len(prefix) + 1 if siblings else 0
    wanted = given[skipped:].casefold()
    by_folded = {choice[skipped:].casefold(): choice for choice in siblings or choices}
    in_order = sorted(by_folded)
    place = bisect_left(in_order, wanted)
    around = in_order[max(0, place - _COMPARED) : place + _COMPARED]
    close = get_close_matches(wanted, around, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None

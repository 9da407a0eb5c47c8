"""What is known of the words of a search before the tagger looks at them: hints, from any source.

A hint says that some tokens may mean something of a kind ("facet:cuisine", "wish:price"). Hints may overlap
and may be wrong: the tagger learns how far each kind is to be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from herenow.intent.normalise import Token


class Hint(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) may mean something of a kind."""

    first: int
    last: int
    kind: str


Hinter = Callable[[str, Sequence[Token]], Iterable[Hint]]
"""Hints of a cleaned text and its tokens."""


def marks_of(hints: Iterable[Hint], size: int) -> list[list[str]]:
    """For each token the hints upon it, told apart by whether they begin, go on or end there."""
    marks: list[list[str]] = [[] for _ in range(size)]
    for first, last, kind in dict.fromkeys(hints):
        for at in range(first, last):
            where = "S" if last - first == 1 else "B" if at == first else "E" if at == last - 1 else "I"
            marks[at].append(f"{where}{kind}")
    return marks

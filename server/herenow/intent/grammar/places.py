"""Places that are named and that no vocabulary knows: "in Kreuzhain", "near Elm Park", "Oak Street".

A name is what follows a word that announces a place (``<place_before>``), up to a word of the language, a
wish or what else is understood. After a word that announces other things as well (``<maybe_before>``: "at",
"on") the name must end like a place (``<street>``, ``<place_end>``). A street is known without either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from herenow.intent.grammar.compiled import Grammar
from herenow.intent.grammar.trie import Walk
from herenow.intent.normalise import Token

ANNOUNCED_WEIGHT: Final = 0.6
STREET_WEIGHT: Final = 0.5
_LONGEST: Final = 5
_LONGEST_STREET: Final = 2


class NamedPlace(NamedTuple):
    """A name at tokens ``first`` to ``last`` (exclusive), announced from ``announced`` on if at all."""

    first: int
    last: int
    announced: int
    weight: float


def places_named(
    tokens: Sequence[Token], grammar: Grammar, taken: Collection[int] = frozenset()
) -> tuple[NamedPlace, ...]:
    """Names of unknown places, not overlapping; ``taken`` are the positions understood otherwise."""
    reading = _Reading(Walk(grammar.forest, [token.stem for token in tokens]), grammar, taken)
    kept: list[NamedPlace] = []
    for found in sorted([*reading.announced(), *reading.streets()], key=lambda place: (-place.weight, place)):
        if all(found.last <= other.first or other.last <= found.first for other in kept):
            kept.append(found)
    return tuple(sorted(kept))


class _Reading(NamedTuple):
    walk: Walk
    grammar: Grammar
    taken: Collection[int]

    def announced(self) -> Iterator[NamedPlace]:
        for at in range(len(self.walk.symbols)):
            for name, is_sure in (("place_before", True), ("maybe_before", False)):
                for end, _ in self.walk.members(name, at):
                    first = self._skip_articles(end)
                    last = self._name_from(first)
                    if last > first and (self._is_place(last) or (is_sure and not self._is_count(first))):
                        yield NamedPlace(first, last, at, ANNOUNCED_WEIGHT)

    def streets(self) -> Iterator[NamedPlace]:
        for at in range(1, len(self.walk.symbols)):
            if not self.walk.members("street", at) or at in self.taken:
                continue
            first = at
            while first > max(0, at - _LONGEST_STREET) and self._is_name(first - 1):
                first -= 1
            if first < at:
                yield NamedPlace(first, at + 1, first, STREET_WEIGHT)

    def _skip_articles(self, at: int) -> int:
        while at < len(self.walk.symbols) and self.walk.symbols[at] in self.grammar.articles:
            at += 1
        return at

    def _name_from(self, first: int) -> int:
        at = first
        while at < min(len(self.walk.symbols), first + _LONGEST) and self._is_name(at):
            at += 1
        return at

    def _is_name(self, at: int) -> bool:
        word = self.walk.symbols[at]
        if at in self.taken or word in self.grammar.silent or word in self.grammar.prepositions:
            return False
        return not any(self.walk.members(name, at) for name in ("break", "not", "venue", "idle"))

    def _is_place(self, last: int) -> bool:
        return bool(self.walk.members("street", last - 1) or self.walk.members("place_end", last - 1))

    def _is_count(self, at: int) -> bool:
        return self.walk.symbols[at][0].isdecimal() or bool(self.walk.members("number", at))

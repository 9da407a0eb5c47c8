"""Finding the phrases of a table in a text: the longest first, wherever they stand.

Among overlapping candidates the longer wins, then the surer, then the earlier. Each word looks up
only phrases that may begin with it, so the work is bounded by words × the longest phrase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from herenow.intent.modifiers import find_distance
from herenow.intent.normalise import Token
from herenow.intent.phrases import FacetPhrase, Meaning, PlacePhrase
from herenow.intent.table import PhraseTable


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase at token positions ``first`` to ``last`` (exclusive) with all it may mean."""

    first: int
    last: int
    meanings: tuple[Meaning, ...]

    @property
    def length(self) -> int:
        """In words."""
        return self.last - self.first


def find_phrases(tokens: Sequence[Token], table: PhraseTable) -> tuple[PhraseMatch, ...]:
    """Matches that do not overlap, in the order of the text."""
    taken = bytearray(len(tokens))
    chosen = []
    for match in sorted(_candidates(tokens, table), key=_preference):
        if not any(taken[match.first : match.last]):
            taken[match.first : match.last] = b"\1" * match.length
            chosen.append(match)
    return tuple(sorted(chosen, key=lambda match: match.first))


def _candidates(tokens: Sequence[Token], table: PhraseTable) -> list[PhraseMatch]:
    found = [
        PhraseMatch(first, last, meanings)
        for first, token in enumerate(tokens)
        for last in range(first + 1, min(first + table.reach(token), len(tokens)) + 1)
        if (meanings := table.meanings_of(tokens[first:last]))
    ]
    if distance := find_distance(tokens, table.lexicon):
        first, last, modifier = distance
        found.append(PhraseMatch(first, last, (modifier,)))
    return found


def _preference(match: PhraseMatch) -> tuple[int, float, int]:
    return -match.length, -max(_weight(meaning) for meaning in match.meanings), match.first


def _weight(meaning: Meaning) -> float:
    return meaning.weight if isinstance(meaning, (FacetPhrase, PlacePhrase)) else 1.0

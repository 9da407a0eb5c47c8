"""What one app can read: its phrases, its grammar of wishes, the places of the world.

Compiled once for a catalogue and its ``intents.json``; safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from herenow.intent.lattice import lattice_of
from herenow.intent.matching import PhraseMatch, beside, chosen, table_matches
from herenow.intent.model import Source
from herenow.intent.modifiers import find_distance
from herenow.intent.normalise import Token
from herenow.intent.phrases import FacetPhrase
from herenow.intent.table import PhraseTable
from herenow.intent.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Found:
    """The phrases of a text, not overlapping, and the token positions that are negated."""

    matches: tuple[PhraseMatch, ...]
    negated: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Reader:
    """An app's compiled understanding."""

    table: PhraseTable

    @classmethod
    def compile(cls, catalog: Vocabulary, intents: Mapping[str, Any]) -> Reader:
        """From a catalogue and ``intents.json`` (already validated; missing members are empty)."""
        return cls(PhraseTable.compile(catalog, intents))

    def read(self, tokens: Sequence[Token]) -> Found:
        """The phrases of a text: strong ones first, weak ones where no strong one names a value."""
        lattice = lattice_of(tokens, self._is_known, None)
        candidates = [*table_matches(lattice, self.table), *self._wishes(tokens)]
        strong = chosen([match for match in map(_without_weak, candidates) if match], len(tokens))
        if any(isinstance(meaning, FacetPhrase) for match in strong for meaning in match.meanings):
            return Found(strong)
        weak = chosen(beside(filter(_is_weak, candidates), strong), len(tokens))
        return Found(tuple(sorted((*strong, *weak), key=lambda match: match.first)))

    def _is_known(self, token: Token) -> bool:
        return self.table.knows(token) or self.table.lexicon.is_silent(token.form)

    def _wishes(self, tokens: Sequence[Token]) -> list[PhraseMatch]:
        distance = find_distance(tokens, self.table.lexicon)
        if distance is None:
            return []
        first, last, modifier = distance
        return [PhraseMatch(first, last, (modifier,))]


def _is_weak(match: PhraseMatch) -> bool:
    return any(isinstance(each, FacetPhrase) and each.source is Source.WEAK for each in match.meanings)


def _without_weak(match: PhraseMatch) -> PhraseMatch | None:
    if not _is_weak(match):
        return match
    strong = tuple(
        each for each in match.meanings if not (isinstance(each, FacetPhrase) and each.source is Source.WEAK)
    )
    if not strong:
        return None
    return PhraseMatch(match.first, match.last, strong, match.certainty, match.read_as)

"""What one app can read: its phrases, its grammar of wishes, the places of the world.

Compiled once for a catalogue and its ``intents.json``; safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from herenow.intent.cues import Cues
from herenow.intent.lattice import lattice_of
from herenow.intent.matching import PhraseMatch, beside, chosen, table_matches
from herenow.intent.model import Source
from herenow.intent.modifiers import find_distance
from herenow.intent.normalise import Token
from herenow.intent.phrases import FacetPhrase
from herenow.intent.table import PhraseTable
from herenow.intent.vocabulary import Vocabulary
from herenow.intent.years import YearReader


@dataclass(frozen=True, slots=True)
class Found:
    """The phrases of a text, not overlapping, and the token positions that are negated."""

    matches: tuple[PhraseMatch, ...]
    negated: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Reader:
    """An app's compiled understanding."""

    table: PhraseTable
    cues: Cues
    years: YearReader

    @classmethod
    def compile(cls, catalog: Vocabulary, intents: Mapping[str, Any]) -> Reader:
        """From a catalogue and ``intents.json`` (already validated; missing members are empty)."""
        table = PhraseTable.compile(catalog, intents)
        return cls(table, Cues.compile(catalog, intents.get("cues")), YearReader.of(catalog.schema))

    def read(self, tokens: Sequence[Token]) -> Found:
        """The phrases of a text: strong ones first, weak ones where no strong one names a value."""
        lattice = lattice_of(tokens, self._is_known, None)
        candidates = [*table_matches(lattice, self.table), *self._wishes(tokens)]
        found = chosen([match for match in map(_without_weak, candidates) if match], len(tokens))
        if not any(isinstance(meaning, FacetPhrase) for match in found for meaning in match.meanings):
            weak = chosen(beside(filter(_is_weak, candidates), found), len(tokens))
            found = _in_order(*found, *weak)
        return Found(_in_order(*found, *self.cues.named(tokens, found, self.table.lexicon)))

    def is_silent(self, token: Token) -> bool:
        """Whether a word need not be understood."""
        return self.table.lexicon.is_silent(token.form) or token.form in self.cues.words

    def _is_known(self, token: Token) -> bool:
        return self.table.knows(token) or self.is_silent(token)

    def _wishes(self, tokens: Sequence[Token]) -> list[PhraseMatch]:
        years = self.years.find(tokens, self.table.lexicon)
        wishes = [PhraseMatch(first, last, (wish,)) for first, last, wish in years]
        distance = find_distance(tokens, self.table.lexicon)
        if distance is not None:
            first, last, modifier = distance
            wishes.append(PhraseMatch(first, last, (modifier,)))
        return wishes


def _in_order(*matches: PhraseMatch) -> tuple[PhraseMatch, ...]:
    return tuple(sorted(matches, key=lambda match: match.first))


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

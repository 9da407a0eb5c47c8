"""What one app can read: its phrases, its grammar of wishes, the places of the world.

Compiled once for a catalogue and its ``intents.json``; safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from herenow.intent.cities import Cities
from herenow.intent.cues import Cues
from herenow.intent.gazetteer import Gazetteer
from herenow.intent.gluing import unglued
from herenow.intent.guessing import Guesses
from herenow.intent.lattice import Lattice, lattice_of
from herenow.intent.matching import PhraseMatch, beside, chosen, table_matches
from herenow.intent.model import Source
from herenow.intent.modifiers import find_distance
from herenow.intent.normalise import Token, singular
from herenow.intent.phrases import FacetPhrase, Meaning, PlacePhrase
from herenow.intent.speller import Speller
from herenow.intent.table import PhraseTable
from herenow.intent.vocabulary import Vocabulary
from herenow.intent.years import YearReader


@dataclass(frozen=True, slots=True)
class Found:
    """The words of a text, its phrases, not overlapping, and the positions of words that are negated."""

    tokens: tuple[Token, ...]
    matches: tuple[PhraseMatch, ...]
    negated: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Reader:
    """An app's compiled understanding."""

    table: PhraseTable
    cues: Cues
    years: YearReader
    guess: Guesses
    cities: Cities | None

    @classmethod
    def compile(cls, catalog: Vocabulary, intents: Mapping[str, Any]) -> Reader:
        """From a catalogue and ``intents.json`` (already validated; missing members are empty)."""
        table = PhraseTable.compile(catalog, intents)
        cues = Cues.compile(catalog, intents.get("cues"))
        guess = Guesses(Speller.compile(table.word_weights))
        cities = Cities.around(Gazetteer(), table.places) if catalog.schema.located else None
        return cls(table, cues, YearReader.of(catalog.schema), guess, cities)

    def read(self, tokens: Sequence[Token], *, country: str | None = None) -> Found:
        """The phrases of a text: strong ones first, weak ones where no strong one names a value."""
        tokens = unglued(tokens, self._is_word, self._is_whole)
        lattice = lattice_of(tokens, self._is_known, self.guess)
        candidates = [*table_matches(lattice, self.table), *self._wishes(tokens)]
        strong = list(filter(None, map(_strong, candidates)))
        found = chosen(strong, len(tokens))
        if self.cities is not None and not _names(found, PlacePhrase):
            bare = _bare(found, len(tokens))
            found = chosen([*strong, *self.cities.find(tokens, bare, country)], len(tokens))
        for kind in (FacetPhrase, PlacePhrase):
            if not _names(found, kind):
                faint = [match for match in candidates if _is_faintly(match, kind, lattice)]
                found = _in_order(*found, *chosen(beside(faint, found), len(tokens)))
        return Found(tokens, _in_order(*found, *self.cues.named(tokens, found, self.table.lexicon)))

    def is_silent(self, token: Token) -> bool:
        """Whether a word need not be understood."""
        return self.table.lexicon.is_silent(token.form) or token.form in self.cues.words

    def _is_known(self, token: Token) -> bool:
        return self.table.knows(token) or self.is_silent(token)

    def _is_word(self, form: str) -> bool:
        return self._is_known(Token(form, singular(form), 0, 0))

    def _is_whole(self, form: str) -> bool:
        """Whether a word that is not known is nevertheless one: a slip of another, or a city."""
        nearest = self.guess.speller.correct(form)
        if nearest is not None and nearest.distance == 1:
            return True
        return self.cities is not None and self.cities.knows(form)

    def _wishes(self, tokens: Sequence[Token]) -> list[PhraseMatch]:
        years = self.years.find(tokens, self.table.lexicon)
        wishes = [PhraseMatch(first, last, (wish,)) for first, last, wish in years]
        distance = find_distance(tokens, self.table.lexicon)
        if distance is not None:
            first, last, modifier = distance
            wishes.append(PhraseMatch(first, last, (modifier,)))
        return wishes


def _names(found: Sequence[PhraseMatch], kind: type[Meaning]) -> bool:
    return any(isinstance(each, kind) for match in found for each in match.meanings)


def _bare(found: Sequence[PhraseMatch], size: int) -> list[int]:
    """The positions at which nothing stands that was typed as it is."""
    taken = {at for match in found if match.certainty == 1.0 for at in range(match.first, match.last)}
    return [at for at in range(size) if at not in taken]


def _in_order(*matches: PhraseMatch) -> tuple[PhraseMatch, ...]:
    return tuple(sorted(matches, key=lambda match: match.first))


def _strong(match: PhraseMatch) -> PhraseMatch | None:
    """The match with the meanings that stand on their own, if it has any."""
    if match.faint:
        return None
    strong = tuple(each for each in match.meanings if not _is_weak(each))
    return replace(match, meanings=strong) if strong else None


def _is_faintly(match: PhraseMatch, kind: type[Meaning], lattice: Lattice) -> bool:
    """Whether it may mean something of that kind where nothing stronger does."""
    if match.faint and lattice.is_foreign:
        return False
    return any(isinstance(each, kind) and (match.faint or _is_weak(each)) for each in match.meanings)


def _is_weak(meaning: Meaning) -> bool:
    return isinstance(meaning, FacetPhrase) and meaning.source is Source.WEAK

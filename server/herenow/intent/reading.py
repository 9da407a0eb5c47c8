"""One text being read: from its words to the phrases that are kept of it.

Everything that a stretch of the text may mean is a candidate, from the phrase table and the grammar of
wishes. Those that are no readings fall out, the longest and surest of the others are kept. What they leave
is asked again, each time of less: words left alone with their neighbours respelt, the cities of the world,
hints, a geocoder, names that a cue announces, and what a tagger learned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from herenow.intent import grammar
from herenow.intent.cities import Cities
from herenow.intent.cues import Cues
from herenow.intent.geocoding import Geocoder
from herenow.intent.known_words import KnownWords
from herenow.intent.languages import Language
from herenow.intent.lattice import Lattice, lattice_of
from herenow.intent.locating import located
from herenow.intent.matching import PhraseMatch, beside, chosen, in_order, table_matches
from herenow.intent.misreadings import is_of_tags, is_silent, outside_places, positions_in_names
from herenow.intent.model import ModifierKind
from herenow.intent.normalise import Token, tokenise
from herenow.intent.phrases import FacetPhrase, Meaning, ModifierPhrase, PlacePhrase, is_weak
from herenow.intent.scripts import segmented
from herenow.intent.spelling.completing import completed
from herenow.intent.spelling.gluing import unglued
from herenow.intent.spelling.guessing import Guesses
from herenow.intent.table import PhraseTable
from herenow.intent.wishes import wishes
from herenow.intent.years import YearReader

_TO_THE_DEVICE: Final = frozenset({ModifierKind.NEAR_ME, ModifierKind.AREA})


@dataclass(frozen=True, slots=True)
class Found:
    """The words of a text and its phrases, which do not overlap.

    ``negated`` are the positions of words that the text does not want, ``signs`` of those that say so.
    """

    tokens: tuple[Token, ...]
    matches: tuple[PhraseMatch, ...]
    negated: frozenset[int] = frozenset()
    signs: frozenset[int] = frozenset()


Suggest = Callable[[str, Found, Language], Iterable[PhraseMatch]]
"""From a cleaned text and what was found in it to further matches, which touch none of these."""


@dataclass(frozen=True, slots=True, repr=False)
class Sources:
    """What an app knows: its phrases and their spellings, cues, dates, and the places of the world.

    ``tags`` are the facets whose values are words, not names; ``suggest`` adds what else a text may mean,
    such as what a tagger learned.
    """

    table: PhraseTable
    cues: Cues
    years: YearReader
    guess: Guesses
    tags: frozenset[str]
    cities: Cities | None
    geocoder: Geocoder | None = None
    suggest: Suggest | None = None


class Reading:
    """A cleaned text, read by the sources of an app in a language; ``country`` is the device's."""

    def __init__(self, sources: Sources, language: Language, cleaned: str, country: str | None) -> None:
        self._sources = sources
        self._language = language
        self._cleaned = cleaned
        self._country = country
        self._known = KnownWords(sources.table, sources.cues, sources.guess, sources.cities, language)
        self._tokens = self._words()
        self._told = grammar.candidates(self._tokens, language.grammar, cleaned)

    def found(self) -> Found:
        """The phrases that are kept, and what of the text is not wanted."""
        lattice = lattice_of(self._tokens, self._known.token, self._known.guesses)
        candidates, names = self._candidates(lattice)
        strong = list(filter(None, map(_strong, candidates)))
        found = chosen(strong, len(self._tokens))
        if any(_is_place(match) and not match.read_as for match in found):
            # A second place would not be kept: the guess at one may as well be meant as something else.
            strong = [match for match in strong if not (match.read_as and _is_place(match))]
            found = chosen(strong, len(self._tokens))
        found = self._with_orphans(strong, found, names)
        found = self._with_cities(candidates, strong, found)
        found = self._with_hints(candidates, found, lattice)
        found = self._with_misspelt_cities(found)
        found = _without_announcing(found)
        found = self._with_geocoded(found)
        found = in_order(*found, *self._sources.cues.named(self._tokens, found, self._language))
        return self._with_suggested(self._with_negations(found))

    def _words(self) -> tuple[Token, ...]:
        known, longest = self._known, self._sources.table.longest_unspaced
        cut = segmented(self._cleaned, tokenise(self._cleaned), known.form, longest)
        # German writes words as one by rule; its compounds are read as such, not taken for slips.
        return cut if self._language.nouns_have_capitals else unglued(cut, known.part, known.whole)

    def _candidates(self, lattice: Lattice) -> tuple[list[PhraseMatch], frozenset[int]]:
        """What may be meant, and the positions within proper names of others."""
        tokens, language, sources = self._tokens, self._language, self._sources
        years = (
            PhraseMatch(first, last, (wish,)) for first, last, wish in sources.years.find(tokens, language)
        )
        wished = wishes(self._told, located=sources.cities is not None)
        every = [*table_matches(lattice, sources.table), *wished, *years]
        names = positions_in_names(self._cleaned, tokens, language, every)
        kept = [
            match
            for match in every
            if not (match.first in names and is_of_tags(match, sources.tags))
            and not is_silent(match, tokens, language)
        ]
        return outside_places(kept, tokens, language), names

    def _with_orphans(
        self, strong: list[PhraseMatch], found: tuple[PhraseMatch, ...], names: frozenset[int]
    ) -> tuple[PhraseMatch, ...]:
        """With words that stand in phrases and completed none: ``strong`` grows by what completes them."""
        read = {at for match in found for at in match.positions} | names
        orphans = frozenset(
            at
            for at, token in enumerate(self._tokens)
            if at not in read and self._sources.table.knows(token) and not self._known.silent(token)
        )
        if not orphans:
            return found
        more = completed(self._tokens, orphans, self._sources.table, self._known.guesses)
        strong += filter(None, map(_strong, more))
        return chosen(strong, len(self._tokens))

    def _with_cities(
        self,
        candidates: Sequence[PhraseMatch],
        strong: Sequence[PhraseMatch],
        found: tuple[PhraseMatch, ...],
    ) -> tuple[PhraseMatch, ...]:
        """With the places of the world, where no place of the catalogue is named.

        A short word that may be a slip of a place of the catalogue is no town far away.
        """
        if self._sources.cities is None or _names(found, PlacePhrase):
            return found
        taken = {at for match in found if not match.read_as for at in match.positions}
        slips = (match for match in candidates if match.faint and _names((match,), PlacePhrase))
        taken.update(at for match in slips for at in match.positions)
        bare = [at for at in range(len(self._tokens)) if at not in taken]
        cities = self._sources.cities.find(self._tokens, bare, self._country)
        return chosen([*strong, *cities], len(self._tokens))

    def _with_hints(
        self, candidates: Sequence[PhraseMatch], found: tuple[PhraseMatch, ...], lattice: Lattice
    ) -> tuple[PhraseMatch, ...]:
        """With what is weak or faint, where nothing stronger names a value or a place."""
        for kind in (FacetPhrase, PlacePhrase):
            if not _names(found, kind):
                faint = [match for match in candidates if _is_faintly(match, kind, lattice)]
                found = in_order(*found, *chosen(beside(faint, found), len(self._tokens)))
        return found

    def _with_misspelt_cities(self, found: tuple[PhraseMatch, ...]) -> tuple[PhraseMatch, ...]:
        """With a city of the world that is spelt wrong, where the text can hardly mean anything else.

        Only words that a preposition of place announces are looked up, or a text as a whole that nothing else
        was made of.
        """
        if self._sources.cities is None or _names(found, PlacePhrase):
            return found
        taken = {at for match in found for at in match.positions}
        prepositions = self._language.prepositions
        asked = [
            at
            for at, token in enumerate(self._tokens)
            if at not in taken
            and not self._known.token(token)
            and (self._tokens[at - 1].form in prepositions if at else not found)
        ]
        cities = self._sources.cities.misspelt(self._tokens, asked, self._country)
        return in_order(*found, *chosen(beside(cities, found), len(self._tokens)))

    def _with_geocoded(self, found: tuple[PhraseMatch, ...]) -> tuple[PhraseMatch, ...]:
        geocoder = self._sources.geocoder
        if geocoder is None or _names(found, PlacePhrase):
            return found
        return in_order(*found, *located(self._tokens, found, self._language, geocoder, self._country))

    def _with_negations(self, found: tuple[PhraseMatch, ...]) -> Found:
        denied = grammar.negations_beside(self._tokens, self._language.grammar, self._told)
        negated = frozenset(at for each in denied for at in range(each.first, each.last))
        signs = frozenset(at for each in denied for at in range(each.sign, each.sign_end))
        return Found(self._tokens, found, negated, signs)

    def _with_suggested(self, found: Found) -> Found:
        if self._sources.suggest is None:
            return found
        more = self._sources.suggest(self._cleaned, found, self._language)
        return replace(found, matches=in_order(*found.matches, *more))


def _is_place(match: PhraseMatch) -> bool:
    return all(isinstance(each, PlacePhrase) for each in match.meanings)


def _names(found: Sequence[PhraseMatch], kind: type[Meaning]) -> bool:
    return any(isinstance(each, kind) for match in found for each in match.meanings)


def _without_announcing(found: Sequence[PhraseMatch]) -> tuple[PhraseMatch, ...]:
    """Without "near" and the like where it announces the place right behind it: that is where, not here."""
    places = {match.first for match in found if _names((match,), PlacePhrase)}
    return tuple(match for match in found if not (match.last in places and _means_here(match)))


def _means_here(match: PhraseMatch) -> bool:
    return any(isinstance(each, ModifierPhrase) and each.kind in _TO_THE_DEVICE for each in match.meanings)


def _strong(match: PhraseMatch) -> PhraseMatch | None:
    """The match with the meanings that stand on their own, if it has any."""
    if match.faint:
        return None
    if not any(map(is_weak, match.meanings)):
        return match
    strong = tuple(each for each in match.meanings if not is_weak(each))
    return replace(match, meanings=strong) if strong else None


def _is_faintly(match: PhraseMatch, kind: type[Meaning], lattice: Lattice) -> bool:
    """Whether it may mean something of that kind where nothing stronger does; no guess at a hint."""
    if match.faint and lattice.is_foreign:
        return False
    if match.certainty < 1.0 and all(map(is_weak, match.meanings)):
        return False
    return any(isinstance(each, kind) and (match.faint or is_weak(each)) for each in match.meanings)

"""What one app can read: its phrases, its grammar of wishes, the places of the world.

Compiled once for a catalogue and its ``intents.json``; safe to share between threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.catalog.schema import CatalogSchema, FacetType
from herenow.intent import grammar
from herenow.intent.capitals import named_things
from herenow.intent.cities import Cities
from herenow.intent.compiled import CompiledPhrases
from herenow.intent.cues import Cues
from herenow.intent.geocoding import Geocoder
from herenow.intent.labels import compile_labels
from herenow.intent.languages import Language, Languages
from herenow.intent.lattice import Lattice, lattice_of
from herenow.intent.locating import located
from herenow.intent.matching import PhraseMatch, beside, chosen, table_matches
from herenow.intent.model import ModifierKind
from herenow.intent.normalise import Token, singular, tokenise
from herenow.intent.phrases import FacetPhrase, Meaning, ModifierPhrase, PlacePhrase, is_weak
from herenow.intent.scripts import segmented
from herenow.intent.spelling.completing import completed
from herenow.intent.spelling.gluing import unglued
from herenow.intent.spelling.guessing import Guesses
from herenow.intent.table import PhraseTable
from herenow.intent.vocabulary import Vocabulary
from herenow.intent.wishes import wishes
from herenow.intent.world import EARTH, World
from herenow.intent.years import YearReader

_SHORTEST_GLUED: Final = 3
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
class Reader:
    """An app's compiled understanding."""

    table: PhraseTable
    languages: Languages
    cues: Cues
    years: YearReader
    guess: Guesses
    tags: frozenset[str]
    cities: Cities | None
    geocoder: Geocoder | None = None
    suggest: Suggest | None = None
    """What else a text may mean beside what was found, such as what a tagger learned."""

    @classmethod
    def compile(cls, catalog: Vocabulary, intents: Mapping[str, Any], world: World = EARTH) -> Reader:
        """From a catalogue and ``intents.json`` (already validated; missing members are empty)."""
        return cls.of(CompiledPhrases.compile(catalog, intents), catalog.schema, intents, world)

    @classmethod
    def of(
        cls,
        phrases: CompiledPhrases,
        schema: CatalogSchema,
        intents: Mapping[str, Any],
        world: World = EARTH,
    ) -> Reader:
        """Of phrases compiled before from the catalogue of this schema and these intents."""
        table = PhraseTable.of(phrases.entries, compile_labels(intents))
        return cls(
            table=table,
            languages=Languages(schema),
            cues=Cues.compile(schema, table.usual_length, intents.get("cues")),
            years=YearReader.of(schema),
            tags=frozenset(facet.name for facet in schema.facets if facet.type is FacetType.TAGS),
            guess=Guesses(phrases.inflections(schema), phrases.speller),
            cities=Cities.around(world.gazetteer, table.places) if schema.located else None,
            geocoder=world.geocoder if schema.located else None,
        )

    def read(self, cleaned: str, language: Language, *, country: str | None = None) -> Found:
        """The phrases of a cleaned text: strong ones first, weak ones where no strong one names a value."""
        known = _Known(self, language)
        cut = segmented(cleaned, tokenise(cleaned), known.form, self.table.longest_unspaced)
        # German writes words as one by rule; its compounds are read as such, not taken for slips.
        tokens = cut if language.nouns_have_capitals else unglued(cut, known.word, self._is_whole)
        lattice = lattice_of(tokens, known.token, self.guess)
        told = grammar.candidates(tokens, language.grammar, cleaned)
        wished = [*wishes(told, located=self.cities is not None), *self._years(tokens, language)]
        candidates = [*table_matches(lattice, self.table), *wished]
        things = named_things(cleaned, tokens)
        if language.nouns_have_capitals:
            things |= named_things(cleaned, tokens, nouns_have_capitals=True)
        names = _names_of_others(things, candidates) if things else frozenset()
        candidates = [
            match
            for match in candidates
            if not (self._is_a_tag(match) and match.first in names)
            and not _is_silent(match, tokens, language)
        ]
        candidates = _outside_places(candidates, tokens, language)
        strong = list(filter(None, map(_strong, candidates)))
        found = chosen(strong, len(tokens))
        if orphans := self._orphans(tokens, found, language) - names:
            strong += filter(None, map(_strong, completed(tokens, orphans, self.table, self.guess)))
            found = chosen(strong, len(tokens))
        if self.cities is not None and not _names(found, PlacePhrase):
            bare = _bare(found, len(tokens))
            found = chosen([*strong, *self.cities.find(tokens, bare, country)], len(tokens))
        for kind in (FacetPhrase, PlacePhrase):
            if not _names(found, kind):
                faint = [match for match in candidates if _is_faintly(match, kind, lattice)]
                found = _in_order(*found, *chosen(beside(faint, found), len(tokens)))
        found = _without_announcing(found)
        if self.geocoder is not None and not _names(found, PlacePhrase):
            found = _in_order(*found, *located(tokens, found, language, self.geocoder, country))
        found = _in_order(*found, *self.cues.named(tokens, found, language))
        denied = grammar.negations_beside(tokens, language.grammar, told)
        negated = frozenset(at for each in denied for at in range(each.first, each.last))
        signs = frozenset(at for each in denied for at in range(each.sign, each.sign_end))
        read = Found(tokens, found, negated, signs)
        if self.suggest is None:
            return read
        return replace(read, matches=_in_order(*found, *self.suggest(cleaned, read, language)))

    def is_silent(self, token: Token, language: Language) -> bool:
        """Whether a word need not be understood."""
        return language.is_silent(token.form) or token.form in self.cues.words

    def _is_a_tag(self, match: PhraseMatch) -> bool:
        return all(isinstance(each, FacetPhrase) and each.facet in self.tags for each in match.meanings)

    def _orphans(
        self, tokens: Sequence[Token], found: Sequence[PhraseMatch], language: Language
    ) -> frozenset[int]:
        """Words that stand in phrases and completed none."""
        read = {at for match in found for at in range(match.first, match.last)}
        return frozenset(
            at
            for at, token in enumerate(tokens)
            if at not in read and self.table.knows(token) and not self.is_silent(token, language)
        )

    def _is_whole(self, form: str) -> bool:
        """Whether a word that is not known is nevertheless one: a slip of another, or a city."""
        nearest = self.guess.speller.correct(form)
        if nearest is not None and nearest.distance == 1:
            return True
        return self.cities is not None and self.cities.knows(form)

    def _years(self, tokens: Sequence[Token], language: Language) -> Iterator[PhraseMatch]:
        for first, last, wish in self.years.find(tokens, language):
            yield PhraseMatch(first, last, (wish,))


@dataclass(frozen=True, slots=True)
class _Known:
    """Which words need no guessing: those of the app and of the language."""

    reader: Reader
    language: Language

    def token(self, token: Token) -> bool:
        """Whether a word is one of them."""
        return self._tells(token) or self.language.is_ordinary(token.form, token.stem)

    def form(self, form: str) -> bool:
        """Whether a form says something to the app."""
        return self._tells(Token(form, singular(form), 0, 0))

    def word(self, form: str) -> bool:
        """Whether a form may stand glued to another: of two letters only "in" and the like."""
        if len(form) < _SHORTEST_GLUED and form.isascii():
            return self.language.is_silent(form)
        return self.form(form)

    def _tells(self, token: Token) -> bool:
        return (
            self.reader.table.knows(token)
            or self.language.knows(token.form, token.stem)
            or token.form in self.reader.cues.words
        )


def _names(found: Sequence[PhraseMatch], kind: type[Meaning]) -> bool:
    return any(isinstance(each, kind) for match in found for each in match.meanings)


def _without_announcing(found: Sequence[PhraseMatch]) -> tuple[PhraseMatch, ...]:
    """Without "near" and the like where it announces the place right behind it: that is where, not here."""
    places = {match.first for match in found if _names((match,), PlacePhrase)}
    return tuple(match for match in found if not (match.last in places and _means_here(match)))


def _means_here(match: PhraseMatch) -> bool:
    return any(isinstance(each, ModifierPhrase) and each.kind in _TO_THE_DEVICE for each in match.meanings)


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


def _is_silent(match: PhraseMatch, tokens: Sequence[Token], language: Language) -> bool:
    """Whether words without content are taken for a value: German "hat" for hats."""
    if not any(isinstance(each, FacetPhrase) for each in match.meanings):
        return False
    return all(language.is_silent(token.form) for token in tokens[match.first : match.last])


def _outside_places(
    candidates: list[PhraseMatch], tokens: Sequence[Token], language: Language
) -> list[PhraseMatch]:
    """Without guesses at single words of what is said to be a place: "beacon hill" after "in" is no bacon."""
    guesses = [match for match in candidates if match.read_as and match.length == 1]
    if not any(isinstance(each, FacetPhrase) for match in guesses for each in match.meanings):
        return candidates
    typed = {at for match in candidates if not match.read_as for at in range(match.first, match.last)}
    places = grammar.places_named(tokens, language.grammar, typed)
    within = {at for place in places if place.last - place.first > 1 for at in range(place.first, place.last)}
    return [match for match in candidates if match not in guesses or match.first not in within]


def _names_of_others(things: frozenset[int], candidates: Sequence[PhraseMatch]) -> frozenset[int]:
    """Positions within the proper name of something that is not ours: "palace" in "Palace of Holyroodhouse".

    A run of capitals names such a thing when some word of it is unknown, a single word told by its neighbour
    always does.
    """
    read = {at for match in candidates if not match.read_as for at in range(match.first, match.last)}
    runs = (run for run in _runs(things) if len(run) == 1 or not read.issuperset(run))
    return frozenset(at for run in runs for at in run)


def _runs(positions: Iterable[int]) -> Iterator[range]:
    """Positions that follow each other."""
    first = last = -1
    for at in sorted(positions):
        if at != last:
            if last > first:
                yield range(first, last)
            first = at
        last = at + 1
    if last > first:
        yield range(first, last)

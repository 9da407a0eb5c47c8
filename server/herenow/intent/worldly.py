"""The world's words for what a catalogue has: "hamburguesa" for its value "burger".

Only tags are translated: a title or a name that happens to be a common word is still a name. A language that
the app does not speak counts for less, since its words may mean something else in one that it does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from herenow.catalog.schema import CatalogSchema, FacetType
from herenow.intent import general
from herenow.intent.model import Source
from herenow.intent.normalise import phrase_key, stemmed
from herenow.intent.phrases import FacetPhrase
from herenow.intent.vocabulary import Vocabulary

FOREIGN: Final = 0.9
"""Of its weight keeps a phrase in a language that the app does not speak."""
_NAME: Final = 0.9
"""The weight of a concept's name."""
_BY_PARTS: Final = 0.75
"""Of a value that names a concept with one of its parts ("coffee and tea")."""
_LEAST_HINT: Final = 0.45
"""The weight below which a hint is shared by too many concepts to mean one."""
_SHORTEST_FOREIGN: Final = 4
"""Latin letters; shorter words of other languages are too often words of ours."""


class Worldly(NamedTuple):
    """Folded words that name a value; ``foreign`` when the app does not speak their ``language``."""

    key: str
    phrase: FacetPhrase
    language: str
    foreign: bool


def worldly_phrases(catalog: Vocabulary) -> Iterator[Worldly]:
    """What the world calls the values of the catalogue."""
    spoken = languages_of(catalog.schema)
    for facet in catalog.schema.facets:
        if facet.intent and facet.type is FacetType.TAGS:
            for value in catalog.facet_values(facet.name):
                yield from _phrases_of(facet.name, value, catalog.items_of(facet.name, value), spoken)


def languages_of(schema: CatalogSchema) -> frozenset[str]:
    """The languages of the app's locales, and English, in which most catalogues are tagged."""
    return frozenset({"en", *(locale.partition("-")[0].lower() for locale in schema.locales)})


def _phrases_of(facet: str, value: str, items: int, spoken: Collection[str]) -> Iterator[Worldly]:
    """Of the phrases of one form the surest."""
    kept: dict[str, Worldly] = {}
    for concept in general.named(value):
        phrases = [(phrase_key(phrase.text), phrase) for phrase in general.phrases(concept)]
        called = _called(value, phrases)
        for key, phrase in phrases:
            language = phrase.language.partition("-")[0].lower()
            foreign = language not in spoken
            if not _counts(key, phrase, foreign=foreign):
                continue
            weight = round(phrase.weight * called * (FOREIGN if foreign else 1.0), 3)
            source = Source.WEAK if phrase.is_weak else Source.GENERAL
            told = Worldly(key, FacetPhrase(facet, value, weight, source, items), language, foreign)
            if key not in kept or kept[key].phrase.weight < weight:
                kept[key] = told
    yield from kept.values()


def _called(value: str, phrases: Sequence[tuple[str, general.ConceptPhrase]]) -> float:
    """How well a value names a concept, 1 for its name: of two values the one called so goes first."""
    own = stemmed(phrase_key(value))
    surest = max((phrase.weight for key, phrase in phrases if stemmed(key) == own), default=_BY_PARTS)
    return min(surest / _NAME, 1.0)


def _counts(key: str, phrase: general.ConceptPhrase, *, foreign: bool) -> bool:
    """Whether a phrase tells enough: no hints in foreign languages, no short foreign word, no faint hint."""
    if phrase.is_weak:
        return not foreign and phrase.weight >= _LEAST_HINT
    return bool(key) and not (foreign and key.isascii() and len(key) < _SHORTEST_FOREIGN)

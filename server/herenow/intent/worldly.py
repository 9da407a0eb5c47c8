"""The world's words for what a catalogue has: "hamburguesa" for its value "burger".

Only tags are translated: a title or a name that happens to be a common word is still a name. A language that
the app does not speak counts for less, since its words may mean something else in one that it does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from herenow.catalog.schema import CatalogSchema, FacetType
from herenow.intent import general
from herenow.intent.model import Source
from herenow.intent.phrases import FacetPhrase
from herenow.intent.vocabulary import Vocabulary

FOREIGN: Final = 0.9
"""Of its weight keeps a phrase in a language that the app does not speak."""
_SHORTEST_FOREIGN: Final = 4
"""Latin letters; shorter words of other languages are too often words of ours."""


class Worldly(NamedTuple):
    """Words that name a value; ``foreign`` when they are of a language that the app does not speak."""

    text: str
    phrase: FacetPhrase
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
    for concept in general.named(value):
        for phrase in general.phrases(concept):
            foreign = phrase.language.partition("-")[0].lower() not in spoken
            if foreign and phrase.text.isascii() and len(phrase.text) < _SHORTEST_FOREIGN:
                continue
            weight = round(phrase.weight * (FOREIGN if foreign else 1.0), 3)
            source = Source.WEAK if phrase.is_weak else Source.GENERAL
            yield Worldly(phrase.text, FacetPhrase(facet, value, weight, source, items), foreign)

"""What one app can read: its phrases, its grammar of wishes, the places of the world.

Compiled once for a catalogue and its ``intents.json``; safe to share between threads. ``reading`` tells how a
text is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from herenow.catalog.schema import CatalogSchema, FacetType
from herenow.intent.cities import Cities
from herenow.intent.compiled import CompiledPhrases
from herenow.intent.cues import Cues
from herenow.intent.labels import compile_labels
from herenow.intent.languages import Language, Languages
from herenow.intent.normalise import Token
from herenow.intent.reading import Found, Reading, Sources, Suggest
from herenow.intent.spelling.guessing import Guesses
from herenow.intent.table import PhraseTable
from herenow.intent.vocabulary import Vocabulary
from herenow.intent.world import EARTH, World
from herenow.intent.years import YearReader

__all__ = ["Found", "Reader", "Suggest"]


@dataclass(frozen=True, slots=True, repr=False)
class Reader:
    """An app's compiled understanding."""

    languages: Languages
    sources: Sources

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
        sources = Sources(
            table=table,
            cues=Cues.compile(schema, table.usual_length, intents.get("cues")),
            years=YearReader.of(schema),
            guess=Guesses(phrases.inflections(schema), phrases.speller),
            tags=frozenset(facet.name for facet in schema.facets if facet.type is FacetType.TAGS),
            cities=Cities.around(world.gazetteer, table.places) if schema.located else None,
            geocoder=world.geocoder if schema.located else None,
        )
        return cls(Languages(schema), sources)

    @property
    def table(self) -> PhraseTable:
        """The phrases of the app."""
        return self.sources.table

    def suggesting(self, suggest: Suggest | None) -> Reader:
        """The same reader with another adviser, or with none."""
        return replace(self, sources=replace(self.sources, suggest=suggest))

    def read(self, cleaned: str, language: Language, *, country: str | None = None) -> Found:
        """The phrases of a cleaned text."""
        return Reading(self.sources, language, cleaned, country).found()

    def is_silent(self, token: Token, language: Language) -> bool:
        """Whether a word need not be understood."""
        return language.is_silent(token.form) or token.form in self.sources.cues.words

"""The compiled phrases of an app as bytes: what takes seconds to make opens in a fraction of one.

A container (``catalog.artefact``) with the phrases as compressed JSON, each place told once, and the
speller's index. ``FORMAT`` is part of what names an artefact: another one is compiled anew, never read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

import orjson

from herenow.catalog.artefact import Artefact, ArtefactDamaged, write_artefact
from herenow.catalog.schema import CatalogSchema, FacetType
from herenow.intent.entries import Entry, entries_of
from herenow.intent.model import Source
from herenow.intent.phrases import FacetPhrase, Meaning, PlacePhrase, StopPhrase
from herenow.intent.places import KnownPlace
from herenow.intent.spelling.inflection import Inflections
from herenow.intent.spelling.speller import Speller
from herenow.intent.vocabulary import Vocabulary

FORMAT: Final = 2
"""Raised when the layout, a rule of compiling or a packaged vocabulary changes."""

_FACET, _PLACE, _STOP = range(3)
_LEVEL: Final = 6
_SOURCES: Final = {source.value: source for source in Source}


@dataclass(frozen=True, slots=True, repr=False)
class CompiledPhrases:
    """Every phrase of an app, and the speller of their words."""

    entries: tuple[Entry, ...]
    speller: Speller

    @classmethod
    def compile(cls, catalog: Vocabulary, intents: Mapping[str, Any]) -> CompiledPhrases:
        """From a catalogue and ``intents.json`` (already validated; missing members are empty)."""
        entries = tuple(entries_of(catalog, intents))
        return cls(entries, Speller.compile(_word_weights(entries)))

    def inflections(self, schema: CatalogSchema) -> Inflections:
        """Other forms of the words of tags, by the language that they are of, else the app's first."""
        own = schema.locales[0].partition("-")[0].lower()
        tags = {facet.name for facet in schema.facets if facet.type is FacetType.TAGS}
        told = {
            (word, entry.language or own): None
            for entry in self.entries
            if isinstance(entry.meaning, FacetPhrase) and entry.meaning.facet in tags
            for word in entry.phrase.split(" ")
        }
        return Inflections.of(told)

    def to_bytes(self) -> bytes:
        """Equal phrases give equal bytes."""
        places: dict[KnownPlace, int] = {}
        rows = [_row(entry, places) for entry in self.entries]
        told = orjson.dumps({"places": [astuple(place) for place in places], "rows": rows})
        sections = {"phrases": zlib.compress(told, _LEVEL), "speller": self.speller.to_bytes()}
        return write_artefact({"kind": "phrases", "format": FORMAT}, sections)

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> CompiledPhrases:
        """Open what ``to_bytes`` gave. Raises ``ArtefactDamaged``."""
        artefact = Artefact(memoryview(content))
        if artefact.meta.get("format") != FORMAT:
            raise ArtefactDamaged("The phrases are of another format", detail="Compile them again.")
        told = orjson.loads(zlib.decompress(artefact.blob("phrases")))
        places = [_place(row) for row in told["places"]]
        speller = Speller.from_bytes(artefact.blob("speller"))
        return cls(tuple(_entries(told["rows"], places)), speller)


def _word_weights(entries: Iterable[Entry]) -> dict[str, float]:
    """Every word of a phrase of the app's own languages, by how many phrases have it."""
    weights: dict[str, float] = {}
    for phrase in dict.fromkeys(entry.phrase for entry in entries if not entry.foreign):
        for word in phrase.split(" "):
            weights[word] = weights.get(word, 0.0) + 1.0
    return weights


def _row(entry: Entry, places: dict[KnownPlace, int]) -> list[Any]:
    match entry.meaning:
        case FacetPhrase(facet, value, weight, source, items):
            return [
                _FACET,
                entry.phrase,
                int(entry.foreign),
                entry.language,
                facet,
                value,
                weight,
                source.value,
                items,
            ]
        case PlacePhrase(place, weight, source, _):
            at = places.setdefault(place, len(places))
            return [_PLACE, entry.phrase, int(entry.foreign), entry.language, at, weight, source.value]
        case StopPhrase():
            return [_STOP, entry.phrase, int(entry.foreign), entry.language]
        case other:
            raise TypeError(f"{other} is no meaning of a phrase")


def _entries(rows: Iterable[Sequence[Any]], places: Sequence[KnownPlace]) -> Iterator[Entry]:
    for kind, phrase, foreign, language, *told in rows:
        yield Entry(phrase, _meaning(kind, told, places), bool(foreign), language)


def _meaning(kind: int, told: Sequence[Any], places: Sequence[KnownPlace]) -> Meaning:
    if kind == _FACET:
        facet, value, weight, source, items = told
        return FacetPhrase(facet, value, weight, _SOURCES[source], items)
    if kind == _PLACE:
        at, weight, source = told
        return PlacePhrase(places[at], weight, _SOURCES[source])
    return StopPhrase()


def _place(row: Sequence[Any]) -> KnownPlace:
    name, facet, values, *others = row
    return KnownPlace(name, facet, tuple(values), *others)

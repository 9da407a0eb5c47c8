"""The places that a search may name: what the catalogue serves, and what the app adds to it.

A gazetteer of the world does not know the neighbourhoods people search by; the catalogue does, down
to "Kandivali" for its west and its east. Here each place gets the names that people type for it:
"Kandivali (W)" or "West Kandivali" for "Kandivali West", "Dadar" for "Dadar Station".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from herenow.catalog.schema import DEFAULT_RADIUS_M
from herenow.intent.lexicon import Lexicon
from herenow.intent.normalise import fold, forms
from herenow.intent.vocabulary import Vocabulary, VocabularyPlace
from herenow.text import clean_text

NAME_WEIGHT = 0.98
"""A place's own name, or the app's name for it."""
ALIAS_WEIGHT = 0.95
"""A short form, such as "(w)" for "west"."""
SHARED_WEIGHT = 0.9
"""A name for several places of the catalogue together."""

_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that can be searched in; ``IntentPlace`` tells what its members mean."""

    name: str
    facet: str | None
    values: tuple[str, ...]
    lat_e6: int | None
    lon_e6: int | None
    radius_m: int
    items: int = 0
    parent: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place under one of its names, as tokens; ``weight`` says how surely the name means it."""

    key: tuple[str, ...]
    place: KnownPlace
    weight: float


def named_places(catalog: Vocabulary, declared: Iterable[Any], lexicon: Lexicon) -> Iterator[NamedPlace]:
    """Every name of every place, the catalogue's first; names too short or too common are left out."""
    for served in catalog.places:
        facet = catalog.schema.facet(served.facet)
        if facet is not None and facet.intent:
            yield from _names(_from_catalog(served), (), lexicon)
    for raw in declared:
        if isinstance(raw, Mapping) and (place := _declared(raw)):
            yield from _names(place, raw.get("aliases") or (), lexicon)


def _from_catalog(place: VocabularyPlace) -> KnownPlace:
    return KnownPlace(
        place.name,
        place.facet,
        tuple(place.values),
        place.lat_e6,
        place.lon_e6,
        place.radius_m,
        place.items,
        place.parent,
    )


def _declared(raw: Mapping[str, Any]) -> KnownPlace | None:
    name, lat, lon = clean_text(raw.get("name")), raw.get("lat"), raw.get("lon")
    if not name or not isinstance(lat, (int, float)) or not isinstance(lon, (int, float)):
        return None
    return KnownPlace(
        name,
        raw.get("facet"),
        tuple(raw.get("values") or ()),
        round(lat * 1_000_000),
        round(lon * 1_000_000),
        int(raw.get("radius_m") or DEFAULT_RADIUS_M),
        parent=raw.get("parent"),
        country=raw.get("country"),
    )


def _names(place: KnownPlace, aliases: Iterable[Any], lexicon: Lexicon) -> Iterator[NamedPlace]:
    own, weight = forms(place.name), SHARED_WEIGHT if len(place.values) > 1 else NAME_WEIGHT
    names = [(own, weight), *((forms(alias), weight) for alias in aliases)]
    names += [(variant, min(weight, ALIAS_WEIGHT)) for variant in _variants(own, lexicon)]
    seen: set[tuple[str, ...]] = set()
    for key, surety in names:
        if key not in seen and _is_usable(key, lexicon):
            seen.add(key)
            yield NamedPlace(key, place, surety)


def _variants(key: tuple[str, ...], lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    """``kandivali west`` → ``kandivali w``, ``west kandivali``, ``kandivali west station``."""
    plain = tuple(word for word in key if word not in lexicon.function_words)
    yield plain
    if len(plain) > 1 and plain[-1] in lexicon.place_suffixes:
        plain, own_suffix = plain[:-1], plain[-1]
        yield plain
        if short := lexicon.compass.get(plain[-1]):
            yield (*plain[:-1], short, own_suffix)
    yield from ((*plain, suffix) for suffix in lexicon.place_suffixes)
    if len(plain) > 1 and (short := lexicon.compass.get(plain[-1])):
        yield (*plain[:-1], short)
        yield (plain[-1], *plain[:-1])


def _is_usable(key: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Names of three Latin letters or fewer, or of function words alone, would match by accident."""
    letters = "".join(key)
    common = all(lexicon.is_silent(word) or word in lexicon.compass for word in key)
    return not common and not (letters.isascii() and len(letters) < _SHORTEST_NAME)


def same_name(one: str, other: str) -> bool:
    """Whether two names compare equal when people type them."""
    return fold(clean_text(one)) == fold(clean_text(other))

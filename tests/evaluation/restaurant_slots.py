"""Our reading of a search for restaurants as the slots of MIT Restaurant: wishes, packaged words, guesses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from tests.evaluation.restaurant_conventions import as_labelled
from tests.evaluation.restaurant_spans import Span

from herenow.catalog.schema import CatalogSchema
from herenow.intent import general
from herenow.intent.grammar import (
    Frame,
    FrameKind,
    Grammar,
    NamedPlace,
    candidates,
    frames,
    grown,
    places_named,
)
from herenow.intent.lexicon import ENGLISH
from herenow.intent.model import ModifierKind
from herenow.intent.normalise import Token, tokenise
from herenow.intent.phrases import FacetPhrase, Meaning, ModifierPhrase, PlacePhrase, StopPhrase, weight_of
from herenow.intent.reader import Found, Reader

APP = MappingProxyType(
    {
        "facets": {
            "food": {"type": "tags", "column": "foods", "intent": True},
            "area": {"type": "place", "column": "area", "lat": "lat", "lon": "lon", "intent": True},
            "price": {
                "type": "number",
                "column": "price",
                "bands": {"cheap": [0, 20], "mid": [20, 60], "high": [60, None]},
            },
            "rating": {"type": "number", "column": "rating", "role": "quality"},
        }
    }
)
INTENTS = MappingProxyType(
    {
        "stop_words": [
            "restaurant",
            "food",
            "eatery",
            "dining",
            "place to eat",
            "to eat",
            "shop",
            "store",
            "menu",
        ]
    }
)
"""What an app for restaurants would say: words that everything in it is called."""
_SLOTS = MappingProxyType(
    {
        ModifierKind.PRICE: "Price",
        ModifierKind.BAND: "Price",
        ModifierKind.RATING: "Rating",
        ModifierKind.POPULARITY: "Rating",
        ModifierKind.FRESHNESS: "Amenity",
        ModifierKind.DISTANCE: "Location",
        ModifierKind.NEAR_ME: "Location",
        ModifierKind.AREA: "Location",
        ModifierKind.ROUTE: "Location",
        ModifierKind.NEAR_SPOT: "Location",
        ModifierKind.OPEN_NOW: "Hours",
        ModifierKind.HOURS: "Hours",
        ModifierKind.DAYPART: "Hours",
        ModifierKind.DIET: "Cuisine",
        ModifierKind.PARTY: "Amenity",
        ModifierKind.AUDIENCE: "Amenity",
        ModifierKind.AMENITY: "Amenity",
    }
)
_FRAME_SLOTS = MappingProxyType(
    {
        FrameKind.THING: "Dish",
        FrameKind.SORT: "Cuisine",
        FrameKind.HOUSE: "Cuisine",
        FrameKind.NAME: "Restaurant_Name",
    }
)
_LEFT_OUT = frozenset({"in", "on", "at", "of", "for", "to", "from", "off", "along", "inside"})
_NO_SLOT = ""
_PEOPLE = re.compile("(?:an|ese|ish|ern|ch|ic|cajun|creole)$")
_FOOD = frozenset({"Cuisine", "Dish"})
_HOUSES = frozenset({"shop", "food", "store", "takeout"})
_EATEN_OUT = frozenset(
    {"restaurant", "cafe", "fast_food", "bar", "pub", "biergarten", "food_court", "ice_cream"}
)
_FOOD_SHOPS = frozenset({"bakery", "coffee", "seafood", "pastry", "confectionery", "wine", "cheese", "deli"})


class Part(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) and their slot."""

    first: int
    last: int
    slot: str


def slots(text: str) -> list[Span]:
    """The slots of a search."""
    reader = app_reader()
    found = reader.read(text, reader.languages.own)
    parts = read_parts(found)
    spans = [
        Span(part.slot, found.tokens[part.first].start, found.tokens[part.last - 1].end) for part in parts
    ]
    return as_labelled(text, spans)


def read_parts(found: Found) -> list[Part]:
    """What the reader understands, then what is guessed beside it."""
    tokens, grammar = found.tokens, app_reader().languages.own.grammar
    kept = [Part(match.first, match.last, _slot(match.meanings)) for match in found.matches]
    kept = _with_names(tokens, kept)
    for place in places_named(tokens, grammar, _positions(kept)):
        start = _start_of(place, tokens)
        kept = [part for part in kept if not start <= part.first < place.first]
        kept.append(Part(start, place.last, "Location"))
    for frame in frames(tokens, grammar, _positions(kept)):
        kept.append(_guess(frame, tokens))
    return sorted(part for part in kept if part.slot != _NO_SLOT)


def _slot(meanings: Sequence[Meaning]) -> str:
    """The slot of a match: what the surest of its meanings is, unless its words mean nothing here."""
    if any(isinstance(each, StopPhrase) for each in meanings):
        return _NO_SLOT
    match max(meanings, key=weight_of):
        case FacetPhrase():
            return "Cuisine"
        case PlacePhrase():
            return "Location"
        case ModifierPhrase(kind):
            return _SLOTS.get(kind, _NO_SLOT)
        case _:
            return _NO_SLOT


def _guess(frame: Frame, tokens: Sequence[Token]) -> Part:
    """What is unknown before a word for a house is its name, unless it sounds like a people."""
    if frame.kind is FrameKind.HOUSE and not _PEOPLE.search(tokens[frame.last - 1].form):
        return Part(frame.first, frame.last + 1, "Restaurant_Name")
    return Part(frame.first, frame.last, _FRAME_SLOTS[frame.kind])


def _with_names(tokens: Sequence[Token], parts: list[Part]) -> list[Part]:
    """Foods with the unknown words beside them that make a name or a dish of both."""
    foods = [(part.first, part.last) for part in parts if part.slot in _FOOD]
    frames_ = grown(tokens, app_reader().languages.own.grammar, foods, _positions(parts))
    swallowed = [part for part in parts if any(each.first <= part.first < each.last for each in frames_)]
    names = [Part(each.first, each.last, _FRAME_SLOTS[each.kind]) for each in frames_]
    return [part for part in parts if part not in swallowed] + names


def _start_of(place: NamedPlace, tokens: Sequence[Token]) -> int:
    """The labels have "near Canton" and "around Canton" whole, and "Canton" of "in Canton"."""
    return place.first if tokens[place.announced].form in _LEFT_OUT else place.announced


def _positions(parts: Sequence[Part]) -> frozenset[int]:
    return frozenset(at for part in parts for at in range(part.first, part.last))


@cache
def app_reader() -> Reader:
    """Of an app that serves every food of the general vocabulary."""
    return Reader.compile(Foods(_food_values(), CatalogSchema.from_app(dict(APP))), INTENTS)


@dataclass(frozen=True)
class Foods:
    """A catalogue that has one item of every food of the general vocabulary, nowhere."""

    values: tuple[str, ...]
    schema: CatalogSchema
    places: tuple[()] = ()

    def facet_values(self, name: str) -> tuple[str, ...]:
        """The foods, by their English names."""
        return self.values if name == "food" else ()

    def items_of(self, facet: str, value: str) -> int:
        """One of each."""
        return int(value in self.facet_values(facet))


def _food_values() -> tuple[str, ...]:
    """By their English names; what the grammar reads as a wish ("Breakfast", "Buffet") is no food here."""
    names = (_name(concept) for concept in general.all_concepts() if _is_food(concept))
    grammar = Grammar.compile(CatalogSchema.from_app(dict(APP)), [ENGLISH])
    foods = (name for name in names if name is not None and name.lower() not in _HOUSES)
    return tuple(name for name in dict.fromkeys(foods) if not _is_a_wish(tokenise(name), grammar))


def _is_a_wish(tokens: Sequence[Token], grammar: Grammar) -> bool:
    return any((each.first, each.last) == (0, len(tokens)) for each in candidates(tokens, grammar))


def _name(concept: general.Concept) -> str | None:
    return next((phrase.text for phrase in general.phrases(concept, ["en"])), None)


def _is_food(concept: general.Concept) -> bool:
    key, value = concept.tags[0] if concept.tags else ("", "")
    if key == "cuisine":
        return True
    if (key == "amenity" and value in _EATEN_OUT) or (key == "shop" and value in _FOOD_SHOPS):
        return len(concept.tags) > 1 or value != "restaurant"
    return False

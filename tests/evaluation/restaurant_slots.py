"""Our reading of a search for restaurants as the slots of MIT Restaurant: wishes, packaged words, guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    WishKind,
    candidates,
    frames,
    grown,
    places_named,
)
from herenow.intent.lexicon import ENGLISH
from herenow.intent.normalise import Token, singular, tokenise

APP = MappingProxyType(
    {
        "facets": {
            "price": {
                "type": "number",
                "column": "price",
                "bands": {"cheap": [0, 20], "mid": [20, 60], "high": [60, None]},
            },
            "rating": {"type": "number", "column": "rating", "role": "quality"},
        }
    }
)
_SLOTS = MappingProxyType(
    {
        WishKind.PRICE: "Price",
        WishKind.BAND: "Price",
        WishKind.RATING: "Rating",
        WishKind.POPULARITY: "Rating",
        WishKind.FRESHNESS: "Amenity",
        WishKind.DISTANCE: "Location",
        WishKind.NEAR_ME: "Location",
        WishKind.AREA: "Location",
        WishKind.ROUTE: "Location",
        WishKind.NEAR_SPOT: "Location",
        WishKind.OPEN_NOW: "Hours",
        WishKind.HOURS: "Hours",
        WishKind.DAYPART: "Hours",
        WishKind.DIET: "Cuisine",
        WishKind.PARTY: "Amenity",
        WishKind.AUDIENCE: "Amenity",
        WishKind.AMENITY: "Amenity",
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
_HOUSES = frozenset({("shop",), ("food",), ("store",), ("takeout",)})
_LONGEST = 4
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
    tokens = tokenise(text)
    parts = read_parts(text, tokens)
    spans = [Span(part.slot, tokens[part.first].start, tokens[part.last - 1].end) for part in parts]
    return as_labelled(text, spans)


def read_parts(text: str, tokens: Sequence[Token]) -> list[Part]:
    """What is understood, then what is guessed beside it."""
    grammar = _grammar()
    wishes = [
        Part(each.first, each.last, _SLOTS.get(each.kind, _NO_SLOT))
        for each in candidates(tokens, grammar, text)
    ]
    kept = _longest([*wishes, *_foods(tokens)])
    kept = _with_names(tokens, kept)
    for place in places_named(tokens, grammar, _positions(kept)):
        start = _start_of(place, tokens)
        kept = [part for part in kept if not start <= part.first < place.first]
        kept.append(Part(start, place.last, "Location"))
    for frame in frames(tokens, grammar, _positions(kept)):
        kept.append(_guess(frame, tokens))
    return sorted(part for part in kept if part.slot != _NO_SLOT)


def _guess(frame: Frame, tokens: Sequence[Token]) -> Part:
    """What is unknown before a word for a house is its name, unless it sounds like a people."""
    if frame.kind is FrameKind.HOUSE and not _PEOPLE.search(tokens[frame.last - 1].form):
        return Part(frame.first, frame.last + 1, "Restaurant_Name")
    return Part(frame.first, frame.last, _FRAME_SLOTS[frame.kind])


def _with_names(tokens: Sequence[Token], parts: list[Part]) -> list[Part]:
    """Foods with the unknown words beside them that make a name or a dish of both."""
    foods = [(part.first, part.last) for part in parts if part.slot in _FOOD]
    frames_ = grown(tokens, _grammar(), foods, _positions(parts))
    swallowed = [part for part in parts if any(each.first <= part.first < each.last for each in frames_)]
    names = [Part(each.first, each.last, _FRAME_SLOTS[each.kind]) for each in frames_]
    return [part for part in parts if part not in swallowed] + names


def _start_of(place: NamedPlace, tokens: Sequence[Token]) -> int:
    """The labels have "near Canton" and "around Canton" whole, and "Canton" of "in Canton"."""
    return place.first if tokens[place.announced].form in _LEFT_OUT else place.announced


def _longest(parts: Sequence[Part]) -> list[Part]:
    taken: set[int] = set()
    kept = []
    for part in sorted(parts, key=lambda part: part.first - part.last):
        if taken.isdisjoint(range(part.first, part.last)):
            taken.update(range(part.first, part.last))
            kept.append(part)
    return kept


def _positions(parts: Sequence[Part]) -> frozenset[int]:
    return frozenset(at for part in parts for at in range(part.first, part.last))


def _foods(tokens: Sequence[Token]) -> Iterator[Part]:
    known = _food_words()
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + _LONGEST, len(tokens)) + 1):
            slot = known.get(tuple(token.stem for token in tokens[first:last]))
            if slot:
                yield Part(first, last, slot)


@cache
def _grammar() -> Grammar:
    return Grammar.compile(CatalogSchema.from_app(dict(APP)), [ENGLISH])


@cache
def _food_words() -> dict[tuple[str, ...], str]:
    words: dict[tuple[str, ...], str] = {}
    for concept in general.all_concepts():
        if slot := _food_slot(concept):
            for phrase in general.phrases(concept, ["en"]):
                if not phrase.is_weak:
                    words.setdefault(tuple(singular(token.form) for token in tokenise(phrase.text)), slot)
    return {key: slot for key, slot in words.items() if key not in _HOUSES}


def _food_slot(concept: general.Concept) -> str | None:
    key, value = concept.tags[0] if concept.tags else ("", "")
    if key == "cuisine":
        return "Cuisine"
    if (key == "amenity" and value in _EATEN_OUT) or (key == "shop" and value in _FOOD_SHOPS):
        return "Cuisine" if len(concept.tags) > 1 or value != "restaurant" else None
    return None

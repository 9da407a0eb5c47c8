"""Wishes beside what is searched: price, quality, distance, hours.

Words are judged on the facets that the app declared for them: price words on the facet with the
price role by the *order* of its bands (so an app may call them anything), quality, popularity and
freshness words on the facet with that role. A band's own name works on any facet with bands
("short films"). An app without such a facet does not understand the word, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from herenow.catalog.schema import CatalogSchema, FacetSchema, FacetType, Role
from herenow.intent.lexicon import Lexicon
from herenow.intent.model import ModifierKind
from herenow.intent.normalise import Token
from herenow.intent.phrases import ModifierPhrase

_KIND_OF_ROLE = MappingProxyType(
    {
        Role.QUALITY: ModifierKind.RATING,
        Role.POPULARITY: ModifierKind.POPULARITY,
        Role.FRESHNESS: ModifierKind.FRESHNESS,
    }
)
_PRICE_NAMES = frozenset({"price", "cost", "fare", "rent", "fee"})
_SHORTEST_BAND_NAME = 4
_AMOUNT = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)([a-z]*)")
_LONGEST_DISTANCE_M = 500_000


def modifier_phrases(schema: CatalogSchema, lexicon: Lexicon) -> Iterator[tuple[str, ModifierPhrase]]:
    """Every phrase of the language that this app's facets can answer."""
    for text in lexicon.near_me:
        yield text, ModifierPhrase(ModifierKind.NEAR_ME)
    for text in lexicon.open_now:
        yield text, ModifierPhrase(ModifierKind.OPEN_NOW)
    for text, metres in lexicon.distances.items():
        yield text, ModifierPhrase(ModifierKind.DISTANCE, value=metres)
    for role, kind in _KIND_OF_ROLE.items():
        if facet := schema.role(role):
            for text in lexicon.role_words.get(role.value, ()):
                yield text, ModifierPhrase(kind, facet.name)
    for facet in schema.facets:
        yield from _band_phrases(facet, lexicon)


def _band_phrases(facet: FacetSchema, lexicon: Lexicon) -> Iterator[tuple[str, ModifierPhrase]]:
    if facet.type is not FacetType.NUMBER or not facet.bands:
        return
    kind = ModifierKind.PRICE if _is_price(facet) else ModifierKind.BAND
    for band in facet.bands:
        if len(band.name) >= _SHORTEST_BAND_NAME:
            yield band.name.replace("_", " "), ModifierPhrase(kind, facet.name, band.name)
    if kind is ModifierKind.PRICE:
        by_position = {"lowest": facet.bands[0], "highest": facet.bands[-1]}
        if len(facet.bands) > len(by_position):
            by_position["middle"] = facet.bands[len(facet.bands) // 2]
        for position, band in by_position.items():
            for text in lexicon.price_words.get(position, ()):
                yield text, ModifierPhrase(kind, facet.name, band.name)


def _is_price(facet: FacetSchema) -> bool:
    return facet.role is Role.PRICE or not _PRICE_NAMES.isdisjoint(facet.name.split("_"))


def find_distance(tokens: Sequence[Token], lexicon: Lexicon) -> tuple[int, int, ModifierPhrase] | None:
    """The first "5 km", with the words before it that announce it: token positions and the wish."""
    for position, token in enumerate(tokens):
        amount = _AMOUNT.fullmatch(token.form)
        if amount is None:
            continue
        unit, end = amount[2], position + 1
        if not unit and end < len(tokens):
            unit, end = tokens[end].form, end + 1
        metres = round(float(amount[1].replace(",", ".")) * lexicon.units.get(unit, 0.0))
        if 0 < metres <= _LONGEST_DISTANCE_M:
            start = position
            while start > 0 and tokens[start - 1].form in lexicon.limits:
                start -= 1
            return start, end, ModifierPhrase(ModifierKind.DISTANCE, value=metres)
    return None

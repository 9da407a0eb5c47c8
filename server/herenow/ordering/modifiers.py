"""Modifiers of a search as tests on items: "cheap", "under 500", "best", "from the nineties", "no smoking".

A modifier narrows the tight rungs of the ladder and is dropped by the looser ones. What a catalogue cannot
answer (no such facet, no such band, opening hours, dollars where prices are in rupees) is no wish at all: it
would only empty every rung. Distance and "near me" are no tests either; the parser makes them the place of
the search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from herenow.catalog import Catalog
from herenow.catalog.features import NO_DAY
from herenow.catalog.schema import FacetSchema, FacetType, Role
from herenow.intent.model import Bounds, Intent, Modifier, ModifierKind
from herenow.ordering.amounts import AmountWish, within_band, within_bounds, within_years
from herenow.ordering.having import having
from herenow.ordering.indices import Flags, Indices, contained
from herenow.ordering.standing import Share, Standing

_BAND_KINDS: Final = frozenset({ModifierKind.PRICE, ModifierKind.BAND})
_HAVING_KINDS: Final = frozenset(
    {ModifierKind.DIET, ModifierKind.AUDIENCE, ModifierKind.AMENITY, ModifierKind.DAYPART}
)
_STATIC_FEATURE: Final = {
    ModifierKind.RATING: Role.QUALITY,
    ModifierKind.POPULARITY: Role.POPULARITY,
    ModifierKind.FRESHNESS: Role.FRESHNESS,
}
_Hits = Callable[[Indices], Flags]


@dataclass(frozen=True, slots=True)
class ModifierWish:
    """A modifier that this catalogue can judge: its name for people, and which items satisfy it."""

    label: str
    hits: _Hits


def modifier_wishes(
    catalog: Catalog, standing: Standing, intent: Intent, currency: str | None = None
) -> tuple[ModifierWish, ...]:
    """The modifiers of ``intent`` that ``catalog`` can judge, in the order they were said."""
    told = ((modifier, _hits(catalog, standing, modifier, currency)) for modifier in intent.modifiers)
    return tuple(ModifierWish(label_of(modifier), hits) for modifier, hits in told if hits is not None)


def price_wish(catalog: Catalog, intent: Intent, currency: str | None = None) -> AmountWish | None:
    """The first price asked for."""
    priced = (modifier for modifier in intent.modifiers if modifier.kind is ModifierKind.PRICE)
    wishes = (_amount(catalog, modifier, currency) for modifier in priced)
    return next((wish for wish in wishes if wish is not None), None)


def label_of(modifier: Modifier) -> str:
    """How a wish is called in reasons: ``cheap``, ``price up to 500``, ``not cheap``."""
    value = modifier.value
    if isinstance(value, Bounds):
        told = f"{modifier.kind.value} {_between(value)}"
    else:
        told = modifier.kind.value if value is None else str(value).replace("_", " ")
    return f"not {told}" if modifier.negated else told


def _between(bounds: Bounds) -> str:
    unit = f" {bounds.unit}" if bounds.unit else ""
    if bounds.low is None:
        return "any" if bounds.high is None else f"up to {bounds.high:g}{unit}"
    if bounds.high is None:
        return f"from {bounds.low:g}{unit}"
    return (
        f"{bounds.low:g} to {bounds.high:g}{unit}" if bounds.low != bounds.high else f"{bounds.low:g}{unit}"
    )


def _hits(catalog: Catalog, standing: Standing, modifier: Modifier, currency: str | None) -> _Hits | None:
    if modifier.kind in _HAVING_KINDS:
        return _having(catalog, modifier)
    role = _STATIC_FEATURE.get(modifier.kind)
    if role is None or isinstance(modifier.value, Bounds):
        wish = _amount(catalog, modifier, currency)
        return None if wish is None else wish.hits
    if not standing.distinguishes(role):
        return None
    wanted = not modifier.negated
    return lambda items: standing.among_best(role, Share.UPPER, items) == wanted


def _having(catalog: Catalog, modifier: Modifier) -> _Hits | None:
    found = having(catalog, modifier)
    if found is None:
        return None
    listed, wanted = found
    return lambda items: contained(items, listed, len(catalog)) == wanted


def _amount(catalog: Catalog, modifier: Modifier, currency: str | None) -> AmountWish | None:
    facet = catalog.schema.facet(modifier.facet or "")
    wish = None if facet is None else _interval(catalog, facet, modifier, currency)
    return wish.denied() if wish is not None and modifier.negated else wish


def _interval(
    catalog: Catalog, facet: FacetSchema, modifier: Modifier, currency: str | None
) -> AmountWish | None:
    value = modifier.value
    if facet.type is FacetType.DATE and modifier.kind is ModifierKind.YEAR:
        return within_years(catalog.days(facet.name), str(value), NO_DAY)
    if facet.type is not FacetType.NUMBER:
        return None
    if isinstance(value, Bounds):
        foreign = bool(value.unit and currency and value.unit != currency)
        return None if foreign else within_bounds(catalog.number(facet.name), value)
    if modifier.kind in _BAND_KINDS and isinstance(value, str):
        return within_band(catalog.number(facet.name), facet, value)
    return None

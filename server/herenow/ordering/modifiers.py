"""Modifiers of a search as tests on items: "cheap", "best", "new".

A modifier narrows the tight rungs of the ladder and is dropped by the looser ones. What a catalogue cannot
answer (no such facet, no such band, opening hours) is no wish at all: it would only empty every rung.
Distance and "near me" are no tests either; the parser makes them the place of the search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog import Catalog
from herenow.catalog.schema import Band
from herenow.intent.model import Intent, Modifier, ModifierKind
from herenow.ordering.indices import Flags, Indices
from herenow.ordering.standing import Share, Standing
from herenow_sdk.core.ordering import SCALE

_BAND_KINDS: Final = frozenset({ModifierKind.PRICE, ModifierKind.BAND})
_STATIC_FEATURE: Final = {
    ModifierKind.RATING: "quality",
    ModifierKind.POPULARITY: "popularity",
    ModifierKind.FRESHNESS: "freshness",
}
_LEAST: Final = 1e-9
"""Keeps a price of nothing from being divided by."""


@dataclass(frozen=True, slots=True)
class ModifierWish:
    """A modifier that this catalogue can judge: its name for people, and which items satisfy it."""

    label: str
    hits: Callable[[Indices], Flags]


@dataclass(frozen=True, slots=True)
class PriceWish:
    """A band of a price facet; a bound that is not there is infinite."""

    numbers: NDArray[np.float32]
    low: float
    high: float

    def hits(self, items: Indices) -> Flags:
        """Whether the price lies in the half-open band; an unknown price does not."""
        prices = self.numbers[items]
        return np.asarray((prices >= self.low) & (prices < self.high))

    def fit(self, items: Indices) -> NDArray[np.int64]:
        """1024 within the band, outside it the share of the nearer bound: half for twice the price.

        0 where the price is not known.
        """
        prices = self.numbers[items].astype(np.float64)
        share = np.ones(len(items))
        dear, cheap = prices >= self.high, prices < self.low
        share[dear] = max(self.high, 0.0) / np.maximum(prices[dear], _LEAST)
        share[cheap] = np.maximum(prices[cheap], 0.0) / max(self.low, _LEAST)
        share[np.isnan(prices)] = 0.0
        fit: NDArray[np.int64] = np.rint(SCALE * share).astype(np.int64)
        return fit


def modifier_wishes(catalog: Catalog, standing: Standing, intent: Intent) -> tuple[ModifierWish, ...]:
    """The modifiers of ``intent`` that ``catalog`` can judge, in the order they were said."""
    wishes = (_wish(catalog, standing, modifier) for modifier in intent.modifiers)
    return tuple(wish for wish in wishes if wish is not None)


def price_wish(catalog: Catalog, intent: Intent) -> PriceWish | None:
    """The first price band asked for."""
    priced = (modifier for modifier in intent.modifiers if modifier.kind is ModifierKind.PRICE)
    return next((wish for wish in (_band_wish(catalog, modifier) for modifier in priced) if wish), None)


def _wish(catalog: Catalog, standing: Standing, modifier: Modifier) -> ModifierWish | None:
    if modifier.kind in _BAND_KINDS:
        band = _band_wish(catalog, modifier)
        return ModifierWish(str(modifier.value), band.hits) if band else None
    name = _STATIC_FEATURE.get(modifier.kind)
    if name is None or not standing.distinguishes(name):
        return None
    return ModifierWish(modifier.kind.value, lambda items: standing.among_best(name, Share.UPPER, items))


def _band_wish(catalog: Catalog, modifier: Modifier) -> PriceWish | None:
    facet = catalog.schema.facet(modifier.facet or "")
    band = next((band for band in facet.bands if band.name == modifier.value), None) if facet else None
    if facet is None or band is None:
        return None
    return PriceWish(catalog.number(facet.name), _low(band), _high(band))


def _low(band: Band) -> float:
    return -np.inf if band.low is None else band.low


def _high(band: Band) -> float:
    return np.inf if band.high is None else band.high

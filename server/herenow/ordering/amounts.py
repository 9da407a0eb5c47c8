"""Amounts that a search names: a band of prices, at most so much, a rating from four, the nineties.

An interval over the numbers or days of a facet. An item whose amount is not known is in no interval and
outside none: nothing can be said of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.schema import Band, FacetSchema
from herenow.intent.model import Bounds
from herenow.ordering.indices import Flags, Indices
from herenow_sdk.core.ordering import SCALE

_LEAST: Final = 1e-9
"""Keeps a price of nothing from being divided by."""
_THIRDS: Final = {"lowest": (0, 1), "middle": (1, 2), "highest": (2, 3)}
"""What "cheap" means where no bands are declared: the catalogue's own cheapest third."""


@dataclass(frozen=True, slots=True)
class AmountWish:
    """Amounts from ``low`` to ``high``; without a bound it is infinite. ``negated`` asks for all others.

    ``open_ended`` leaves ``high`` itself out, as bands do. ``unknown`` marks items without an amount; the
    amounts of floats are unknown where they are not numbers.
    """

    amounts: NDArray[Any]
    low: float
    high: float
    open_ended: bool = False
    negated: bool = False
    unknown: int | None = None

    def denied(self) -> AmountWish:
        """The opposite wish."""
        return replace(self, negated=not self.negated)

    def hits(self, items: Indices) -> Flags:
        """Whether the amount is known and as wished."""
        amounts = self.amounts[items]
        within = (amounts >= self.low) & (amounts < self.high if self.open_ended else amounts <= self.high)
        known = amounts != self.unknown if self.unknown is not None else ~np.isnan(amounts)
        return np.asarray(known & (within != self.negated))

    def fit(self, items: Indices) -> NDArray[np.int64]:
        """1024 where it hits, outside the interval the share of the nearer bound: half for twice the price.

        0 where the amount is not known, and where a negated wish does not hit.
        """
        hits = self.hits(items)
        if self.negated:
            return np.where(hits, SCALE, 0).astype(np.int64)
        amounts = self.amounts[items].astype(np.float64)
        share = hits.astype(np.float64)
        dear, cheap = ~hits & (amounts >= self.high), amounts < self.low
        share[dear] = max(self.high, 0.0) / np.maximum(amounts[dear], _LEAST)
        share[cheap] = np.maximum(amounts[cheap], 0.0) / max(self.low, _LEAST)
        fit: NDArray[np.int64] = np.rint(SCALE * share).astype(np.int64)
        return fit


def within_bounds(amounts: NDArray[Any], bounds: Bounds) -> AmountWish:
    """From the one bound to the other, both included."""
    low = -np.inf if bounds.low is None else bounds.low
    high = np.inf if bounds.high is None else bounds.high
    return AmountWish(amounts, low, high)


def within_band(amounts: NDArray[Any], facet: FacetSchema, name: str) -> AmountWish | None:
    """A band that the app declares; where it declares none, a third of the catalogue by its place."""
    band = next((band for band in facet.bands if band.name == name), None)
    if band is not None:
        return AmountWish(amounts, *_limits(band), open_ended=True)
    if facet.bands or name not in _THIRDS:
        return None
    known = amounts[~np.isnan(amounts)]
    if not len(known) or known.min() == known.max():
        return None
    first, last = _THIRDS[name]
    low, high = np.quantile(known, (first / 3, last / 3)).tolist()
    return AmountWish(amounts, low if first else -np.inf, high if last < len(_THIRDS) else np.inf)


def within_years(days: NDArray[np.int32], years: str, unknown: int) -> AmountWish | None:
    """Days of a year ("1994") or of the years from one to another ("1980-1989")."""
    first, _, last = years.partition("-")
    try:
        start = np.datetime64(f"{int(first):04d}-01-01", "D").astype(int)
        end = np.datetime64(f"{int(last or first) + 1:04d}-01-01", "D").astype(int)
    except ValueError:
        return None
    return AmountWish(days, int(start), int(end), open_ended=True, unknown=unknown)


def _limits(band: Band) -> tuple[float, float]:
    low = -np.inf if band.low is None else band.low
    return low, np.inf if band.high is None else band.high

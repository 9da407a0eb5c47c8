"""Feature values of items that depend on nobody: quality, popularity, freshness.

All are int16 in fixed point, 1024 = 1.0, quantised here once so that ordering stays integer
arithmetic. Items are in id order when these run, so sums are taken in one order and the same rows give
the same numbers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SCALE: Final = 1024
HALF_LIFE_DAYS: Final = 30
SECONDS_PER_DAY: Final = 86_400
NO_DAY: Final = np.iinfo(np.int32).min
"""The day of an item without a date."""

_DECAY: Final = np.rint(SCALE * 0.5 ** (np.arange(12 * HALF_LIFE_DAYS + 1) / HALF_LIFE_DAYS)).astype(np.int16)

Features = NDArray[np.int16]


def quality(ratings: NDArray[np.float64], votes: NDArray[np.float64] | None) -> Features:
    """Ratings on the catalogue's own scale, few votes pulled to the mean; 0 where there is no rating.

    With votes, a rating r of v votes counts as ``(v·r + m·C) / (v + m)``, m the median of the positive
    vote counts and C the mean rating: the Bayesian estimate known from IMDb's top lists. The result is
    mapped linearly from the catalogue's lowest … highest rating to 0 … 1024 (all alike: 512).
    """
    rated = ~np.isnan(ratings)
    result = np.zeros(len(ratings), dtype=np.int16)
    if not rated.any():
        return result
    known = ratings[rated]
    lowest, highest = known.min(), known.max()
    if votes is not None:
        known = _shrunk(known, np.maximum(np.nan_to_num(votes[rated]), 0.0))
    if highest == lowest:
        result[rated] = SCALE // 2
    else:
        result[rated] = np.rint(SCALE * np.clip((known - lowest) / (highest - lowest), 0.0, 1.0))
    return result


def _shrunk(ratings: NDArray[np.float64], votes: NDArray[np.float64]) -> NDArray[np.float64]:
    positive = votes[votes > 0]
    if not len(positive):
        return ratings
    weight = float(np.median(positive))
    shrunk: NDArray[np.float64] = (votes * ratings + weight * ratings.mean()) / (votes + weight)
    return shrunk


def popularity(counts: NDArray[np.float64]) -> Features:
    """``log1p(x) / log1p(max)`` as 0 … 1024: ten times the votes is a step, not ten times the value."""
    positive = np.maximum(np.nan_to_num(counts), 0.0)
    most = positive.max(initial=0.0)
    if most <= 0:
        return np.zeros(len(counts), dtype=np.int16)
    scaled: Features = np.rint(SCALE * np.log1p(positive) / np.log1p(most)).astype(np.int16)
    return scaled


def freshness(days: NDArray[np.int32], today: int) -> Features:
    """Halves every 30 days of age from 1024; days to come count as today; 0 after 360 days or undated.

    ``days`` and ``today`` are days since 1970-01-01.
    """
    age = today - days.astype(np.int64)
    dated = (days != NO_DAY) & (age < len(_DECAY))
    return np.where(dated, _DECAY[np.clip(age, 0, len(_DECAY) - 1)], 0).astype(np.int16)

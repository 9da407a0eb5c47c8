"""Percentile bootstrap intervals for the figures of an evaluation, the same at every run.

Rows are drawn with replacement, ``RESAMPLES`` times, by a generator with a fixed seed; the interval is
that of the middle 95 % of the resampled figures (Efron and Tibshirani 1993, chapter 13). Differences are
paired: a row keeps both results, so what makes a row hard for both does not widen the interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20260101

_MIDDLE = (2.5, 97.5)
_CELLS_AT_ONCE = 4_000_000
"""Draws held in memory at a time; the drawn rows do not depend on it."""

Interval = tuple[float, float]
Counts = Sequence[tuple[float, float, float]]
"""True positives, false positives and false negatives, one triple a row."""


def interval(values: Sequence[float], *, seed: int = SEED) -> Interval:
    """The interval of the mean of ``values``. Raises ``ValueError`` when there are none."""
    column = np.asarray(values, dtype=float).reshape(-1, 1)
    return _interval(column, lambda sums: sums[:, 0] / len(values), seed)


def paired_difference(
    ours: Sequence[float], theirs: Sequence[float], *, seed: int = SEED
) -> tuple[float, float, float]:
    """The mean of ours less theirs, with its interval. Raises ``ValueError`` unless row meets row."""
    differences = [one - other for one, other in zip(ours, theirs, strict=True)]
    low, high = interval(differences, seed=seed)
    return sum(differences) / len(differences), low, high


def f1(counts: Counts) -> float:
    """The F1 of all rows together; 0 where there is nothing to find and nothing was."""
    return float(_f1(_rows(counts).sum(axis=0)[None, :])[0])


def f1_interval(counts: Counts, *, seed: int = SEED) -> Interval:
    """The interval of ``f1`` of these rows. Raises ``ValueError`` when there are none."""
    return _interval(_rows(counts), _f1, seed)


def f1_difference(ours: Counts, theirs: Counts, *, seed: int = SEED) -> tuple[float, float, float]:
    """The F1 of ours less theirs on the same rows, with its interval. Raises ``ValueError`` likewise."""
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} rows of ours cannot be paired with {len(theirs)} of theirs")
    both = np.hstack([_rows(ours), _rows(theirs)])
    low, high = _interval(both, lambda sums: _f1(sums[:, :3]) - _f1(sums[:, 3:]), seed)
    return f1(ours) - f1(theirs), low, high


def _rows(counts: Counts) -> NDArray[Any]:
    return np.asarray(counts, dtype=float).reshape(-1, 3)


def _f1(sums: NDArray[Any]) -> NDArray[Any]:
    hits, extra, missed = sums.T
    whole = 2 * hits + extra + missed
    return np.divide(2 * hits, whole, out=np.zeros_like(whole), where=whole > 0)


def _interval(rows: NDArray[Any], figure: Callable[[NDArray[Any]], NDArray[Any]], seed: int) -> Interval:
    """The interval of a figure that is computed from the column sums of resampled rows."""
    if not len(rows):
        raise ValueError("an interval needs at least one row")
    draw, size = np.random.default_rng(seed), len(rows)
    step = max(1, _CELLS_AT_ONCE // (size * rows.shape[1]))
    sums = [
        rows[draw.integers(size, size=(min(step, RESAMPLES - at), size))].sum(axis=1)
        for at in range(0, RESAMPLES, step)
    ]
    low, high = np.percentile(figure(np.concatenate(sums)), _MIDDLE)
    return float(low), float(high)

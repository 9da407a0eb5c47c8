"""The hours of the week of one person: ``best_time.best_times`` for a single row, while a launch waits.

The same mixture with the same weights, computed from what does not depend on the person: kernels that go by
one level of knowledge are one matrix, distributions that sum to 1 are not summed again, and rhythms are
looked at only where something was counted. Both agree to the rounding of a double (a test holds them
together); which of two hours that are equally likely is the better one is settled by the lower.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from herenow.learning.best_time import (
    AROUND_CLOCK,
    CELLS,
    DAY_PRIOR,
    HOUR_PRIOR,
    KERNEL_PRIOR,
    KERNELS,
    KNOWN,
    LEAST_CHANCE,
    RHYTHM_PRIOR,
    RHYTHM_ROUNDS,
    Matrix,
    TimeModel,
)

_MODELS: Final = 16
"""Whose tables are kept: of each channel of a model, and of the model before; 1 MB each."""
_PEOPLE: Final = 512
"""Whose best hour is kept: several questions are asked of who is there now."""
_DIGITS: Final = 12
"""Of a chance; what differs behind them differs by rounding."""
_WORKING_DAYS: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """What a model says of anybody. ``spread``: by level, the weighted sum of the kernels.

    ``days`` and ``by_hour`` are the priors of the product of days and hours, as counts; the latter has a row
    for working days and one for weekends.
    """

    spread: tuple[Matrix, ...]
    days: Matrix
    by_hour: Matrix


def own_week(counts: Mapping[int, float], model: TimeModel) -> Matrix:
    """Probabilities of the 168 hours of the week; ``counts`` are the person's events by hour of the week."""
    row = np.zeros(CELLS)
    row[list(counts)] = list(counts.values())
    known = float(sum(counts.values()))
    level = bisect_right(KNOWN, known)
    tables, weights = _tables(model), model.weights[level]
    everybody, *kernels, joint, rhythms = weights.tolist()
    seen = known + KERNEL_PRIOR
    told = row @ tables.spread[level] / seen
    told += model.hours * (everybody + sum(kernels) * KERNEL_PRIOR / seen)
    told += joint * _day_by_hour(row, known, tables)
    told += rhythms * (_shares(counts, known, model.rhythms) @ model.rhythms)
    return told


def likeliest(counts: Mapping[int, float], model: TimeModel) -> int:
    """The likeliest hour of the week, of equals the first."""
    return _likeliest(tuple(counts.items()), model)


def forget() -> None:
    """Remember nobody's likeliest hour any more."""
    _likeliest.cache_clear()


@lru_cache(_PEOPLE)
def _likeliest(counts: tuple[tuple[int, float], ...], model: TimeModel) -> int:
    return int(own_week(dict(counts), model).round(_DIGITS).argmax())


@lru_cache(_MODELS)
def _tables(model: TimeModel) -> _Tables:
    spread = [np.tensordot(weights[1 : 1 + len(KERNELS)], KERNELS, 1) for weights in model.weights]
    week = model.hours.reshape(7, 24)
    usual = np.stack([week[:_WORKING_DAYS].sum(axis=0), week[_WORKING_DAYS:].sum(axis=0)])
    by_hour = HOUR_PRIOR * usual / usual.sum(axis=1, keepdims=True)
    return _Tables(tuple(spread), DAY_PRIOR * week.sum(axis=1), by_hour)


def _day_by_hour(row: Matrix, known: float, tables: _Tables) -> Matrix:
    """P(day) * P(hour | day type), a row of 168."""
    week = row.reshape(7, 24)
    days = (week.sum(axis=1) + tables.days) / (known + DAY_PRIOR)
    working = week[:_WORKING_DAYS].sum(axis=0)
    by_hour = np.array((working, week.sum(axis=0) - working)) @ AROUND_CLOCK + tables.by_hour
    by_hour /= by_hour.sum(axis=1, keepdims=True)
    joint = np.empty((7, 24))
    np.multiply(days[:_WORKING_DAYS, None], by_hour[0], out=joint[:_WORKING_DAYS])
    np.multiply(days[_WORKING_DAYS:, None], by_hour[1], out=joint[_WORKING_DAYS:])
    return joint.reshape(CELLS)


def _shares(counts: Mapping[int, float], known: float, rhythms: Matrix) -> Matrix:
    """How much of the person each rhythm is: the rounds of ``best_time``, on the cells that were counted.

    What a round grows to sums to the events and the prior, whatever the shares were.
    """
    shares = np.full(len(rhythms), 1 / len(rhythms))
    if len(rhythms) == 1:
        return shares
    weeks = np.maximum(rhythms[:, list(counts)], LEAST_CHANCE)
    cells, whole = np.ascontiguousarray(weeks.T), known + len(rhythms) * RHYTHM_PRIOR
    scaled = np.array(list(counts.values()), dtype=float) / whole
    prior = np.full_like(shares, RHYTHM_PRIOR / whole)
    excess, grown = np.empty_like(scaled), np.empty_like(shares)
    for _ in range(RHYTHM_ROUNDS):
        np.dot(cells, shares, excess)
        np.divide(scaled, excess, excess)
        np.dot(weeks, excess, grown)
        np.multiply(shares, grown, shares)
        np.add(shares, prior, shares)
    return shares

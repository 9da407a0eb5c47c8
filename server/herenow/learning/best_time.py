"""When to reach a person: a probability for each of the 168 hours of the week.

A person's counts are spread by circular kernels over neighbouring hours and like days, and shrunk towards
the hours of everybody: p(c) = (sum_e K(e, c) + k g(c)) / (n + k), K a Gaussian over hours around the clock,
times 1 on the same day, ``same`` on a day of its type (working day, weekend), ``other`` else (a kernel
density with a Dirichlet prior; Wand and Jones 1995, chapter 2; Gelman et al. 2013, chapter 3). Several
widths, the product of the person's days and hours, and *rhythms* (typical weeks of the app's people, of
which a person is a mixture; Hofmann 1999) are components of a mixture whose weights are fitted by how much
is known of a person.

A person needs 168 counts, nothing else; everything of others is a ``TimeModel``, fitted in batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.learning.mixture import fit_weights

CELLS: Final = 168
COMPONENTS: Final = 7
KNOWN: Final = (40, 100, 200)
"""From so many events on a person is known better, and another row of weights holds."""

Matrix = NDArray[Any]

_WIDTHS: Final = ((0.45, 0.2, 0.05), (0.6, 0.4, 0.1), (1.0, 0.5, 0.2), (0.6, 1.0, 0.0))
"""Hours of standard deviation, weight of a day of the same type, of another day."""
KERNEL_PRIOR: Final = 5.0
DAY_PRIOR: Final = 10.0
HOUR_PRIOR: Final = 6.0
_RHYTHMS: Final = 30
RHYTHM_ROUNDS: Final = 40
RHYTHM_PRIOR: Final = 0.3
_RHYTHM_SMOOTH: Final = 20.0
_PSEUDO: Final = 5.0
LEAST_CHANCE: Final = math.ulp(1.0)
"""Rhythms divide by no less."""
_SEED: Final = 20260101


@dataclass(frozen=True, slots=True, eq=False)
class TimeModel:
    """What holds for everybody: the global hours, the rhythms (rows), weights by how well one is known."""

    hours: Matrix
    rhythms: Matrix
    weights: Matrix


def kernel(sigma: float, same: float, other: float) -> Matrix:
    """K, 168 × 168, rows summing to 1: how an event in one cell counts for another."""
    apart = np.abs(np.arange(24)[:, None] - np.arange(24))
    by_hour = np.exp(-(np.minimum(apart, 24 - apart) ** 2) / (2 * sigma**2))
    weekend = np.arange(7) >= 5
    by_day = np.where(weekend[:, None] == weekend, same, other)
    np.fill_diagonal(by_day, 1.0)
    spread = np.kron(by_day, by_hour)
    return np.asarray(spread / spread.sum(axis=1, keepdims=True))


KERNELS: Final = tuple(kernel(*width) for width in _WIDTHS)
_AROUND_DAYS: Final = kernel(0.6, 0.0, 0.0)
AROUND_CLOCK: Final = _AROUND_DAYS[:24, :24]
"""How an event of one hour counts for another of its day."""


def fit_times(before: Matrix, after: Matrix) -> TimeModel:
    """The model of an app. ``before`` and ``after`` hold counts, person × cell, of two spans in turn.

    Hours and rhythms are those of both spans; the weights are those that best foretell ``after`` from
    ``before``. Raises ``ValueError`` when nothing was counted.
    """
    if not before.sum() or not after.sum():
        raise ValueError("no events to learn times from: give counts of two spans")
    early = _described(before)
    given = np.stack(components(before, early), axis=2)
    level = _level(before)
    of_all = fit_weights(given.reshape(-1, COMPONENTS), after.ravel(), pseudo=_PSEUDO)
    weights = [
        fit_weights(given[part].reshape(-1, COMPONENTS), after[part].ravel(), pseudo=_PSEUDO, towards=of_all)
        for part in (level == each for each in range(len(KNOWN) + 1))
    ]
    late = _described(before + after)
    return TimeModel(late.hours, late.rhythms, np.stack(weights))


def best_times(counts: Matrix, model: TimeModel) -> Matrix:
    """Probabilities, person × cell, rows summing to 1; ``counts`` likewise, of events by hour of the week."""
    given = np.stack(components(counts, model), axis=2)
    return np.asarray(np.einsum("uck,uk->uc", given, model.weights[_level(counts)]))


def components(counts: Matrix, model: TimeModel) -> list[Matrix]:
    """What each component foretells, in the order of the weights."""
    known = counts.sum(axis=1, keepdims=True)
    shrunk = [(counts @ k + KERNEL_PRIOR * model.hours) / (known + KERNEL_PRIOR) for k in KERNELS]
    everybody = np.broadcast_to(model.hours, counts.shape)
    return [everybody, *shrunk, _day_by_hour(counts, model.hours), _of_rhythms(counts, model)]


def people_of_rhythms(counts: Matrix, model: TimeModel) -> Matrix:
    """How many people each rhythm has: the sum of everybody's shares."""
    return np.asarray(_shares_of(counts, model).sum(axis=0))


def _level(counts: Matrix) -> Matrix:
    return np.asarray(np.digitize(counts.sum(axis=1), KNOWN))


def _described(counts: Matrix) -> TimeModel:
    hours = (counts.sum(axis=0) + 1) @ _AROUND_DAYS
    hours /= hours.sum()
    return TimeModel(hours, _rhythms(counts, hours), np.full((len(KNOWN) + 1, COMPONENTS), 1 / COMPONENTS))


def _day_by_hour(counts: Matrix, hours: Matrix) -> Matrix:
    """P(day) * P(hour | day type), both shrunk towards everybody's."""
    week, prior = counts.reshape(-1, 7, 24), hours.reshape(7, 24)
    days = week.sum(axis=2) + DAY_PRIOR * prior.sum(axis=1)
    days /= days.sum(axis=1, keepdims=True)
    joint = np.zeros_like(week, dtype=float)
    for part in (slice(0, 5), slice(5, 7)):
        usual = prior[part].sum(axis=0)
        by_hour = week[:, part].sum(axis=1) @ AROUND_CLOCK + HOUR_PRIOR * usual / usual.sum()
        by_hour /= by_hour.sum(axis=1, keepdims=True)
        joint[:, part] = days[:, part, None] * by_hour[:, None, :]
    return joint.reshape(-1, CELLS)


def _of_rhythms(counts: Matrix, model: TimeModel) -> Matrix:
    return np.asarray(_shares_of(counts, model) @ model.rhythms)


def _shares_of(counts: Matrix, model: TimeModel) -> Matrix:
    shares = np.full((len(counts), len(model.rhythms)), 1.0 / len(model.rhythms))
    for _ in range(RHYTHM_ROUNDS):
        shares = _shares(counts, shares, model.rhythms)
    return shares


def _rhythms(counts: Matrix, hours: Matrix) -> Matrix:
    """Typical weeks: probabilistic latent semantic analysis, smoothed over hours and towards everybody."""
    draw = np.random.default_rng(_SEED)
    weeks = hours * draw.gamma(2.0, 1.0, (_RHYTHMS, CELLS)) @ kernel(1.0, 0.4, 0.2)
    weeks /= weeks.sum(axis=1, keepdims=True)
    smooth = kernel(0.6, 0.2, 0.05)
    shares = np.full((len(counts), _RHYTHMS), 1.0 / _RHYTHMS)
    for _ in range(RHYTHM_ROUNDS):
        excess = counts / np.maximum(shares @ weeks, LEAST_CHANCE)
        grown = weeks * (shares.T @ excess)
        shares = _shares(counts, shares, weeks)
        weeks = grown @ smooth + _RHYTHM_SMOOTH * hours
        weeks /= weeks.sum(axis=1, keepdims=True)
    return np.asarray(weeks)


def _shares(counts: Matrix, shares: Matrix, weeks: Matrix) -> Matrix:
    excess = counts / np.maximum(shares @ weeks, LEAST_CHANCE)
    grown = shares * (excess @ weeks.T) + RHYTHM_PRIOR
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))

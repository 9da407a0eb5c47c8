"""Where a person goes next: a mixture of what they do, when they do it, and what others do from here.

Components, each a distribution over the places of the person and of the model:

=========== ===================================================================================
habit       f(v): decayed visits
hours       f(v) r(v): r is how the place's hours fit the hour in question, shrunk towards all hours
steps       s(v): decayed steps from here to v
stepsHours  (s(v) + f(v) / 2) r(v)
stepsLately the same without f, fading with the days since the last visit
others      f(v) r(v) (a(v) + .01): a, how strongly others go from here to v
elsewhere   sqrt(f(v)) r(v), never here again
recent      f(v) r(v), fading with the days since the last visit to v
returning   the same, fading faster, never where the person was today
everybody   the steps of everybody from here
popular     the visits of everybody
=========== ===================================================================================

This is interpolated estimation (Jelinek and Mercer 1980) of Markov chains over places. When the hour in
question is not known, hours are weighed by how likely they follow that of the last visit. Weights are fitted
by EM for each context (how much is known of steps from here, and of the person) and adapt to the person.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import exp, sqrt
from operator import mul
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.learning.mixture import adapted, fit_by_context, responsibility, weights_for
from herenow.learning.places import CELLS, Places, Visit, strength
from herenow_sdk.core.profile.decay import UNIT

COMPONENTS: Final = 11
FOLLOWING: Final = 20
POPULAR: Final = 30
OWN_STRENGTH: Final = 5.0
"""How many outcomes of a person weigh as much as the weights of everybody."""

Row = NDArray[Any]
Context = tuple[int, int]

_HOURS_PRIOR: Final = 2.0
_FADE_DAYS: Final = 6.0
_RECENT_DAYS: Final = 20.0
_RETURN_DAYS: Final = 7.0
_LEAST_PULL: Final = 0.01
_NEVER: Final = 1e-9
_KNOWN: Final = (30, 100)
_STEPPED: Final = (0, 3)


@dataclass(frozen=True, slots=True)
class PlaceModel:
    """What holds for everybody.

    Visits by place; of each place the commonest steps; the share of all visits that the most popular places
    have; how likely a cell follows a cell; weights by context.
    """

    visits: Mapping[str, int]
    steps: Mapping[str, Mapping[str, int]]
    popular: Mapping[str, float]
    cells: Row
    weights: Mapping[Any, Row] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Foretold:
    """Candidates, and what each component gives them (``columns``, a row of numbers a component)."""

    names: Sequence[str]
    columns: Sequence[Sequence[float]]
    context: Context

    @property
    def given(self) -> Row:
        """The same, a row a candidate."""
        return np.array(self.columns).T

    def ranked(self, weights: Row) -> list[tuple[str, float]]:
        """Places with their probabilities, likeliest first; of equals the one known longer."""
        told = self._mixed(weights)
        order = sorted(range(len(told)), key=lambda at: -told[at])
        return [(self.names[at], told[at]) for at in order]

    def likeliest(self, weights: Row) -> tuple[str, float]:
        """The first of ``ranked``. Raises ``ValueError`` where there is no candidate."""
        told = self._mixed(weights)
        chance = max(told)
        return self.names[told.index(chance)], chance

    def of(self, place: str) -> Row:
        """What each component gave to a place; zeros when it was no candidate."""
        if place not in self.names:
            return np.zeros(COMPONENTS)
        at = self.names.index(place)
        return np.array([column[at] for column in self.columns])

    def _mixed(self, weights: Row) -> list[float]:
        told = [0.0] * len(self.names)
        for weight, column in zip(weights.tolist(), self.columns, strict=True):
            told = [sofar + weight * chance for sofar, chance in zip(told, column, strict=True)]
        return told


def _cell_kernel(sigma: float = 1.2, other: float = 0.35) -> Row:
    apart = np.abs(np.arange(24)[:, None] - np.arange(24))
    by_hour = np.exp(-(np.minimum(apart, 24 - apart) ** 2) / (2 * sigma**2))
    return np.asarray(np.kron([[1, other], [other, 1]], by_hour))


_KERNEL: Final = _cell_kernel()


def fit_places(histories: Iterable[Sequence[Visit]]) -> PlaceModel:
    """The tables of everybody from their visits in order of time; weights are fitted by ``with_weights``."""
    visits: Counter[str] = Counter()
    steps: dict[str, Counter[str]] = {}
    cells = np.full((CELLS, CELLS), 0.05)
    for history in histories:
        visits.update(visit.place for visit in history)
        for before, after in pairwise(history):
            steps.setdefault(before.place, Counter())[after.place] += 1
            cells[before.cell, after.cell] += 1
    commonest = {place: dict(after.most_common(FOLLOWING)) for place, after in steps.items()}
    popular = {place: count / visits.total() for place, count in visits.most_common(POPULAR)}
    return PlaceModel(dict(visits), commonest, popular, cells / cells.sum(axis=1, keepdims=True))


def with_weights(model: PlaceModel, outcomes: Sequence[tuple[Row, Context]]) -> PlaceModel:
    """The model with weights fitted on what components gave to what came true, in its context."""
    given = np.stack([row for row, _ in outcomes])
    return replace(model, weights=fit_by_context(given, [context for _, context in outcomes]))


def foretold(known: Places, model: PlaceModel, here: Visit, cell: int | None = None) -> Foretold:
    """What every component says of the next place after the visit ``here``, at ``cell`` if that is known.

    In plain numbers: of some dozens of places, arrays take longer to make than to compute with.
    """
    names, counters = list(known.places), [place.counter for place in known.places.values()]
    visits = [strength(counter, here.day) / UNIT + _NEVER for counter in counters]
    fit, counted = _fit_of_hours(known, _wanted(model, here.cell, cell))
    steps = _steps_from(known, here)
    stale = [here.day - day for _, day in counters]
    whole = sum(visits)
    share = [each / whole for each in visits]
    usual = [each * fits for each, fits in zip(visits, fit, strict=True)]
    stepped = [steps.get(name, 0.0) for name in names]
    followed = [(step + part / 2) * fits for step, part, fits in zip(stepped, share, fit, strict=True)]
    elsewhere = [sqrt(each) * fits for each, fits in zip(visits, fit, strict=True)]
    fading = _faded(usual, stale, _RETURN_DAYS)
    returning = [each if days > 0 else 0.0 for each, days in zip(fading, stale, strict=True)]
    if here.place in known.places:
        at = names.index(here.place)
        elsewhere[at] = returning[at] = 0.0
    own = (
        share,
        usual,
        stepped,
        followed,
        _faded(followed, stale, _FADE_DAYS),
        _pulled(usual, names, model, here.place),
        elsewhere,
        _faded(usual, stale, _RECENT_DAYS),
        returning,
    )
    context = bisect_left(_STEPPED, sum(stepped)), bisect_right(_KNOWN, counted)
    return _with_everybody(names, [_normalised(each) for each in own], model, here.place, context)


def weights_of(model: PlaceModel, context: Context, earned: Sequence[float] | None = None) -> Row:
    """The weights in a context; with what a person's components have ``earned``, that person's."""
    weights = weights_for(model.weights, context, COMPONENTS)
    return weights if earned is None else adapted(weights, earned, OWN_STRENGTH)


def earned_more(earned: Sequence[float], given: Row, weights: Row) -> tuple[float, ...]:
    """What a person's components have earned after one more outcome to which they gave ``given``."""
    more = responsibility(given, weights)
    return tuple(float(have + one) for have, one in zip(earned, more, strict=True))


def _wanted(model: PlaceModel, before: int, cell: int | None) -> Row:
    """Weights of the 48 cells: around the hour in question, or around those that usually follow."""
    return np.asarray(_KERNEL[cell] if cell is not None else model.cells[before] @ _KERNEL)


def _fit_of_hours(known: Places, wanted: Row) -> tuple[list[float], int]:
    """For each place (w + k m) / (n + k): w its visits in the wanted cells, m the mean share; and all n."""
    at, hours = wanted.tolist().__getitem__, [place.cells for place in known.places.values()]
    near = [sum(map(mul, cells.values(), map(at, cells))) for cells in hours]
    counts = [sum(cells.values()) for cells in hours]
    counted = sum(counts)
    above = _HOURS_PRIOR * sum(near) / max(counted, 1) + _NEVER
    return [(here + above) / (n + _HOURS_PRIOR) for here, n in zip(near, counts, strict=True)], counted


def _steps_from(known: Places, here: Visit) -> dict[str, float]:
    start = here.place
    return {
        to: strength(counter, here.day) / UNIT for (left, to), counter in known.steps.items() if left == start
    }


def _faded(column: Sequence[float], stale: Sequence[int], days: float) -> list[float]:
    """Each fading to 1/e within so many days since its place was visited."""
    return [each * exp(-age / days) for each, age in zip(column, stale, strict=True)]


def _pulled(usual: Sequence[float], names: Sequence[str], model: PlaceModel, here: str) -> list[float]:
    """Each by how strongly others go there from here."""
    steps, visits = model.steps.get(here, {}), model.visits
    if not steps:
        return [each * _LEAST_PULL for each in usual]
    return [
        each * (steps.get(name, 0) / (visits.get(name, 0) + 1) + _LEAST_PULL)
        for each, name in zip(usual, names, strict=True)
    ]


def _normalised(column: Sequence[float]) -> Sequence[float]:
    total = sum(column)
    return [each / total for each in column] if total > 0 else column


def _with_everybody(
    names: Sequence[str], own: Sequence[Sequence[float]], model: PlaceModel, here: str, context: Context
) -> Foretold:
    steps, liked = model.steps.get(here, {}), model.popular
    after = {place: count / model.visits[here] for place, count in steps.items()}
    everywhere = list(dict.fromkeys([*names, *after, *liked]))
    others = [0.0] * (len(everywhere) - len(names))
    columns = [
        *([*column, *others] for column in own),
        [after.get(place, 0.0) for place in everywhere],
        [liked.get(place, 0.0) for place in everywhere],
    ]
    return Foretold(everywhere, columns, context)

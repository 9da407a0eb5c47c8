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

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
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
    """Candidates and what each component gives them (a row a candidate)."""

    names: Sequence[str]
    given: Row
    context: Context

    def ranked(self, weights: Row) -> list[tuple[str, float]]:
        """Places with their probabilities, likeliest first; of equals the one known longer."""
        told = self.given @ weights
        return [(self.names[at], float(told[at])) for at in np.argsort(-told, kind="stable")]

    def likeliest(self, weights: Row) -> tuple[str, float]:
        """The first of ``ranked``. Raises ``ValueError`` where there is no candidate."""
        told = self.given @ weights
        at = int(told.argmax())
        return self.names[at], float(told[at])

    def of(self, place: str) -> Row:
        """What each component gave to a place; zeros when it was no candidate."""
        known = place in self.names
        return np.asarray(self.given[self.names.index(place)]) if known else np.zeros(COMPONENTS)


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
    """What every component says of the next place after the visit ``here``, at ``cell`` if that is known."""
    names = list(known.places)
    visits = np.array([strength(place.counter, here.day) for place in known.places.values()]) / UNIT + _NEVER
    fit, counted = _fit_of_hours(known, _wanted(model, here.cell, cell))
    steps = _steps_from(known, here, names)
    stale = np.array([here.day - place.counter[1] for place in known.places.values()])
    share = visits / visits.sum()
    lately = (steps + share / 2) * np.exp(-stale / _FADE_DAYS) * fit
    towards = _pull_of_others(model, here.place, names)
    away = np.array([name != here.place for name in names])
    usual = visits * fit
    own = (
        share,
        usual,
        steps,
        (steps + share / 2) * fit,
        lately,
        towards * usual,
        np.sqrt(visits) * fit * away,
        usual * np.exp(-stale / _RECENT_DAYS),
        usual * np.exp(-stale / _RETURN_DAYS) * away * (stale > 0),
    )
    context = int(np.digitize(steps.sum(), _STEPPED, right=True)), int(np.digitize(counted, _KNOWN))
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


def _fit_of_hours(known: Places, wanted: Row) -> tuple[Row, int]:
    """For each place (w + k m) / (n + k): w its visits in the wanted cells, m the mean share; and all n."""
    weights = wanted.tolist()  # plain numbers: indexing an array one by one is slow
    near = np.array([sum(n * weights[c] for c, n in p.cells.items()) for p in known.places.values()])
    counts = np.array([sum(place.cells.values()) for place in known.places.values()])
    mean = near.sum() / max(counts.sum(), 1)
    return (near + _HOURS_PRIOR * mean + _NEVER) / (counts + _HOURS_PRIOR), int(counts.sum())


def _steps_from(known: Places, here: Visit, names: Sequence[str]) -> Row:
    from_here = {to: counter for (start, to), counter in known.steps.items() if start == here.place}
    found = {to: strength(counter, here.day) / UNIT for to, counter in from_here.items()}
    return np.array([found.get(name, 0.0) for name in names])


def _pull_of_others(model: PlaceModel, here: str, names: Sequence[str]) -> Row:
    steps = model.steps.get(here, {})
    return np.array([steps.get(name, 0) / (model.visits.get(name, 0) + 1) + 0.01 for name in names])


def _normalised(column: Row) -> Row:
    total = float(column.sum())
    return np.asarray(column / total) if total > 0 else column


def _with_everybody(
    names: Sequence[str], own: Sequence[Row], model: PlaceModel, here: str, context: Context
) -> Foretold:
    steps, liked = model.steps.get(here, {}), model.popular
    after = {place: count / model.visits[here] for place, count in steps.items()}
    everywhere = list(dict.fromkeys([*names, *after, *liked]))
    given = np.zeros((len(everywhere), COMPONENTS))
    given[: len(names), : len(own)] = np.stack(own, axis=1) if names else 0
    given[:, -2] = [after.get(place, 0.0) for place in everywhere]
    given[:, -1] = [liked.get(place, 0.0) for place in everywhere]
    return Foretold(everywhere, given, context)

"""The baseline of next place: an unbounded interpolation, rerun on the same rows.

Of each candidate: the person's visits, decayed (60 days); the person's visits at such hours (48 cells,
1.2 h, 0.35 on the other day type); the person's steps from here, decayed; everybody's steps from here;
everybody's visits. One set of weights, by EM on the second span.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from herenow.learning.mixture import fit_weights
from herenow.learning.places import Visit

HALF_LIFE = 60.0
_COMPONENTS = 5


def ranks(people: Sequence[Sequence[Visit]], cuts: tuple[float, float, float], *, knows: bool) -> list[int]:
    """The rank, from 0, of each tested check-in."""
    visits, steps = _tables(history[: int(len(history) * cuts[0])] for history in people)
    fitted, tested = [], []
    for history in people:
        fits, tests, end = (int(len(history) * cut) for cut in cuts)
        for at, told in _told(history[:end], visits, steps, fits, knows=knows):
            (tested if at >= tests else fitted).append((told, history[at].place))
    nothing = np.zeros(_COMPONENTS)
    weights = fit_weights(np.stack([told.get(place, nothing) for told, place in fitted]))
    return [_rank(told, place, weights) for told, place in tested]


def _rank(told: dict[str, Any], place: str, weights: Any) -> int:
    if place not in told:
        return 10**9
    truth = told[place] @ weights
    return sum(bool(row @ weights >= truth) for row in told.values()) - 1


def _tables(histories: Any) -> tuple[Counter[str], dict[str, Counter[str]]]:
    visits: Counter[str] = Counter()
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    for history in histories:
        visits.update(visit.place for visit in history)
        for before, after in pairwise(history):
            steps[before.place][after.place] += 1
    return visits, steps


def _told(
    history: Sequence[Visit], visits: Any, steps: Any, start: int, *, knows: bool
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Candidates with what each component gives them, for each check-in from ``start``."""
    own: dict[str, float] = defaultdict(float)
    hours: dict[str, Any] = defaultdict(lambda: np.zeros(48))
    after: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    popular = visits.most_common(30)
    for at, visit in enumerate(history):
        if at and at >= start:
            here = history[at - 1]
            near = _NEAR[visit.cell if knows else here.cell]
            everybody = steps.get(here.place, Counter())
            columns = (
                _shares(own),
                _shares({place: float(cells @ near) for place, cells in hours.items()}),
                _shares(after[here.place]),
                {to: n / everybody.total() for to, n in everybody.most_common(50)},
                {to: n / visits.total() for to, n in popular},
            )
            yield at, _table(columns)
        weight = 2.0 ** ((visit.day - history[0].day) / HALF_LIFE)  # decay, seen from the end
        own[visit.place] += weight
        hours[visit.place][visit.cell] += weight
        if at:
            after[history[at - 1].place][visit.place] += weight


def _table(columns: Sequence[dict[str, float]]) -> dict[str, Any]:
    table: dict[str, Any] = defaultdict(lambda: np.zeros(_COMPONENTS))
    for at, column in enumerate(columns):
        for place, share in column.items():
            table[place][at] = share
    return table


def _shares(counts: dict[str, float]) -> dict[str, float]:
    total = sum(counts.values())
    return {place: count / total for place, count in counts.items()} if total else {}


def _near() -> Any:
    apart = np.abs(np.arange(24)[:, None] - np.arange(24))
    by_hour = np.exp(-(np.minimum(apart, 24 - apart) ** 2) / (2 * 1.2**2))
    return np.kron([[1, 0.35], [0.35, 1]], by_hour)


_NEAR = _near()

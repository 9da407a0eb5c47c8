"""From counts to a model: the formulas of ``herenow.learning`` on what SQL counted.

Every part that too few people would stand behind stays as in ``Model.EMPTY``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np

from herenow.learning.best_time import CELLS, TimeModel, fit_times, people_of_rhythms
from herenow.learning.model import (
    ANY,
    LEAST_PEOPLE,
    USUAL_DAYS,
    ItemModel,
    Model,
    Priors,
    Returning,
    no_places,
)
from herenow.learning.model_file import named
from herenow.learning.neighbours import RIDGE, nearest, together
from herenow.learning.next_place import (
    FOLLOWING,
    POPULAR,
    PlaceModel,
    foretold,
    with_weights,
)
from herenow.learning.places import Places, Visit, visited
from herenow.learning.purchases import WEEK, BgNbd, Customers, fit_purchases
from herenow.priors.counting import Counting

NEIGHBOURS: Final = 50
MOST_ITEMS: Final = 5_000
"""Items with neighbours: the matrix of all pairs is inverted, in the cube of their number."""
HISTORY: Final = 200
"""Latest items of a person that count."""
MOST_PEOPLE: Final = 5_000
"""People whose hours are looked at one by one."""
MOST_TRAILS: Final = 1_000
"""People whose visits weights are fitted on."""

_SCALE: Final = 1024
_TO_1024THS: Final = 10
"""From the 1048576ths that SQL adds up."""
_DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1)
_EARLY: Final = 0.8
"""Of the days, for what is fitted on what came after."""
_RIDGE_PEOPLE: Final = 1000.0
"""How many people ``RIDGE`` was measured with."""
_CELL_PRIOR: Final = 0.05


def fit(counts: Counting, days: tuple[date, date]) -> Model:
    """The model of the days from the first to the last, under the name of its content."""
    people = counts.ask("people")[0][0]
    if people < LEAST_PEOPLE:
        return Model.EMPTY
    return named(
        Model(
            people=people,
            facets=_by_facet(counts.ask("tastes")),
            segments={
                segment: _by_facet(row[1:] for row in rows)
                for segment, rows in groupby(counts.ask("segment_tastes"), key=itemgetter(0))
            },
            times=_times(counts, _split_ms(days)),
            places=_places(counts),
            items=_items(counts),
            returning=_returning(counts, (days[1] - _EPOCH).days),
            offers={(form, part): (float(n), float(y)) for form, part, n, y in counts.ask("offers")},
        )
    )


def _by_facet(rows: Iterable[tuple[Any, ...]]) -> Priors:
    return {
        facet: {value: int(share) >> _TO_1024THS for _, value, share in values}
        for facet, values in groupby(rows, key=itemgetter(0))
    }


def _split_ms(days: tuple[date, date]) -> int:
    first, last = ((day - _EPOCH).days for day in days)
    return int(first + (last + 1 - first) * _EARLY) * _DAY_MS


def _times(counts: Counting, split_ms: int) -> dict[str, TimeModel]:
    """Of every channel that enough people use, and of all channels together."""
    rows = counts.ask("hours", split_ms=split_ms, most_people=MOST_PEOPLE)
    found = {channel: _counted(part) for channel, part in groupby(rows, key=itemgetter(0))}
    found[ANY] = _counted(rows)
    return {
        channel: _fitted_times(early, late)
        for channel, (early, late) in found.items()
        if len(early) >= LEAST_PEOPLE and early.sum() and late.sum()
    }


def _counted(rows: Iterable[tuple[Any, ...]]) -> tuple[Any, Any]:
    """Person × cell, of both spans."""
    told = list(rows)
    at = {who: turn for turn, who in enumerate(dict.fromkeys(row[1] for row in told))}
    spans = np.zeros((2, len(at), CELLS))
    for _, who, cell, early, late in told:
        spans[:, at[who], cell] += early, late
    return spans[0], spans[1]


def _fitted_times(early: Any, late: Any) -> TimeModel:
    """Rhythms that fewer than ``LEAST_PEOPLE`` people have are everybody's hours."""
    model = fit_times(early, late)
    few = people_of_rhythms(early + late, model) < LEAST_PEOPLE
    rhythms = np.where(few[:, None], model.hours, model.rhythms)
    return TimeModel(model.hours, rhythms, model.weights)


def _places(counts: Counting) -> PlaceModel:
    visits = {place: int(n) for place, n in counts.ask("visits")}
    if not visits:
        return no_places()
    steps = {
        before: {after: int(n) for _, after, n in list(rows)[:FOLLOWING]}
        for before, rows in groupby(counts.ask("steps"), key=itemgetter(0))
    }
    cells = np.full((48, 48), _CELL_PRIOR)
    for before, after, n in counts.ask("cells"):
        cells[before, after] += n
    total = sum(visits.values())
    popular = {place: n / total for place, n in list(visits.items())[:POPULAR]}
    model = PlaceModel(visits, steps, popular, cells / cells.sum(axis=1, keepdims=True))
    return _weighed(model, counts.ask("trails", most_people=MOST_TRAILS))


def _weighed(model: PlaceModel, trails: list[tuple[Any, ...]]) -> PlaceModel:
    """Weights that best foretell the last visits of people from those before."""
    outcomes = []
    people = 0
    for _, rows in groupby(trails, key=itemgetter(0)):
        trail = [Visit(place, day, cell) for _, place, day, cell in rows]
        known, people = Places(), people + 1
        for turn, visit in enumerate(trail):
            if turn and turn >= len(trail) * _EARLY:
                told = foretold(known, model, trail[turn - 1])
                outcomes.append((told.of(visit.place), told.context))
            known = visited(known, visit)
    return with_weights(model, outcomes) if people >= LEAST_PEOPLE and outcomes else model


def _items(counts: Counting) -> ItemModel:
    people = {item: int(n) for item, n in counts.ask("items")}
    names = list(people)[:MOST_ITEMS]
    counts.keep("known", item=names, code=range(len(names)))
    gram = np.zeros((len(names), len(names)))
    for one, other, n in counts.ask("pairs", most_items=HISTORY):
        gram[one, other] = gram[other, one] = n
    return ItemModel(people, _neighbours(names, gram))


def _neighbours(names: list[str], gram: Any) -> dict[str, tuple[tuple[str, int], ...]]:
    """The strongest of each item, in 1024ths of the strongest of all; pairs of few people are not told."""
    if not names:
        return {}
    ridge = RIDGE * min(1.0, float(gram.diagonal().max()) / _RIDGE_PEOPLE)
    table = np.where(gram >= LEAST_PEOPLE, together(gram, ridge), 0.0)
    np.fill_diagonal(table, 0.0)
    unit = max(float(table.max()), 1e-9) / _SCALE
    told = {}
    for item, near in zip(names, nearest(table, NEIGHBOURS), strict=True):
        weighed = [(names[at], round(weight / unit)) for at, weight in near]
        kept = tuple((name, weight) for name, weight in weighed if weight > 0)
        if kept:
            told[item] = kept
    return told


def _returning(counts: Counting, last_day: int) -> Returning:
    usual = [days for (days,) in counts.ask("gaps") if days]
    categories = {category: float(days) for category, days in counts.ask("category_gaps")}
    bought = _bought(counts.ask("buyers", last_day=last_day))
    return Returning(float(usual[0]) if usual else USUAL_DAYS, categories, bought)


def _bought(buyers: list[tuple[Any, ...]]) -> BgNbd | None:
    """BG/NBD of those who bought, when enough of them came back, and unlike each other."""
    if sum(n for repeats, _, _, n in buyers if repeats) < LEAST_PEOPLE:
        return None
    columns = np.array(buyers, dtype=float)
    repeats, last, seen = (np.repeat(columns[:, at], columns[:, 3].astype(int)) for at in range(3))
    fitted = fit_purchases(Customers(repeats, last / WEEK, seen / WEEK))
    return fitted if fitted.plausible else None

"""Next place: how often the venue a person goes to next is the first told, or among the first five.

Data: ``checkins/nyc.csv.gz`` of the development data. Protocol: of each person's check-ins the first 70 %
make the tables of everybody, the next 10 % fit the weights, the last 20 % are the test; predictions are
prequential (a person's own places follow every earlier check-in). *Unknown hour* uses the hour of the
check-in before; *known hour* the hour in question, which is not comparable with published figures. The
baseline, rerun on the same rows, is an unbounded interpolation of decayed visits, hours (48 cells), the
person's steps and everybody's, with one set of weights. The size is that of a person's places at the end of
the data, as compact JSON, and compressed as they are stored. Intervals are those of resampled check-ins,
paired with the baseline's.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tests.evaluation import next_place_baseline as baseline
from tests.evaluation.bootstrap import interval, paired_difference
from tests.evaluation.checkins import read_checkins

from herenow.learning.next_place import (
    COMPONENTS,
    Foretold,
    PlaceModel,
    earned_more,
    fit_places,
    foretold,
    weights_of,
    with_weights,
)
from herenow.learning.places import Places, Visit, cell_of, stored, visited

FIRST, SECOND = 0.7, 0.8
_FAR = 10**9
_NOTHING = (0.0,) * COMPONENTS

Histories = Sequence[Sequence[Visit]]


@dataclass(frozen=True, slots=True)
class Case:
    """One check-in to foretell: who, what was told, where it went, and whether it is of the test."""

    person: int
    told: Foretold
    place: str
    tested: bool


def rows(data: Path, first: float = FIRST, second: float = SECOND, last: float = 1.0) -> list[dict[str, Any]]:
    """Accuracy at 1 and 5 without and with the hour. Raises ``FileNotFoundError`` without the file."""
    people = [[_visit(checkin) for checkin in history] for history in read_checkins(data).values()]
    histories = [history[: int(len(history) * last)] for history in people]
    tables = fit_places(history[: int(len(history) * first)] for history in people)
    told: list[dict[str, Any]] = []
    sizes = _sizes(histories)
    for name, knows in (("hour unknown", False), ("hour known", True)):
        cases = list(_cases(people, histories, tables, (first, second), knows=knows))
        ours, theirs = ranks(cases, tables), baseline.ranks(people, (first, second, last), knows=knows)
        told += [_row(f"Acc@{most}, {name}", most, ours, theirs, sizes) for most in (1, 5)]
    return told


def ranks(cases: Sequence[Case], tables: PlaceModel) -> list[int]:
    """The rank, from 0, of each tested check-in; weights are fitted on the others and adapt to the person."""
    fitted = [(case.told.of(case.place), case.told.context) for case in cases if not case.tested]
    model = with_weights(tables, fitted)
    earned: dict[int, Sequence[float]] = {}
    found = []
    for case in cases:
        weights = weights_of(model, case.told.context, earned.get(case.person, _NOTHING))
        given = case.told.of(case.place)
        if case.tested:
            found.append(rank(case.told, weights, case.place))
        earned[case.person] = earned_more(earned.get(case.person, _NOTHING), given, weights)
    return found


def rank(told: Foretold, weights: Any, place: str) -> int:
    """How many places are told at least as likely as this one; far behind when nothing was told of it."""
    if place not in told.names:
        return _FAR
    chances = told.given @ weights
    return int((chances >= chances[told.names.index(place)]).sum()) - 1


def _cases(
    people: Histories, histories: Histories, tables: PlaceModel, cuts: tuple[float, float], *, knows: bool
) -> Iterator[Case]:
    for person, history in enumerate(histories):
        known = Places()
        fits, tests = (int(len(people[person]) * cut) for cut in cuts)
        for at, visit in enumerate(history):
            if at >= max(fits, 1):
                told = foretold(known, tables, history[at - 1], visit.cell if knows else None)
                yield Case(person, told, visit.place, at >= tests)
            known = visited(known, visit)


def _sizes(histories: Histories) -> dict[str, int]:
    texts = []
    for history in histories:
        known = Places()
        for visit in history:
            known = visited(known, visit)
        texts.append(json.dumps(stored(known), separators=(",", ":")).encode())
    return {
        "p99 JSON bytes": int(np.percentile([len(text) for text in texts], 99)),
        "most JSON bytes": max(map(len, texts)),
        "most stored bytes": max(len(zlib.compress(text)) for text in texts),
    }


def _visit(checkin: Any) -> Visit:
    return Visit(checkin.venue, checkin.day, cell_of(checkin.weekday, checkin.hour))


def _row(measure: str, most: int, ours: list[int], theirs: list[int], sizes: Any) -> dict[str, Any]:
    hit, base = ([float(each < most) for each in found] for found in (ours, theirs))
    low, high = interval(hit)
    difference, least, greatest = paired_difference(hit, base)
    return {
        "measure": measure,
        "n": len(hit),
        "ours": float(np.mean(hit)),
        "low": low,
        "high": high,
        "interpolation": float(np.mean(base)),
        "difference": difference,
        "difference low": least,
        "difference high": greatest,
        **sizes,
    }

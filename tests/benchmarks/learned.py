"""What a learned profile costs: to learn a beacon, and to read a profile and derive what a launch stands on.

Figures are of the processor's time: they are of microseconds, and whatever else runs on the machine would be
measured with them. Everybody read is another person and no best hour is remembered, as when somebody comes
back after a day.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
from tests.benchmarks.figures import Bound, Figure, SingleFigure, timed
from tests.benchmarks.synthetic import beacons_of_a_person

from herenow.launch.history import FEATURES as OF_HISTORY
from herenow.launch.history import history_of
from herenow.learning import own_week
from herenow.learning.best_time import CELLS, fit_times
from herenow.learning.model import Model
from herenow.profiles.learned.deriving import EVERY, derived
from herenow.profiles.learned.document import NOTHING, Learned
from herenow.profiles.learned.folding import caught_up
from herenow.profiles.learned.moment import LocalMoment
from herenow.profiles.learned.packing import restored, stored
from herenow.storage.ports import LogRecord
from herenow_sdk.core.clock import DAY
from herenow_sdk.core.profile.attributes import learned_attributes
from herenow_sdk.core.profile.tastes import affinities
from herenow_sdk.core.zones import UTC

_FOLDING: Final = Bound("≤", 50, "µs")
_KNOWING: Final = Bound("≤", 0.2, "ms")
_TOLD: Final = 5_000
_ROUNDS: Final = 5
_PEOPLE: Final = 16
_OFFSET_S: Final = 19_800
_ASKED: Final = frozenset({"lifecycle.stage", "habit.usual_now", "habit.at_usual_place", "churn.risk"})
_TASTES: Final = ("affinity.category.tag-1", "events.purchase.count_60d")
"""What conditions like those of the example app read."""


@dataclass(frozen=True, slots=True)
class Returning:
    """Somebody who opens the app: what is stored of them, when, and since when they are known."""

    held: dict[str, Any]
    moment: LocalMoment
    installed_at: int


def learning() -> Iterator[Figure]:
    """What a beacon costs to learn: the mean over a realistic mix, from nothing to a full profile."""
    told = _records("person")
    seconds = sorted(_cpu_s(told) for _ in range(_ROUNDS))
    each = seconds[_ROUNDS // 2] / _TOLD * 1e6
    yield SingleFigure(f"learn a beacon, mean of {_TOLD:,}, CPU", each, "µs", _FOLDING)


def knowing(seconds: float) -> Iterator[Figure]:
    """From the stored profile of an eager person to what a decision stands on."""
    people = [_returning(f"person {number}") for number in range(_PEOPLE)]
    for name, model in (("nothing known of others", Model.EMPTY), ("30 rhythms", _of_rhythms())):
        for asked_name, asked in (("those of conditions", _ASKED), ("every attribute", EVERY)):
            call, title = partial(_know, asked, model), f"read a profile, derive {asked_name}, {name}, CPU"
            yield timed(
                title, call, people, seconds=seconds, bound=_KNOWING, clock=time.thread_time, held="p50"
            )
    order = partial(_features, [restored(each.held) or NOTHING for each in people])
    places = list(range(_PEOPLE))
    yield timed("features for ordering, CPU", order, places, seconds=seconds, clock=time.thread_time)


def _know(asked: Collection[str], model: Model, person: Returning) -> None:
    own_week.forget()
    learned = restored(person.held) or NOTHING
    learned_attributes({"learned": learned.taught}, _TASTES, UTC, person.moment.now)
    derived(learned, model, asked, person.moment, person.installed_at)


def _features(people: list[Learned], number: int) -> None:
    learned = people[number]
    moment = LocalMoment(learned.last_ms // 1000, _OFFSET_S)
    affinities(learned.taught, moment.day)
    history_of(learned, Model.EMPTY, OF_HISTORY, moment)


def _returning(person: str) -> Returning:
    """As they were at the last of their records that were stored."""
    known = caught_up(NOTHING, _records(person))
    moment = LocalMoment(known.last_ms // 1000 + 3600, _OFFSET_S)
    held = stored(known)
    assert held is not None, "the guard of the last record made room"
    return Returning(held, moment, known.first_day * DAY)


def _records(person: str) -> list[LogRecord]:
    count = _TOLD // 32 * 32  # the last position is one at which what has grown too large is made to fit
    return [LogRecord(at, each) for at, each in enumerate(beacons_of_a_person(count, person), 1)]


def _of_rhythms() -> Model:
    """A model with as many rhythms as one that was learned, of people who come at an hour of their own."""
    draw = np.random.default_rng(1)
    usual = np.full((200, CELLS), 0.05)
    usual[np.arange(200), draw.integers(0, CELLS, 200)] = 5.0
    before, after = (draw.poisson(usual * share).astype(float) for share in (3, 1))
    return replace(Model.EMPTY, times={"app": fit_times(before, after)})


def _cpu_s(told: list[LogRecord]) -> float:
    started = time.thread_time()
    caught_up(NOTHING, told)
    return time.thread_time() - started

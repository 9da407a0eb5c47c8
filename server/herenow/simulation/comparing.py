"""What was learned against what is true, person by person and over everybody.

Only what the server states is judged: where it says nothing it cannot be wrong, and that it says nothing is
counted beside. Nobody is judged of whom nothing may be learned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.simulation.learned import Known
from herenow.simulation.people import Person
from herenow.simulation.scenery import Scenery
from herenow.simulation.timetable import DAY_HOURS, SATURDAY
from herenow.simulation.usual_hours import usual_hours

TOP_HOURS: Final = 24
"""A best hour is right when it is among so many of the 168 in which somebody is likeliest to look."""
_TOP_VALUES: Final = 3
RIPE_DAYS: Final = 14
"""Before two weeks nobody can tell a habit from chance, so that none counts as missed."""
MANY: Final = 10**8
BANDS: Final = ((1, 5), (5, 15), (15, 10**9))
"""Evidence, from and before, by which tastes are judged apart."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One person: ``None`` is what nothing was said about.

    ``taste`` is Pearson's correlation with the true shares over the values; ``first`` whether the value said
    to be liked best is among the three that are. ``habits_right`` of ``habits_stated`` stated hours are ones
    in which something mostly happens, and ``habits_found`` of the ``habits_true`` hours of habits are stated.
    """

    person: Person
    known: Known
    taste: float | None
    first: bool | None
    habits_stated: int
    habits_right: int
    habits_true: int
    habits_found: int
    best_hour: bool | None
    form: bool | None
    places_right: int = 0
    places_told: int = 0


def judge(scenery: Scenery, person: Person, known: Known, days_lived: int) -> Judged:
    """Compare one person with what is known of them."""
    true, habits = usual_hours(scenery, person), person.timetable.habit_cells()
    stated = {each.cell for each in known.habits}
    ripe = days_lived >= RIPE_DAYS
    return Judged(
        person,
        known,
        taste=_taste(scenery, person, known),
        first=_first(scenery, person, known),
        habits_stated=len(stated),
        habits_right=len(stated & true),
        habits_true=len(habits) if ripe else 0,
        habits_found=len(stated & habits) if ripe else 0,
        best_hour=_best_hour(person, known),
        form=None if known.form is None else known.form == person.form,
        places_right=sum(right for right in _places(person, known)),
        places_told=len(_places(person, known)),
    )


def _taste(scenery: Scenery, person: Person, known: Known) -> float | None:
    if not known.tastes:
        return None
    said = np.array([known.tastes.get(value, 0.0) for value in scenery.values])
    return None if (said == said[0]).all() else correlation(said, person.taste)


def _first(scenery: Scenery, person: Person, known: Known) -> bool | None:
    said = {value: known.tastes[value] for value in scenery.values if known.tastes.get(value, 0) > 0}
    if not said:
        return None
    best = {scenery.values[index] for index in np.argsort(-person.taste)[:_TOP_VALUES]}
    return max(said, key=lambda value: said[value]) in best


def _places(person: Person, known: Known) -> list[bool]:
    """Of the hours of habits, in which a likeliest place is known: whether it is the habit's."""
    habits = person.timetable.habits if person.places else ()
    cells = {
        (day >= SATURDAY) * DAY_HOURS + habit.hour: habit.place for habit in habits for day in habit.weekdays
    }
    return [place in known.places[cell] for cell, place in cells.items() if cell in known.places]


def _best_hour(person: Person, known: Known) -> bool | None:
    if not known.hours:
        return None
    top = np.argsort(-person.timetable.rates(), kind="stable")[:TOP_HOURS]
    return max(known.hours, key=lambda cell: (known.hours[cell], -cell)) in top


def correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Pearson's; 0 where one does not vary."""
    apart = [each - each.mean() for each in (one, other)]
    norm = float(np.linalg.norm(apart[0]) * np.linalg.norm(apart[1]))
    return float(apart[0] @ apart[1]) / norm if norm else 0.0


def of_everybody(judged: Sequence[Judged]) -> float:
    """How well people are described by what all others like on average: what learning has to beat."""
    tastes = np.array([each.person.taste for each in judged])
    total = tastes.sum(axis=0)
    return float(np.mean([correlation(total - each, each) for each in tastes])) if len(tastes) else 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """0 where nothing was counted."""
        return self.hits / self.of if self.of else 0.0

    def told(self) -> str:
        """``83 % (41 of 49)``."""
        return f"{self.value * 100:.0f} % ({self.hits} of {self.of})" if self.of else "nothing stated yet"


def share(told: Iterable[bool | None]) -> Share:
    """Of those that were stated."""
    stated = [each for each in told if each is not None]
    return Share(sum(stated), len(stated))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Over everybody: the mean correlation of tastes by evidence (people, mean), and shares."""

    people: int
    tastes: tuple[tuple[int, float], ...]
    everybody: float
    first: Share
    habits_right: Share
    habits_found: Share
    best_hour: Share
    form: Share
    places: Share
    largest: int


def aggregate(judged: Sequence[Judged]) -> Aggregate:
    """Sum up."""
    return Aggregate(
        people=len(judged),
        tastes=tuple(_band(judged, lambda n, low=low, high=high: low <= n < high) for low, high in BANDS),  # type: ignore[misc]
        everybody=of_everybody(judged),
        first=share(each.first for each in judged),
        habits_right=Share(
            sum(each.habits_right for each in judged), sum(each.habits_stated for each in judged)
        ),
        habits_found=Share(
            sum(each.habits_found for each in judged), sum(each.habits_true for each in judged)
        ),
        best_hour=share(each.best_hour for each in judged),
        form=share(each.form for each in judged),
        places=Share(sum(each.places_right for each in judged), sum(each.places_told for each in judged)),
        largest=max((size for each in judged for size in each.known.stored), default=0),
    )


def _band(judged: Sequence[Judged], within: Callable[[int], bool]) -> tuple[int, float]:
    found = [each.taste for each in judged if each.taste is not None and within(each.known.evidence)]
    return len(found), float(np.mean(found)) if found else 0.0

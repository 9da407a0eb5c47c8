"""When people do what: habits by weekday and hour, and idle looks in between. Local time throughout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

HOUR_S: Final = 3600
DAY_HOURS: Final = 24
WEEK_DAYS: Final = 7
SATURDAY: Final = 5
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORK_BEGINS: Final = 9
WORK_ENDS: Final = 18
BEFORE_S: Final = 900
"""They arrive where a habit leads so long before they look into the app."""
AFTER_S: Final = 2400
"""And leave so long after."""
_WORKDAYS: Final = (0, 1, 2, 3, 4)
LUNCH: Final = "the lunch place"
FAVOURITE: Final = "the favourite"


@dataclass(frozen=True, slots=True)
class Habit:
    """Something done on certain weekdays at an hour, mostly: ``kept`` is how likely on such a day.

    ``place`` names one of the person's places; ``buys`` how likely they want to buy then.
    """

    weekdays: tuple[int, ...]
    hour: int
    place: str
    kept: float
    buys: float

    def told(self) -> str:
        """``Mon, Fri at 12:00, at work``."""
        days = ", ".join(WEEKDAYS[day] for day in self.weekdays)
        return f"{days} at {self.hour}:00, at {self.place}"


@dataclass(frozen=True, slots=True)
class Timetable:
    """A person's week. ``idle`` is how likely each hour of a day is for a look without a habit.

    ``looks`` is how many such looks a day has on average.
    """

    habits: tuple[Habit, ...]
    idle: NDArray[np.float64]
    looks: float

    def rates(self) -> NDArray[np.float64]:
        """Expected visits in each of the 168 hours of a week, from Monday's midnight."""
        week = np.tile(self.idle * self.looks, WEEK_DAYS)
        for habit in self.habits:
            for day in habit.weekdays:
                week[day * DAY_HOURS + habit.hour] += habit.kept
        return week

    def habit_cells(self) -> set[int]:
        """The hours of the week of habits."""
        return {day * DAY_HOURS + habit.hour for habit in self.habits for day in habit.weekdays}

    @property
    def works(self) -> bool:
        """Whether they go to work."""
        return _works(self.habits)


@dataclass(frozen=True, slots=True)
class Visit:
    """One look into the app: seconds after local midnight, where, and how much it is for buying."""

    second: int
    place: str
    buys: float
    habit: bool


def visits(table: Timetable, weekday: int, random: Generator) -> Iterator[Visit]:
    """The visits of one day. Each habit is kept or missed; idle looks come by chance."""
    for habit in table.habits:
        if weekday in habit.weekdays and random.random() < habit.kept:
            yield Visit(
                habit.hour * HOUR_S + int(random.integers(0, 50 * 60)), habit.place, habit.buys, habit=True
            )
    for _ in range(int(random.poisson(table.looks))):
        hour = int(random.choice(DAY_HOURS, p=table.idle))
        place = where_at(table.habits, weekday, hour)
        yield Visit(hour * HOUR_S + int(random.integers(0, 50 * 60)), place, _IDLE_BUYS, habit=False)


_IDLE_BUYS: Final = 0.12


def where_at(habits: Sequence[Habit], weekday: int, hour: int) -> str:
    """Where somebody is: at a habit's place in its hour, at work in working hours, or else at home."""
    for habit in habits:
        if weekday in habit.weekdays and habit.hour == hour:
            return habit.place
    return "work" if _works(habits) and weekday in _WORKDAYS and WORK_BEGINS <= hour < WORK_ENDS else "home"


def _works(habits: Sequence[Habit]) -> bool:
    return any(habit.place in {"work", LUNCH} for habit in habits)


def draw_timetable(random: Generator) -> Timetable:
    """A week as somebody may have it: one habit to three, quieter or livelier, an early or a late person."""
    drawn = (_noon(random), _evening(random), _weekend(random))
    keeps = random.random(3) < (0.65, 0.55, 0.45)
    habits = tuple(each for each, kept in zip(drawn, keeps, strict=True) if kept) or (drawn[0],)
    return Timetable(habits, _idle(float(random.choice([8.5, 16.0, 21.0]))), float(random.uniform(0.3, 0.9)))


def _noon(random: Generator) -> Habit:
    """Out for lunch from work, two days of the week or three, around noon."""
    days = tuple(sorted(int(day) for day in random.choice(5, size=int(random.integers(2, 4)), replace=False)))
    return Habit(days, int(random.integers(12, 14)), LUNCH, float(random.uniform(0.85, 0.98)), 0.75)


def _evening(random: Generator) -> Habit:
    """At home, one evening or two of the week."""
    days = tuple(sorted(int(day) for day in random.choice(5, size=int(random.integers(1, 3)), replace=False)))
    return Habit(days, int(random.integers(18, 22)), "home", float(random.uniform(0.8, 0.95)), 0.6)


def _weekend(random: Generator) -> Habit:
    """Out, on one day of the weekend."""
    day = int(random.integers(5, 7))
    return Habit((day,), int(random.integers(12, 20)), FAVOURITE, float(random.uniform(0.8, 0.95)), 0.7)


def _idle(around: float) -> NDArray[np.float64]:
    """Chances of the hours of a day: a hump round one of them, nothing in the night."""
    hours = np.arange(DAY_HOURS)
    chances = np.exp(-(((hours - around) / 3.0) ** 2) / 2) + 0.05
    chances[:7] = 0.0
    return np.asarray(chances / chances.sum())

"""Where somebody stands with an app, and when they are due again, each with its reason.

What counts is the *goal* of the app (a purchase, an order, a finished lesson), at most once a day, whatever
the order in which they arrive and the device that tells them: the latest ``HELD`` days are held to know by. A
person's usual interval is the mean of their own gaps shrunk towards the app's: (sum of gaps + k * usual) /
(n + k), with k = ``GAPS_PRIOR`` gaps; the same per category tells when it is due again. Silence is measured
in usual intervals, so that who comes weekly is missed within weeks and who comes yearly is not.

Stages: *new* (no goal yet) → *activated* → *engaged* → *loyal*; silence leads to *at risk*, then *lapsed*;
who returns after having lapsed is *won back* until that is a habit again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

GAPS_PRIOR: Final = 2.0
ENGAGED_DAYS: Final = 3
LOYAL_DAYS: Final = 8
LOYAL_SPAN: Final = 56
"""Days from the first goal to the last."""
RISK_INTERVALS: Final = 2.0
LAPSED_INTERVALS: Final = 4.0
WON_BACK_DAYS: Final = 3
"""From so many goals after a return on, it is a habit again."""
HELD: Final = 24
"""The latest days with a goal, known one by one; an earlier one that arrives late counts as another."""
NEW_DAYS: Final = 30
"""Who has reached no goal within so many days is at risk, and lapsed after twice as many."""


class Stage(StrEnum):
    """Where somebody stands."""

    NEW = "new"
    ACTIVATED = "activated"
    ENGAGED = "engaged"
    LOYAL = "loyal"
    AT_RISK = "at_risk"
    LAPSED = "lapsed"
    WON_BACK = "won_back"


class Why(StrEnum):
    """Why somebody stands there."""

    NO_GOAL_YET = "no_goal_yet"
    NO_GOAL_FOR_LONG = "no_goal_for_long"
    REACHED_A_GOAL = "reached_a_goal"
    RETURNED = "returned"
    RETURNED_FOR_WEEKS = "returned_for_weeks"
    SILENT_LONGER_THAN_USUAL = "silent_longer_than_usual"
    SILENT_MUCH_LONGER_THAN_USUAL = "silent_much_longer_than_usual"
    BACK_AFTER_A_LAPSE = "back_after_a_lapse"


@dataclass(frozen=True, slots=True)
class Course:
    """Goals by day: how many days, the first and the last; days since the return, when there was a lapse.

    ``held`` are the latest days themselves, in order; of what an earlier version stored there are none.
    """

    days: int = 0
    first: int = 0
    last: int = 0
    since_return: int | None = None
    held: tuple[int, ...] = ()

    def known(self) -> set[int]:
        """The days that are known to have counted."""
        return {*self.held, self.first, self.last}


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage, its reason, and the numbers behind both, in days."""

    stage: Stage
    why: Why
    silent: int
    interval: float


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due again: the day, how far along (1.0 is due), and how many own gaps say so."""

    day: int
    progress: float
    gaps: int


def reached(course: Course, day: int, usual: float) -> Course:
    """The course with a goal on a day; ``usual`` is the app's interval. Another on that day counts no more.

    A goal that arrives after a later one counts as a day of its own, and starts no return.
    """
    if not course.days:
        return Course(1, day, day, held=(day,))
    if day in course.known():
        return course
    counted_days, held = course.days + 1, _latest({*course.held, day})
    if day < course.last:
        return replace(course, days=counted_days, first=min(course.first, day), held=held)
    lapsed = day - course.last > LAPSED_INTERVALS * interval(course, usual)
    counted = None if course.since_return is None else course.since_return + 1
    return replace(course, days=counted_days, last=day, since_return=1 if lapsed else counted, held=held)


def joined(one: Course, other: Course) -> Course:
    """The course of one person on two installations; a day on which both reached a goal counts once."""
    if not (one.days and other.days):
        return one if one.days else other
    later = max((one, other), key=lambda course: (course.last, course.since_return or 0))
    first, last = min(one.first, other.first), max(one.last, other.last)
    days = one.days + other.days - len(one.known() & other.known())
    return Course(days, first, last, later.since_return, _latest({*one.held, *other.held}))


def interval(course: Course, usual: float) -> float:
    """The usual days between two goals of this person: own gaps, shrunk towards the app's."""
    gaps = max(course.days - 1, 0)
    return (course.last - course.first + GAPS_PRIOR * usual) / (gaps + GAPS_PRIOR)


def standing(course: Course, installed: int, today: int, usual: float) -> Standing:
    """Where somebody stands today who installed the app on the day ``installed``."""
    if not course.days:
        return _without_goal(max(today - installed, 0))
    own, silent = interval(course, usual), max(today - course.last, 0)
    stage, why = _silence(silent / max(own, 1.0)) or _growth(course)
    return Standing(stage, why, silent, own)


def due_again(course: Course, today: int, usual: float) -> Due | None:
    """When the next is due, by the person's own interval; ``None`` before the first."""
    if not course.days:
        return None
    own = max(interval(course, usual), 1.0)
    return Due(course.last + round(own), (today - course.last) / own, course.days - 1)


def _latest(days: set[int]) -> tuple[int, ...]:
    return tuple(sorted(days)[-HELD:])


def _without_goal(age: int) -> Standing:
    if age <= NEW_DAYS:
        return Standing(Stage.NEW, Why.NO_GOAL_YET, age, float(NEW_DAYS))
    stage = Stage.AT_RISK if age <= 2 * NEW_DAYS else Stage.LAPSED
    return Standing(stage, Why.NO_GOAL_FOR_LONG, age, float(NEW_DAYS))


def _silence(intervals: float) -> tuple[Stage, Why] | None:
    if intervals > LAPSED_INTERVALS:
        return Stage.LAPSED, Why.SILENT_MUCH_LONGER_THAN_USUAL
    if intervals > RISK_INTERVALS:
        return Stage.AT_RISK, Why.SILENT_LONGER_THAN_USUAL
    return None


def _growth(course: Course) -> tuple[Stage, Why]:
    if course.since_return is not None and course.since_return < WON_BACK_DAYS:
        return Stage.WON_BACK, Why.BACK_AFTER_A_LAPSE
    if course.days >= LOYAL_DAYS and course.last - course.first >= LOYAL_SPAN:
        return Stage.LOYAL, Why.RETURNED_FOR_WEEKS
    if course.days >= ENGAGED_DAYS:
        return Stage.ENGAGED, Why.RETURNED
    return Stage.ACTIVATED, Why.REACHED_A_GOAL

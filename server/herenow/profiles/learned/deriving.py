"""What was learned, as attributes that conditions read, each derived only when somebody asks for it.

Taste and counts (``affinity.*``, ``events.*``) are the contract's own, from the profile that is handed to it,
so that a device computes the same numbers. The rest only a server can know; it comes as snapshots that hold
until the local hour or day is over (SPEC 2.5), and as the stage of the lifecycle (SPEC 2.3.8):

=========================== =========================================================================
lifecycle.stage, .reason    new, activated, engaged, loyal, at_risk, lapsed, won_back, and why
lifecycle.silent_days       whole days since the last purchase, since the install before the first
lifecycle.due_in_days       until the next purchase by the person's own interval; negative when overdue
lifecycle.frequency         purchases in 30 days to expect, in hundredths
lifecycle.monetary          money in 30 days to expect, in the app's currency
churn.risk                  percent: that nothing is bought within two usual intervals
habit.usual_now             whether this hour of the week is a usual one
habit.usual_hour            the surest usual hour, 0 to 23, and habit.usual_weekday
habit.at_usual_place        whether the visit under way is at a place that is often visited
habit.next_place            where to next, when one place is likelier than all others together
best_time.<channel>.hour    the best hour to reach them, 0 to 23, and best_time.<channel>.weekday
offer.form                  the form of offer that is answered best by what is known
funnel.stage                the furthest of seen, viewed, carted, bought within 30 days
person.resident             whether they are where they live; absent while that is not known
=========================== =========================================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from herenow.learning.best_time import CELLS, best_times
from herenow.learning.lifecycle import Course, Standing, due_again, interval, standing
from herenow.learning.model import APP, Model
from herenow.learning.next_place import foretold, weights_of
from herenow.learning.offers import beliefs
from herenow.learning.places import strength
from herenow.learning.rates import rate
from herenow.profiles.learned.document import Learned, daypart
from herenow.profiles.learned.stated import habits, is_usual
from herenow_sdk.core.clock import DAY, HOUR, WEEKDAYS
from herenow_sdk.core.profile.decay import UNIT

ROOTS: Final = frozenset({"lifecycle", "churn", "habit", "best_time", "offer", "funnel", "person"})
"""First segments of what is derived here."""
OF_TASTE: Final = frozenset({"affinity", "events"})
"""First segments of what the contract derives from the profile itself."""
OFTEN: Final = 3
"""Visits, decayed, from which on a place is a usual one."""
LEAST_EXPOSURES: Final = 5
LEAST_VISITS: Final = 5
_MONTH: Final = 30
_WEEK_DAYS: Final = 7
_MONDAY_SHIFT: Final = 3  # 1 January 1970 was a Thursday
_BEST_TIME: Final = "best_time."


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """Now (epoch seconds) by the person's clock, so many seconds east of UTC."""

    now: int
    offset_s: int

    @property
    def day(self) -> int:
        """Local day since 1970-01-01."""
        return (self.now + self.offset_s) // DAY

    @property
    def hour(self) -> int:
        """0 to 23."""
        return (self.now + self.offset_s) % DAY // HOUR

    @property
    def weekday(self) -> int:
        """0, Monday, to 6."""
        return (self.day + _MONDAY_SHIFT) % _WEEK_DAYS

    @property
    def week(self) -> int:
        """Weeks, from Monday, since the one of 1970-01-01."""
        return (self.day + _MONDAY_SHIFT) // _WEEK_DAYS

    def left_of(self, period: int) -> int:
        """Seconds until the local hour or day (``period``) is over."""
        return period - (self.now + self.offset_s) % period


@dataclass(frozen=True, slots=True)
class Derived:
    """What the evaluator is given: members of ``lifecycle``, and snapshots by path."""

    lifecycle: Mapping[str, Any] = field(default_factory=dict)
    snapshots: Mapping[str, Any] = field(default_factory=dict)


def asked_of(paths: Collection[str]) -> frozenset[str]:
    """The paths among these that are derived here."""
    return frozenset(path for path in paths if path.partition(".")[0] in ROOTS)


def needs_learning(paths: Collection[str]) -> bool:
    """Whether any of the paths stands on what was learned of a person."""
    roots = {path.partition(".")[0] for path in paths}
    return not roots.isdisjoint(ROOTS | OF_TASTE)


def derived(
    learned: Learned, model: Model, asked: Collection[str], moment: LocalMoment, installed_at: int | None
) -> Derived:
    """Those of the ``asked`` paths that something is known of."""
    about = _About(learned, model, moment, installed_at)
    lifecycle: dict[str, Any] = {}
    snapshots: dict[str, Any] = {}
    for path in sorted(asked):
        root, _, member = path.partition(".")
        value = about.of(path)
        if value is None:
            continue
        if root == "lifecycle":
            lifecycle[member] = value
        else:
            period = HOUR if path in _HOURLY else DAY
            snapshots[path] = {"value": value, "as_of": moment.now, "ttl": moment.left_of(period)}
    return Derived(lifecycle, snapshots)


@dataclass(frozen=True, slots=True)
class _About:
    """One person now."""

    learned: Learned
    model: Model
    moment: LocalMoment
    installed_at: int | None
    best: dict[str, int] = field(default_factory=dict)
    """The likeliest hour of the week by channel, as far as it was asked for."""

    def of(self, path: str) -> Any:
        """The value at a path; ``None`` where nothing is known."""
        if path.startswith(_BEST_TIME):
            return self._best_time(*path.removeprefix(_BEST_TIME).split("."))
        find = _FOUND.get(path)
        return None if find is None else find(self)

    @property
    def course(self) -> Course:
        """Their purchases."""
        return self.learned.goal()

    @property
    def standing(self) -> Standing | None:
        """Where they stand; ``None`` while neither a purchase nor the install is known."""
        if self.installed_at is None and not self.course.days:
            return None
        installed = self.moment.day if self.installed_at is None else self.installed_at // DAY
        return standing(self.course, installed, self.moment.day, self._usual)

    @property
    def stage(self) -> str | None:
        """The stage; the device's own stands until a first purchase, or a silence, says more."""
        stands = self.standing
        return None if stands is None or not self.learned.knows else stands.stage.value

    @property
    def reason(self) -> str | None:
        """Why they stand there."""
        stands = self.standing
        return None if stands is None or not self.learned.knows else stands.why.value

    @property
    def silent_days(self) -> int | None:
        """Days without a purchase."""
        stands = self.standing
        return None if stands is None else stands.silent

    @property
    def due_in_days(self) -> int | None:
        """Days until the next purchase by their own interval."""
        due = due_again(self.course, self.moment.day, self._usual)
        return None if due is None else due.day - self.moment.day

    @property
    def frequency(self) -> int | None:
        """Purchases in 30 days, in hundredths."""
        return round(self._rate * _MONTH * 100) if self.course.days else None

    @property
    def monetary(self) -> int | None:
        """Money in 30 days: what they spend each time, as often as they buy."""
        bought = self.learned.bought.on(self.moment.day)
        if not bought:
            return None
        return round(self.learned.spent.on(self.moment.day) / bought * self._rate * _MONTH)

    @property
    def churn_risk(self) -> int | None:
        """Percent: the chance that a Poisson process of their rate is silent for two of their intervals."""
        if not self.course.days:
            return None
        own = interval(self.course, self._usual)
        return round(100 * math.exp(-self._rate * 2 * own))

    @property
    def usual_now(self) -> bool | None:
        """Whether this hour of the week is a habit."""
        if not self.learned.taught.knows_weeks:
            return None
        cell = self.moment.weekday * 24 + self.moment.hour
        return is_usual(self.learned.taught, cell, self.moment.week)

    @property
    def usual_hour(self) -> int | None:
        """The hour of the surest habit."""
        found = habits(self.learned.taught, self.moment.week)
        return found[0].hour if found else None

    @property
    def usual_weekday(self) -> str | None:
        """The day of the surest habit."""
        found = habits(self.learned.taught, self.moment.week)
        return WEEKDAYS[found[0].weekday] if found else None

    @property
    def at_usual_place(self) -> bool | None:
        """Whether the last visit, within this hour or the one before, is at a usual place."""
        last = self.learned.places.last
        if last is None or last.day != self.moment.day or not 0 <= self.moment.hour - last.cell % 24 <= 1:
            return None
        place = self.learned.places.places.get(last.place)
        return place is not None and strength(place.counter, self.moment.day) >= OFTEN * UNIT

    @property
    def next_place(self) -> str | None:
        """The next place, where one is likelier than all others together."""
        known, last = self.learned.places, self.learned.places.last
        if last is None or sum(sum(place.cells.values()) for place in known.places.values()) < LEAST_VISITS:
            return None
        cell = self.moment.hour + (24 if self.moment.weekday >= 5 else 0)
        told = foretold(known, self.model.places, last, cell)
        name, chance = told.ranked(weights_of(self.model.places, told.context))[0]
        return name if chance > 1 / 2 else None

    @property
    def offer_form(self) -> str | None:
        """The form that is answered best at this part of the day, once some were shown to this person."""
        own = self.learned.offers
        if sum(shown for shown, _ in own.values()) < LEAST_EXPOSURES:
            return None
        part = daypart(self.moment.hour)
        arms = sorted({(form, part) for form, _ in (*own, *self.model.offers)})
        believed = beliefs(arms, [self.model.offers, own] if self.model.offers else [own])
        return max(arms, key=lambda arm: (believed[arm].mean, arm))[0]

    @property
    def funnel_stage(self) -> str | None:
        """How far they got within 30 days."""
        return self.learned.furthest(self.moment.day)

    @property
    def resident(self) -> bool | None:
        """Whether the area they were in last is the one they live in."""
        areas = self.learned.areas
        if not areas:
            return None
        latest = max(areas, key=lambda area: (areas[area][1], area))
        return self.learned.resident(latest, self.moment.day)

    def _best_time(self, channel: str, member: str = "", *_: str) -> Any:
        """The likeliest hour of the week to reach them, of those channels that they answered on."""
        counts = self.learned.engaged.get(channel) or self.learned.engaged.get(APP)
        if not counts or member not in {"hour", "weekday"}:
            return None
        if channel not in self.best:
            row = np.zeros((1, CELLS))
            for cell, times in counts.items():
                row[0, cell] = times
            self.best[channel] = int(best_times(row, self.model.times_of(channel))[0].argmax())
        best = self.best[channel]
        return best % 24 if member == "hour" else WEEKDAYS[best // 24]

    @property
    def _usual(self) -> float:
        return self.model.returning.usual_days

    @property
    def _rate(self) -> float:
        """Purchases a day."""
        seen = max(self.moment.day - self.course.first, 1)
        return rate(self.learned.bought, seen, self.moment.day, 1 / self._usual)


_FOUND: Final[Mapping[str, Callable[[_About], Any]]] = {
    "lifecycle.stage": lambda about: about.stage,
    "lifecycle.reason": lambda about: about.reason,
    "lifecycle.silent_days": lambda about: about.silent_days,
    "lifecycle.due_in_days": lambda about: about.due_in_days,
    "lifecycle.frequency": lambda about: about.frequency,
    "lifecycle.monetary": lambda about: about.monetary,
    "churn.risk": lambda about: about.churn_risk,
    "habit.usual_now": lambda about: about.usual_now,
    "habit.usual_hour": lambda about: about.usual_hour,
    "habit.usual_weekday": lambda about: about.usual_weekday,
    "habit.at_usual_place": lambda about: about.at_usual_place,
    "habit.next_place": lambda about: about.next_place,
    "offer.form": lambda about: about.offer_form,
    "funnel.stage": lambda about: about.funnel_stage,
    "person.resident": lambda about: about.resident,
}
_HOURLY: Final = frozenset({"habit.usual_now", "habit.at_usual_place", "habit.next_place", "offer.form"})
EVERY: Final = (*_FOUND, "best_time.app.hour", "best_time.app.weekday")
"""Everything that can be asked of a person, for telling all of it."""

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

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Final

from herenow.learning.model import Model
from herenow.profiles.learned import about_answers, about_habits, about_purchases
from herenow.profiles.learned.about import About
from herenow.profiles.learned.document import Learned
from herenow.profiles.learned.moment import LocalMoment
from herenow_sdk.core.clock import DAY, HOUR

ROOTS: Final = frozenset({"lifecycle", "churn", "habit", "best_time", "offer", "funnel", "person"})
"""First segments of what is derived here."""
OF_TASTE: Final = frozenset({"affinity", "events"})
"""First segments of what the contract derives from the profile itself."""
_LIFECYCLE: Final = "lifecycle."
_RELEASES: Final = 64
"""Of so many releases it is kept what they ask for."""

Find = Callable[[About], Any]


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
    about = About(learned, model, moment, installed_at)
    ttl = {HOUR: moment.left_of(HOUR), DAY: moment.left_of(DAY)}
    lifecycle: dict[str, Any] = {}
    snapshots: dict[str, Any] = {}
    for path, find, period in _plan(frozenset(asked)):
        value = find(about)
        if value is None:
            continue
        if path.startswith(_LIFECYCLE):
            lifecycle[path.removeprefix(_LIFECYCLE)] = value
        else:
            snapshots[path] = {"value": value, "as_of": moment.now, "ttl": ttl[period]}
    return Derived(lifecycle, snapshots)


@lru_cache(_RELEASES)
def _plan(asked: frozenset[str]) -> tuple[tuple[str, Find, int], ...]:
    """The paths in order, what finds each, and how long it holds; those that nothing finds are left out."""
    found = ((path, _find_of(path)) for path in sorted(asked))
    return tuple((path, find, HOUR if path in _HOURLY else DAY) for path, find in found if find is not None)


def _find_of(path: str) -> Find | None:
    match path.split("."):
        case ["best_time", channel, "hour", *_]:
            return partial(about_answers.best_hour, channel=channel)
        case ["best_time", channel, "weekday", *_]:
            return partial(about_answers.best_weekday, channel=channel)
    return _FOUND.get(path)


_FOUND: Final[Mapping[str, Find]] = {
    "lifecycle.stage": about_purchases.stage,
    "lifecycle.reason": about_purchases.reason,
    "lifecycle.silent_days": about_purchases.silent_days,
    "lifecycle.due_in_days": about_purchases.due_in_days,
    "lifecycle.frequency": about_purchases.frequency,
    "lifecycle.monetary": about_purchases.monetary,
    "churn.risk": about_purchases.churn_risk,
    "habit.usual_now": about_habits.usual_now,
    "habit.usual_hour": about_habits.usual_hour,
    "habit.usual_weekday": about_habits.usual_weekday,
    "habit.at_usual_place": about_habits.at_usual_place,
    "habit.next_place": about_habits.next_place,
    "offer.form": about_answers.offer_form,
    "funnel.stage": about_purchases.funnel_stage,
    "person.resident": about_habits.resident,
}
_HOURLY: Final = frozenset({"habit.usual_now", "habit.at_usual_place", "habit.next_place", "offer.form"})
EVERY: Final = (*_FOUND, "best_time.app.hour", "best_time.app.weekday")
"""Everything that can be asked of a person, for telling all of it."""

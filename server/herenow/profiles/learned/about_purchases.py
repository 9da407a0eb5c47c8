"""Where somebody stands with the app, when they are due again, what they will spend, how far they got."""

from __future__ import annotations

import math
from typing import Final

from herenow.learning.lifecycle import due_again, interval
from herenow.profiles.learned.about import About

_MONTH: Final = 30


def stage(about: About) -> str | None:
    """The stage; the device's own stands until a first purchase, or a silence, says more."""
    stands = about.standing
    return None if stands is None or not about.learned.knows else stands.stage.value


def reason(about: About) -> str | None:
    """Why they stand there."""
    stands = about.standing
    return None if stands is None or not about.learned.knows else stands.why.value


def silent_days(about: About) -> int | None:
    """Days without a purchase."""
    stands = about.standing
    return None if stands is None else stands.silent


def due_in_days(about: About) -> int | None:
    """Days until the next purchase by their own interval."""
    due = due_again(about.course, about.today, about.usual_days)
    return None if due is None else due.day - about.today


def frequency(about: About) -> int | None:
    """Purchases in 30 days, in hundredths."""
    return round(about.rate * _MONTH * 100) if about.course.days else None


def monetary(about: About) -> int | None:
    """Money in 30 days: what they spend each time, as often as they buy."""
    bought = about.learned.bought.on(about.today)
    if not bought:
        return None
    return round(about.learned.spent.on(about.today) / bought * about.rate * _MONTH)


def churn_risk(about: About) -> int | None:
    """Percent: the chance that a Poisson process of their rate is silent for two of their intervals."""
    if not about.course.days:
        return None
    return round(100 * math.exp(-about.rate * 2 * interval(about.course, about.usual_days)))


def funnel_stage(about: About) -> str | None:
    """How far they got within 30 days."""
    return about.learned.furthest(about.today)

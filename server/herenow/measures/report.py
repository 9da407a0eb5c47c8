"""The report of a campaign: what was sent and came of it, when and where, and what that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from herenow.measures.counters import Counted
from herenow.measures.lift import Group, lift
from herenow.measures.outcomes import HARM, Outcome

MAX_PLACES: Final = 100
"""Places told of a campaign, those with most messages first."""
_TOLD: Final = tuple(each for each in Outcome if each not in (Outcome.CONTROL, Outcome.CONTROL_CONVERTED))


def report(campaign: str, counted: Counted, control_share: float | None = None) -> dict[str, Any]:
    """What a marketer reads of a campaign, as JSON.

    ``control_share`` is the part of people (0 to 1) that holdout and control group keep back together.
    """
    total = counted.total
    treated = _of(total[Outcome.SHOWN] + _unseen(total), total[Outcome.CONVERTED])
    control = _of(total[Outcome.CONTROL], total[Outcome.CONTROL_CONVERTED])
    places = sorted(counted.by_place.items(), key=lambda each: (-_sum(each[1]), each[0]))[:MAX_PLACES]
    return {
        "campaign": campaign,
        "outcomes": _outcomes(total),
        "rates": _rates(total),
        "harm": {each.value: total[each] for each in HARM},
        "goal": {
            "treated": _group(treated),
            "control": _group(control),
            "lift": asdict(lift(treated, control, control_share)),
        },
        "by_place": {place: _outcomes(counts) for place, counts in places},
        "by_hour": {str(hour): _outcomes(counted.by_hour[hour]) for hour in sorted(counted.by_hour)},
        "by_day": {date: _outcomes(counted.by_day[date]) for date in sorted(counted.by_day)},
    }


def _of(size: int, reached: int) -> Group:
    """A group; in a span of days goals may be reached whose messages were shown before it."""
    return Group(size, min(reached, size))


def _unseen(total: Counter[Outcome]) -> int:
    """Messages handed to a provider that tells of no display: they count as if they had been seen."""
    return max(total[Outcome.SENT] - total[Outcome.SHOWN], 0)


def _outcomes(counts: Mapping[Outcome, int]) -> dict[str, int]:
    return {each.value: counts.get(each, 0) for each in _TOLD if counts.get(each)}


def _rates(total: Counter[Outcome]) -> dict[str, float]:
    """Shares of what was sent or shown, whichever is more."""
    base = max(total[Outcome.SENT], total[Outcome.SHOWN])
    of = (Outcome.OPENED, Outcome.ACTED, Outcome.CONVERTED, Outcome.DISMISSED, Outcome.UNSUBSCRIBED)
    return {each.value: round(total[each] / base, 4) for each in of} if base else {}


def _group(group: Group) -> dict[str, Any]:
    low, high = group.interval
    return {"size": group.size, "reached": group.reached, "share": group.share, "low": low, "high": high}


def _sum(counts: Mapping[Outcome, int]) -> int:
    return counts.get(Outcome.SENT, 0) + counts.get(Outcome.SHOWN, 0)

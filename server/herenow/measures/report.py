"""The report of a campaign: what was sent and came of it, when and where, and what that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from herenow.measures.counters import Counted
from herenow.measures.goals import Goal
from herenow.measures.lift import LEAST, Group, Verdict, lift
from herenow.measures.outcomes import HARM, Outcome

MAX_PLACES: Final = 100
"""Places told of a campaign, those with most messages first."""
NOBODY_KEPT_BACK: Final = (
    "Nobody is kept back, so nothing tells what would have happened without the campaign. "
    "Give it a control_percent, or the policy a holdout."
)
CAVEATS: Final[Mapping[Verdict, str]] = {
    Verdict.TOO_FEW: f"Too few to say anything: both groups need at least {LEAST} messages.",
    Verdict.BROKEN_SPLIT: "The groups are not split as configured, so comparing them says nothing. The share "
    "was changed within these days, a few people make up most messages, or something between the split and "
    "the counters is broken.",
    Verdict.NOT_KNOWN: "The interval includes no difference at all: the campaign may have changed nothing.",
}
"""What must be said beside a verdict, so that nobody reads more out of it."""
_GROUPS: Final = (Outcome.CONTROL, Outcome.CONTROL_CONVERTED)
_TOLD: Final = tuple(each for each in Outcome if each not in _GROUPS)


def report(
    campaign: str, counted: Counted, goal: Goal | None = None, control_share: float = 0.0
) -> dict[str, Any]:
    """What a marketer reads of a campaign, as JSON.

    ``control_share`` is the part of people (0 to 1) that holdout and control group keep back together.
    """
    places = sorted(counted.by_place.items(), key=lambda each: (-each[1][Outcome.SENT], each[0]))[:MAX_PLACES]
    return {
        **summary(campaign, counted, goal, control_share),
        "by_place": {place: _outcomes(counts) for place, counts in places},
        "by_hour": {str(hour): _outcomes(counted.by_hour[hour]) for hour in sorted(counted.by_hour)},
        "by_day": {date: _outcomes(counted.by_day[date]) for date in sorted(counted.by_day)},
    }


def summary(
    campaign: str, counted: Counted, goal: Goal | None = None, control_share: float = 0.0
) -> dict[str, Any]:
    """The same without places, hours and days."""
    total = counted.total
    return {
        "campaign": campaign,
        "outcomes": _outcomes(total),
        "rates": _rates(total),
        "harm": {each.value: total[each] for each in HARM},
        "goal": None if goal is None else _reached(total, goal, control_share),
    }


def _reached(total: Counter[Outcome], goal: Goal, control_share: float) -> dict[str, Any]:
    """What became of the goal: of everything that left, whether seen or not, against what was kept back."""
    treated = _group(total[Outcome.SENT] + total[Outcome.UNKNOWN], total[Outcome.CONVERTED])
    control = _group(total[Outcome.CONTROL], total[Outcome.CONTROL_CONVERTED])
    found = lift(treated, control, control_share)
    caveat = CAVEATS.get(found.verdict)
    return {
        "event": goal.pattern.event,
        "within_s": goal.within,
        "control_share": round(control_share, 4),
        "treated": _told(treated),
        "control": _told(control),
        "lift": asdict(found),
        "caveat": caveat if control_share or control.size else NOBODY_KEPT_BACK,
    }


def _group(size: int, reached: int) -> Group:
    """A group; after a count was lost more may have reached the goal than are known to have been sent."""
    return Group(size, min(reached, size))


def _outcomes(counts: Mapping[Outcome, int]) -> dict[str, int]:
    return {each.value: counts.get(each, 0) for each in _TOLD if counts.get(each)}


def _rates(total: Counter[Outcome]) -> dict[str, float]:
    """Shares of what left."""
    base = total[Outcome.SENT] + total[Outcome.UNKNOWN]
    of = (Outcome.SHOWN, Outcome.OPENED, Outcome.ACTED, Outcome.CONVERTED, *HARM)
    return {each.value: round(total[each] / base, 4) for each in of} if base else {}


def _told(group: Group) -> dict[str, Any]:
    low, high = group.interval
    return {"size": group.size, "reached": group.reached, "share": group.share, "low": low, "high": high}

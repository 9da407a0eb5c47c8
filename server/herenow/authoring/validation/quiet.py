"""Schedules against quiet hours: a campaign that may only speak while nobody is to be disturbed.

Compared by one clock, the person's, which quiet hours follow; a schedule in a zone of its own is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records
from herenow_sdk.core.windows import Window, minute_of

CODE: Final = "IN_QUIET_HOURS"
_DAY: Final = 1440
_SOUNDING: Final = ("push", "local_notification", "sms")
"""The channels that quiet hours mean unless they name others (SPEC 11.8)."""
_BY_THE_PERSONS_CLOCK: Final = ("user", "app")
_EXPECTED: Final = "hours outside them, or a channel that makes no sound"


def check(folder: Folder) -> Iterator[Problem]:
    """Every campaign whose channels all keep quiet."""
    quiet = folder.document("policy").get("quiet_hours", {})
    hours = _window(quiet)
    if hours is None or not {"from", "to"} <= quiet.keys():
        return
    kept = set(quiet.get("channels", _SOUNDING))
    for at, campaign in records(folder.document("campaigns"), "*"):
        channels = set(campaign.get("channels", ()))
        if channels and channels <= kept:
            yield from _schedule(at, campaign, hours, quiet)


def _schedule(
    at: Path, campaign: Mapping[str, Any], hours: Window, quiet: Mapping[str, Any]
) -> Iterator[Problem]:
    schedule = campaign.get("schedule", {})
    then, ends = quiet.get("then", "hold"), quiet["to"]
    window = _window(schedule) if {"from", "to"} & schedule.keys() else None
    if schedule.get("zone", "user") in _BY_THE_PERSONS_CLOCK and window is not None:
        if all(hours.holds(1, minute) for minute in _minutes(window)):
            what = _CLOSED[then].format(ends=ends)
            detail = f"its whole schedule lies in the quiet hours of policy.json: {what}"
            yield warning("campaigns", (*at, "schedule"), Fault(CODE, detail, _EXPECTED))
            return
        if campaign.get("kind") == "mass" and hours.holds(1, window.start):
            detail = f"it begins in the quiet hours of policy.json: {_BEGUN[then].format(ends=ends)}"
            yield warning("campaigns", (*at, "schedule", "from"), Fault(CODE, detail, _EXPECTED))
    minute = _minute_of_instant(schedule.get("at", ""))
    if campaign.get("kind") == "mass" and minute is not None and hours.holds(1, minute):
        detail = f"by the clock it is written in it is quiet then: {_BEGUN[then].format(ends=ends)}"
        yield warning("campaigns", (*at, "schedule", "at"), Fault(CODE, detail, _EXPECTED))


_CLOSED: Final[Mapping[str, str]] = {
    "hold": "held until {ends}, when the schedule is closed, it is never said",
    "drop": "it is always dropped",
    "silent": "it is always said without a sound",
}
_BEGUN: Final[Mapping[str, str]] = {
    "hold": "everybody gets it at {ends}, or never if it expires before",
    "drop": "nobody gets it",
    "silent": "it is said without a sound",
}


def _window(record: Mapping[str, Any]) -> Window | None:
    """From ``from`` to ``to``; an end that is not said is midnight."""
    start, end = (minute_of(record.get(name, "00:00")) for name in ("from", "to"))
    return None if start is None or end is None else Window(start, end)


def _minutes(window: Window) -> range | list[int]:
    last = window.end if window.end > window.start else window.end + _DAY
    return [minute % _DAY for minute in range(window.start, last)]


def _minute_of_instant(text: str) -> int | None:
    """The minute of the day that an instant is written with; a day alone begins at midnight."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.hour * 60 + instant.minute

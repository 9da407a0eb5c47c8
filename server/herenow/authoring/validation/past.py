"""Instants that are over when a set is published: what was meant for them happens at once, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.moments import seconds
from herenow.authoring.validation.select import records

CODE: Final = "ALREADY_PAST"
_DATE_CHARS: Final = len("YYYY-MM-DD")
_LIFE: Final = "1d"
"""How long a mass message without ``expires_after`` is worth saying."""
_EXPECTED: Final = "a time that is still to come"


def check(folder: Folder) -> Iterator[Problem]:
    """What the present moment, where it is known, has overtaken."""
    now = folder.present.now
    if now is None:
        return
    zone = _zone(folder.document("app").get("time_zone", "UTC"))
    for at, campaign in records(folder.document("campaigns"), "*"):
        yield from _schedule(at, campaign, lambda text, *, end: _epoch(text, zone, end=end), now)
    for at, offer in records(folder.document("offers"), "*"):
        ends = _epoch(offer.get("valid_until", ""), zone, end=True)
        if ends is not None and ends <= now:
            detail = f"'{at[-1]}' ended {offer['valid_until']}, so nobody is made this offer"
            yield warning("offers", (*at, "valid_until"), Fault(CODE, detail, _EXPECTED))


def _schedule(
    at: Path, campaign: Mapping[str, Any], epoch: Callable[..., float | None], now: float
) -> Iterator[Problem]:
    schedule = campaign.get("schedule", {})
    begins, ends = epoch(schedule.get("at", ""), end=False), epoch(schedule.get("end", ""), end=True)
    if ends is not None and ends <= now:
        fault = Fault(CODE, f"it ended {schedule['end']}, so it says nothing any more", _EXPECTED)
        yield warning("campaigns", (*at, "schedule", "end"), fault)
    elif begins is not None and begins <= now and campaign.get("kind") == "mass":
        life = seconds(campaign.get("expires_after", _LIFE))
        late = "it has expired, so nobody gets it" if begins + life <= now else "it is sent at once"
        fault = Fault(CODE, f"{schedule['at']} is past: {late}", _EXPECTED)
        yield warning("campaigns", (*at, "schedule", "at"), fault)


def _epoch(text: str, zone: ZoneInfo, *, end: bool) -> float | None:
    """Epoch seconds of a day's beginning or end, or of an instant; local time in the app's zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if end and len(text) == _DATE_CHARS:
        instant += timedelta(days=1)
    return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).timestamp()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")

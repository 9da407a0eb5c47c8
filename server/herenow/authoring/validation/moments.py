"""Time as marketers write it: zones that exist, days of the calendar, windows that are not empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from herenow.authoring.documents.faults import Fault, Path, shorten
from herenow.authoring.validation.findings import Problem, nearest
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records, texts
from herenow.authoring.validation.zone_names import meant_by

_MOMENTS: Final = (
    ("placements", "*/pins/*/until"),
    ("campaigns", "*/schedule/at"),
    ("campaigns", "*/schedule/start"),
    ("campaigns", "*/schedule/end"),
    ("offers", "*/valid_until"),
    ("personas", "*/context/now"),
    ("personas", "*/installed_at"),
    ("fences", "features/*/properties/closed_on/*"),
)
_ZONES: Final = (
    ("campaigns", "*/schedule/zone"),
    ("personas", "*/context/time_zone"),
    ("fences", "features/*/properties/time_zone"),
)
_WINDOWS: Final = (
    ("policy", "quiet_hours"),
    ("campaigns", "*/schedule"),
    ("fences", "features/*/properties/opening_hours/*"),
)
_NAMED_ZONES: Final = ("user", "app")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_ZONE_NAME: Final = re.compile(r"[A-Za-z0-9_+/-]{1,64}")


def check(folder: Folder) -> Iterator[Problem]:
    """Every instant, zone and window."""
    for document, path in _MOMENTS:
        for at, text in texts(folder.document(document), path):
            if not _exists(text):
                fault = Fault(
                    "NO_SUCH_DAY", f"'{shorten(text)}' is not in the calendar", "a day of the calendar"
                )
                yield Problem(document, at, fault)
    for document, path in _ZONES:
        for at, zone in texts(folder.document(document), path):
            named = _NAMED_ZONES if document == "campaigns" else ()
            if zone not in named and (wrong := time_zone_fault(zone, named)):
                yield Problem(document, at, wrong)
    for document, path in _WINDOWS:
        for at, window in records(folder.document(document), path):
            yield from _window(document, at, window)


def seconds(duration: str) -> int:
    """The seconds of a duration such as "45m"."""
    return int(duration[:-1]) * _SECONDS[duration[-1]]


def time_zone_fault(zone: str, named: tuple[str, ...] = ()) -> Fault | None:
    """What is wrong with an IANA time zone, None when it exists; ``named`` may stand there instead."""
    if _ZONE_NAME.fullmatch(zone) and _zone_exists(zone):
        return None
    expected = ", ".join([*named, "an IANA time zone such as Asia/Kolkata"])
    likely = nearest(zone, named) or meant_by(zone, _all_zones())
    return Fault("UNKNOWN_TIME_ZONE", f"no time zone '{shorten(zone)}'", expected, likely=likely)


def _window(document: str, at: Path, window: Mapping[str, Any]) -> Iterator[Problem]:
    if "from" in window and window["from"] == window.get("to"):
        fault = Fault(
            "EMPTY_WINDOW", f"from {window['from']} to {window['to']} could be all day or never", "two times"
        )
        yield Problem(document, (*at, "to"), fault)
    start, end = window.get("start"), window.get("end")
    if start and end and _exists(start) and _exists(end) and end[:10] < start[:10]:
        yield Problem(
            document, (*at, "end"), Fault("EMPTY_WINDOW", f"{end} is before {start}", "a later end")
        )


def _exists(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _zone_exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())

"""How far the device's wall clock is from UTC: by the same ladder as on the server (SPEC 9).

The zone that the context names, else the offset of the time that it tells, else the app's home zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from herenow_sdk.core.zones import Zone

_MAX_OFFSET: Final = timedelta(hours=15)
_MAX_NAME: Final = 64


def with_local_time(context: Mapping[str, Any], home: Any, now: int) -> dict[str, Any]:
    """The context as the evaluator reads it: with ``utc_offset_s`` at ``now``."""
    return {**context, "utc_offset_s": utc_offset_s(context, home, now)}


def stated_zone(context: Mapping[str, Any], now: int) -> Zone | None:
    """The zone that the context itself tells, by its offset at ``now``; ``None`` when it tells none."""
    named = _zone(context.get("time_zone"))
    if named is None and _stated(context.get("now")) is None:
        return None
    return Zone(utc_offset_s(context, None, now))


def utc_offset_s(context: Mapping[str, Any], home: Any, now: int) -> int:
    """Seconds east of UTC; 0 when nothing says otherwise."""
    zone = _zone(context.get("time_zone"))
    if zone is None and (stated := _stated(context.get("now"))) is not None:
        return stated
    zone = zone or _zone(home)
    offset = datetime.fromtimestamp(now, UTC).astimezone(zone).utcoffset() if zone else None
    return int(offset.total_seconds()) if offset else 0


def _zone(name: Any) -> ZoneInfo | None:
    if not isinstance(name, str) or not 0 < len(name) <= _MAX_NAME:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # unknown here, or no zone at all


def _stated(device_now: Any) -> int | None:
    if not isinstance(device_now, str):
        return None
    try:
        offset = datetime.fromisoformat(device_now).utcoffset()
    except ValueError:
        return None
    return int(offset.total_seconds()) if offset is not None and abs(offset) <= _MAX_OFFSET else None

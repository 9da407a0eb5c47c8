"""Which wall clock a person lives by.

The evaluator computes with an offset in seconds, never with zone rules. The ladder (DESIGN D10):
the device's named zone, else the offset its own clock shows, else the app's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MAX_OFFSET: Final = timedelta(hours=15)


def utc_offset_s(context: Mapping[str, Any], app_zone: str, now: int) -> int:
    """Seconds east of UTC at ``now`` for the device that sent ``context``."""
    instant = datetime.fromtimestamp(now, UTC)
    zone = named_zone(context.get("time_zone"))
    if zone is not None:
        return _seconds(instant.astimezone(zone).utcoffset())
    stated = _stated_offset(context.get("now"))
    if stated is not None:
        return stated
    home = named_zone(app_zone)
    return _seconds(instant.astimezone(home).utcoffset()) if home else 0


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # hostile or unknown names: no such zone


def named_zone(name: Any) -> ZoneInfo | None:
    """The IANA zone of that name, or ``None`` for anything that is not one."""
    return _zone(name) if isinstance(name, str) and 0 < len(name) <= 64 else None


def _stated_offset(device_now: Any) -> int | None:
    if not isinstance(device_now, str):
        return None
    try:
        offset = datetime.fromisoformat(device_now).utcoffset()
    except ValueError:
        return None
    return _seconds(offset) if offset is not None and abs(offset) <= _MAX_OFFSET else None


def _seconds(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) if offset else 0

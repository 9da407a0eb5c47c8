"""Chapter 9: local time, windows, calendar days and weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.core.clock import DAY, HOUR, MINUTE
from herenow_sdk.core.windows import (
    is_open,
    next_closing,
    next_opening,
    parse_window,
    parse_windows,
    readings,
)
from herenow_sdk.core.zones import Zone, day_bounds, next_boundary, week_bounds, zone_of


def _zone(given: Mapping[str, Any]) -> Zone:
    zone = zone_of(given)
    if zone is None:
        raise Refused("NO_ZONE")
    return zone


def _local_time(given: Mapping[str, Any]) -> Any:
    """``{"zone" | "utc_offset_s", "now"}``: what the clock reads, and when its parts next turn."""
    zone, now = _zone(given), given["now"]
    local = zone.local(now)
    turns = {
        name: next_boundary(zone, now, period)
        for name, period in (("minute", MINUTE), ("hour", HOUR), ("day", DAY))
    }
    read = {"date": local.date, "weekday": local.weekday, "minute_of_day": local.minute_of_day}
    return {"offset_s": zone.offset(now), **read, "turns": turns}


def _window(given: Mapping[str, Any]) -> Any:
    """``{"window", "zone" | "utc_offset_s", "now"}``: whether it is open."""
    window = parse_window(given["window"])
    if window is None:
        raise Refused("MALFORMED_WINDOW")
    return is_open((window,), _zone(given), given["now"])


def _window_steps(given: Mapping[str, Any]) -> Any:
    local = _zone(given).local(given["now"])
    return {"weekday": local.weekday, "minute_of_day": local.minute_of_day}


def _next_edge(given: Mapping[str, Any]) -> Any:
    """``{"windows", "zone" | "utc_offset_s", "now"}``: open now, and the next opening and closing."""
    windows, zone, now = parse_windows(given["windows"]), _zone(given), given["now"]
    return {
        "open": is_open(windows, zone, now),
        "opens": next_opening(windows, zone, now),
        "closes": next_closing(windows, zone, now),
    }


def _next_edge_steps(given: Mapping[str, Any]) -> Any:
    return {"readings": readings(parse_windows(given["windows"]))}


def _calendar(given: Mapping[str, Any]) -> Any:
    """``{"zone" | "utc_offset_s", "now"}``: first and end instant of the day and of the week."""
    zone, now = _zone(given), given["now"]
    return {"day": list(day_bounds(zone, now)), "week": list(week_bounds(zone, now))}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "local-time": _local_time,
    "window": _window,
    "next-edge": _next_edge,
    "calendar": _calendar,
}
STEPS: Final[Mapping[str, Operation]] = {"window": _window_steps, "next-edge": _next_edge_steps}

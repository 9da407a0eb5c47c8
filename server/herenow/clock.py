"""Time as a parameter: whoever needs it is given a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
"""Seconds since 1970-01-01T00:00:00Z."""


def iso_utc(seconds: float) -> str:
    """``2026-11-20T01:42:03Z`` for epoch seconds, whole seconds."""
    return f"{datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None).isoformat()}Z"

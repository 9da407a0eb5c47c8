"""When an SDK asks again, and what time it is.

One answer says how long it is good for; failures, a floor set by the app, and the background each
postpone. What is computed here is an instant: waiting for it, with one request at a time, is the host's.

All instants are seconds on one clock. A device's own clock is not to be trusted: people set it, and it
jumps. ``server_now`` counts from the time the server told, and never behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

MIN_REFRESH_S: Final = 60
MAX_REFRESH_S: Final = 86_400
DEFAULT_REFRESH_S: Final = 900
BACKGROUND_REFRESH_S: Final = 14_400
"""In the background nobody looks: at most every four hours, however short-lived the answer."""
MIN_POLL_S: Final = 1
MAX_POLL_S: Final = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking so far.

    ``answered_at`` is when the last good answer came, ``None`` before the first; ``refresh_after_s``,
    ``valid_until`` and ``poll_after_ms`` (an acquisition still pending) are of that answer, as received;
    ``attempted_at`` is when a request was last sent; ``retry_at`` the end of the present back-off.
    """

    answered_at: int | None = None
    refresh_after_s: Any = None
    valid_until: int | None = None
    poll_after_ms: Any = None
    attempted_at: int | None = None
    retry_at: int | None = None


def next_refresh_at(asked: Asked, now: int, *, min_interval_s: int = 0, background: bool = False) -> int:
    """The instant of the next request, ``now`` when it is due.

    A record from the future, as a clock that was set back leaves it, counts as made now.
    """
    attempted = None if asked.attempted_at is None else min(asked.attempted_at, now)
    if asked.retry_at is not None:
        due = asked.retry_at
    elif asked.answered_at is None:
        due = now
    else:
        due = _due(asked, min(asked.answered_at, now), background=background)
    if attempted is not None:
        due = max(due, attempted + max(min_interval_s, 0))
    return max(due, now)


def _due(asked: Asked, answered_at: int, *, background: bool) -> int:
    if background:
        return answered_at + BACKGROUND_REFRESH_S
    due = answered_at + refresh_after(asked.refresh_after_s)
    if asked.valid_until is not None and asked.valid_until > answered_at:
        due = min(due, max(asked.valid_until, answered_at + MIN_REFRESH_S))
    poll = poll_after(asked.poll_after_ms)
    return due if poll is None else min(due, answered_at + poll)


def refresh_after(told: Any) -> int:
    """``refresh_after_s`` of an answer, within ``MIN_REFRESH_S`` … ``MAX_REFRESH_S``; 900 for no integer."""
    if isinstance(told, bool) or not isinstance(told, int):
        return DEFAULT_REFRESH_S
    return min(max(told, MIN_REFRESH_S), MAX_REFRESH_S)


def poll_after(told: Any) -> int | None:
    """``poll_after_ms`` in whole seconds, rounded up, 1 … 300; ``None`` when nothing is pending."""
    if isinstance(told, bool) or not isinstance(told, int):
        return None
    return min(max(-(-told // 1000), MIN_POLL_S), MAX_POLL_S)


def server_now(now: int, told_at: int | None, server_time: int | None) -> int:
    """The time by the server's clock: what it told, plus what has passed since on the device's.

    ``told_at`` is the device's clock when ``server_time`` came. A clock that was set back since counts as
    no time passed. Before the server told anything, the device's clock has to do.
    """
    if told_at is None or server_time is None:
        return now
    return server_time + max(now - told_at, 0)

"""Until when an answer holds: the earliest instant at which time alone may change it.

Known from what the conditions read, not from trying: a rule on ``now.hour`` may turn at the next local
hour, one on the install age at the next whole day since, a pin at its end. So an unchanged answer costs
no evaluation before this instant, and a client never asks in vain before it. At most a day, because
offsets from UTC change and server-side facts age.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from herenow_sdk.core.clock import DAY, HOUR, MINUTE, LocalTime
from herenow_sdk.core.values import is_number

HORIZON: Final = DAY
"""An answer is never valid for longer (seconds)."""

_PERIODS: Final = {"hour": HOUR, "weekday": DAY, "date": DAY}


def valid_until(paths: Iterable[str], ends: Iterable[int], local: LocalTime, installed_at: Any) -> int:
    """The earliest change, epoch seconds, after ``local.now`` and at most ``HORIZON`` later.

    ``paths`` are the attribute paths the conditions read, ``ends`` the instants at which something
    configured ends, ``installed_at`` the profile's (``None`` or anything unusable when unknown).
    """
    instants = [local.now + HORIZON, *(end for end in ends if end > local.now)]
    for path in paths:
        root, _, member = path.partition(".")
        if root == "now":
            instants.append(local.next_boundary(_PERIODS.get(member, MINUTE)))
        elif root == "lifecycle":
            instants.append(_next_day_of_life(local.now, installed_at))
    return min(instants)


def _next_day_of_life(now: int, installed_at: Any) -> int:
    if not is_number(installed_at) or not abs(installed_at) < 2**53:
        return now + HORIZON
    age = now - int(installed_at)
    if age < 0:  # a clock ahead of ours: the first day lasts until it has caught up and passed
        return min(int(installed_at) + DAY, now + HORIZON)
    return now + DAY - age % DAY

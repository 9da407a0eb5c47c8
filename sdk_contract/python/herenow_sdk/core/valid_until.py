"""Until when an answer holds: the earliest instant at which time alone may change it.

Known from what the conditions read, not from trying: a rule on ``now.hour`` may turn at the next local
hour, one on the install age at the next whole day since, one on a snapshot at its end, a pin at its
own. So an unchanged answer costs no evaluation before this instant, and a client never asks in vain
before it. At most a day, because offsets from UTC change and server-side facts age.

Specification: section 2.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from herenow_sdk.core.clock import DAY, HOUR, MINUTE
from herenow_sdk.core.snapshots import Snapshot
from herenow_sdk.core.values import is_whole
from herenow_sdk.core.zones import Zone, next_boundary

HORIZON: Final = DAY
"""An answer is never valid for longer (seconds)."""

_PERIODS: Final = {"hour": HOUR, "weekday": DAY, "date": DAY}


def valid_until(
    paths: Iterable[str],
    ends: Iterable[int],
    zone: Zone,
    now: int,
    installed_at: Any,
    snapshots: Iterable[Snapshot] = (),
) -> int:
    """The earliest change, epoch seconds, after ``now`` and at most ``HORIZON`` later.

    ``paths`` are the attribute paths the conditions read, ``ends`` the instants at which something
    configured ends, ``installed_at`` the profile's (``None`` or anything unusable when unknown),
    ``snapshots`` the server's, also those whose time is still to come.
    """
    read = list(paths)
    turns = [*ends, *_snapshot_turns(read, snapshots)]
    instants = [now + HORIZON, *(turn for turn in turns if turn > now)]
    for path in read:
        root, _, member = path.partition(".")
        if root == "now":
            instants.append(next_boundary(zone, now, _PERIODS.get(member, MINUTE)))
        elif root == "lifecycle":
            instants.append(_next_day_of_life(now, installed_at))
    return min(instants)


def _snapshot_turns(paths: Iterable[str], snapshots: Iterable[Snapshot]) -> Iterator[int]:
    roots = {path.partition(".")[0] for path in paths}
    for snapshot in snapshots:
        if snapshot.root in roots:
            yield from (snapshot.as_of, snapshot.ends)


def _next_day_of_life(now: int, installed_at: Any) -> int:
    if not is_whole(installed_at):
        return now + HORIZON
    age = now - int(installed_at)
    if age < 0:  # a clock ahead of ours: the first day lasts until it has caught up and passed
        return min(int(installed_at) + DAY, now + HORIZON)
    return now + DAY - age % DAY

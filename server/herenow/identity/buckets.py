"""Token buckets: how much one caller may do, counted in each process at no cost to the store.

A bucket holds as much as flows in within a minute, so a phone that was offline empties its queue at once and
a client gone wild is held to the rate. Limits that must hold over all processes together, and survive them,
are ``RateLimiter``'s; here a worker more means a share more, and a restart fills every bucket.
"""

from __future__ import annotations

from collections import OrderedDict
from math import ceil
from threading import Lock
from typing import Final

from herenow.clock import Clock
from herenow.errors import TooManyRequests
from herenow.scope import Scope

_MINUTE: Final = 60
_REMEMBERED: Final = 50_000
"""Callers remembered; the one that was silent longest is forgotten first, and its bucket is full again."""


class TokenBuckets:
    """A bucket for each caller, all of one size and inflow."""

    def __init__(self, name: str, per_minute: int, *, clock: Clock) -> None:
        self._name = name
        self._size = per_minute
        self._clock = clock
        self._levels: OrderedDict[tuple[Scope, str], tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, scope: Scope, who: str, amount: int = 1) -> None:
        """Take ``amount`` out of the bucket of ``who``, all or nothing.

        Raises ``TooManyRequests`` with the seconds until so much will be in it. More than a bucket holds
        is taken from a full one, which then owes the rest.
        """
        now = self._clock()
        with self._lock:
            level = self._level((scope, who), now)
            wanted = min(amount, self._size)
            if level < wanted:
                wait = (wanted - level) * _MINUTE / self._size
                raise TooManyRequests(f"too many requests: {self._name}", retry_after_s=max(1, ceil(wait)))
            self._keep((scope, who), level - amount, now)

    def _level(self, key: tuple[Scope, str], now: float) -> float:
        level, at = self._levels.get(key, (float(self._size), now))
        return min(level + max(now - at, 0.0) * self._size / _MINUTE, self._size)

    def _keep(self, key: tuple[Scope, str], level: float, now: float) -> None:
        self._levels[key] = (level, now)
        self._levels.move_to_end(key)
        if len(self._levels) > _REMEMBERED:
            self._levels.popitem(last=False)

"""Who wants to hear of publications: open streams by environment, told from any thread.

A publication is told as the sequence of its serving set. Listeners that are behind meet the latest one
only: what was between does not matter to anybody.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from enum import Enum
from typing import Final

from herenow.errors import TooManyRequests
from herenow.scope import Scope

RETRY_AFTER_S: Final = 30


class Happening(Enum):
    """Why a wait ended."""

    PUBLISHED = "published"
    ENDED = "ended"
    NOTHING = "nothing"


class Subscription:
    """One open stream's ear."""

    def __init__(self, scope: Scope, network: str) -> None:
        self.scope = scope
        self.network = network
        self._changed = asyncio.Event()
        self._ended = False

    async def wait(self, seconds: float) -> Happening:
        """Until a publication, the end of the stream, or ``seconds`` without either."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return Happening.NOTHING
        if self._ended:
            return Happening.ENDED
        self._changed.clear()
        return Happening.PUBLISHED

    def tell(self) -> None:
        """Something was published."""
        self._changed.set()

    def end(self) -> None:
        """The client has left, or the server stops."""
        self._ended = True
        self._changed.set()


class Subscriptions:
    """All open streams of a process: at most ``limit``, and a tenth of that for one network."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._network_limit = max(1, limit // 10)
        self._open: defaultdict[Scope, set[Subscription]] = defaultdict(set)
        self._networks: Counter[str] = Counter()
        self._sequences: dict[Scope, int] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        """How many streams are open."""
        return self._networks.total()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take ``loop`` as the one that the streams run on."""
        self._loop = loop

    def subscribe(self, scope: Scope, network: str) -> Subscription:
        """A new ear. Raises ``TooManyRequests`` (TOO_MANY_STREAMS)."""
        if len(self) >= self._limit or self._networks[network] >= self._network_limit:
            raise TooManyRequests(
                "too many open streams", retry_after_s=RETRY_AFTER_S, code="TOO_MANY_STREAMS"
            )
        subscription = Subscription(scope, network)
        self._open[scope].add(subscription)
        self._networks[network] += 1
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Forget an ear."""
        listeners = self._open[subscription.scope]
        listeners.discard(subscription)
        if not listeners:
            del self._open[subscription.scope]
        self._networks[subscription.network] -= 1
        if not self._networks[subscription.network]:
            del self._networks[subscription.network]

    def publish(self, scope: Scope, sequence: int) -> None:
        """Tell everybody of ``scope``; from any thread, and once for each sequence."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell, scope, sequence)

    def end_all(self) -> None:
        """End every stream: the server stops. Called on the loop or from a signal handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_all)

    def _tell(self, scope: Scope, sequence: int) -> None:
        if self._sequences.get(scope) != sequence:
            self._sequences[scope] = sequence
            for subscription in self._open.get(scope, ()):
                subscription.tell()

    def _end_all(self) -> None:
        for listeners in self._open.values():
            for subscription in listeners:
                subscription.end()

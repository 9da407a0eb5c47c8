"""Asking Apple without keeping a server waiting.

A worker serves one request at a time, and Apple may take seconds. So an attempt is made by a thread of
its own; a request waits for it only ``PATIENCE_S``, which is ample when Apple is well, and otherwise tells
the device to ask again. The answer is then mostly there: it is kept, by token, until it is fetched.
What is kept is only this process's: another worker, or this one after a restart, simply asks again.
"""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace
from threading import Lock
from typing import Final

from herenow.acquisition.adservices import (
    CONCURRENT_ATTEMPTS,
    RETRY_AFTER_S,
    AdServicesClient,
    Outcome,
    PendingToken,
    Waiting,
)

PATIENCE_S: Final = 0.25
MOST_ASKED: Final = 256
"""Attempts kept at once; further devices are told to ask again later."""


class AdServicesDesk:
    """Hands attempts to threads and keeps their answers. ``close`` it at the end."""

    def __init__(self, client: AdServicesClient, *, patience_s: float = PATIENCE_S) -> None:
        self._client = client
        self._patience_s = patience_s
        self._threads = ThreadPoolExecutor(CONCURRENT_ATTEMPTS, thread_name_prefix="adservices")
        self._asked: OrderedDict[str, Future[Outcome]] = OrderedDict()
        self._lock = Lock()

    def ask(self, pending: PendingToken, now: int) -> Outcome:
        """What is known of the token within ``patience_s``; ``Waiting`` when that is nothing yet."""
        if now < pending.next_at or now >= pending.expires_at:
            return self._client.attempt(pending, now)
        attempt = self._attempt(pending, now)
        if attempt is None:
            return _later(pending, now)
        try:
            outcome = attempt.result(timeout=self._patience_s)
        except NotYet:
            return _later(pending, now)
        with self._lock:
            self._asked.pop(pending.token, None)
        return outcome

    def close(self) -> None:
        """Make no further attempts."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _attempt(self, pending: PendingToken, now: int) -> Future[Outcome] | None:
        """The attempt under way or done for this token, else a new one; ``None`` when there are too many."""
        with self._lock:
            known = self._asked.get(pending.token)
            if known is not None:
                return known
            self._forget_unfetched()
            if len(self._asked) >= MOST_ASKED:
                return None
            self._asked[pending.token] = self._threads.submit(self._client.attempt, pending, now)
            return self._asked[pending.token]

    def _forget_unfetched(self) -> None:
        """Make room: the oldest answers that nobody came back for."""
        while len(self._asked) >= MOST_ASKED and next(iter(self._asked.values())).done():
            self._asked.popitem(last=False)


def _later(pending: PendingToken, now: int) -> Waiting:
    return Waiting(replace(pending, next_at=now + RETRY_AFTER_S))

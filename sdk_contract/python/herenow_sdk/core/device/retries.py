"""What to do about an answer, and when to ask again.

A request may be repeated when repeating can help and cannot hurt: all of the SDK's requests are safe to
send twice. Waiting grows with each failure in a row and is spread at random, so that a server that comes
back is not met by every phone at once. The random number is an argument, 32 bits; milliseconds are integers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.device.identity import is_refusal
from herenow_sdk.core.device.instants import read_http_date
from herenow_sdk.core.reasons import RetryClass

BASE_MS: Final = 1000
CAP_MS: Final = 300_000
MAX_RETRY_AFTER_S: Final = 86_400
"""A server that asks for longer is asked again after a day."""
RANDOM_BITS: Final = 32

_TOKEN_CODES: Final = frozenset({"EXPIRED_TOKEN", "INVALID_TOKEN", "REVOKED_TOKEN"})
_PASSING: Final = frozenset({408, 425})
"""Timed out, and too early: of the 4xx, only these say nothing about the request."""
_WRONG: Final = frozenset({400, 422})
_SECONDS: Final = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Retry:
    """What to do, and after how many milliseconds; ``None`` where there is nothing to wait for."""

    action: RetryClass
    delay_ms: int | None = None


def classify(status: Any, code: Any = None, *, readable: bool = True, renewed: bool = False) -> RetryClass:
    """What an answer asks for. ``status`` is ``None`` when there was none.

    ``code`` is that of the problem in the body. ``readable`` is false for a success whose body is not what
    was asked for, as a hotel's login page is not; ``renewed`` when the token is fresh from this very attempt.
    """
    if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
        return RetryClass.RETRY
    if status == 304 or (status < 300 and readable):
        return RetryClass.DONE
    if is_refusal(status, code):
        return RetryClass.NEW_IDENTITY
    if status == 401:
        return _unauthorised(code, renewed=renewed)
    return _by_status(status)


def plan_retry(action: RetryClass, attempt: int, random: int, retry_after: Any, now: int) -> Retry:
    """When to do it: ``attempt`` counts the failures in a row, ``now`` is epoch seconds.

    ``retry_after`` is the header of that name, as received; it counts for ``WAIT`` alone.
    """
    if action is RetryClass.RETRY:
        return Retry(action, backoff_ms(attempt, random))
    if action is RetryClass.WAIT:
        return Retry(action, retry_after_s(retry_after, now) * 1000 + backoff_ms(attempt, random))
    if action in {RetryClass.SPLIT, RetryClass.RENEW_TOKEN}:
        return Retry(action, 0)
    return Retry(action)


def backoff_ms(attempt: int, random: int) -> int:
    """The wait after ``attempt`` failures in a row: 1, 2, 4 … 300 s, of which the second half is random.

    >>> backoff_ms(1, 0), backoff_ms(4, 0), backoff_ms(4, 2**31), backoff_ms(99, 2**32 - 1)
    (500, 4000, 6000, 299999)
    """
    doublings = min(max(attempt, 1) - 1, CAP_MS.bit_length())
    full = min(BASE_MS << doublings, CAP_MS)
    steady = full // 2
    return steady + ((full - steady) * (random % (1 << RANDOM_BITS)) >> RANDOM_BITS)


def retry_after_s(header: Any, now: int) -> int:
    """``Retry-After`` as seconds from ``now``, 0 … ``MAX_RETRY_AFTER_S``; 0 when it says nothing."""
    text = header.strip(" \t") if isinstance(header, str) else ""
    if _SECONDS.fullmatch(text):
        seconds = int(text)
    else:
        at = read_http_date(text)
        seconds = 0 if at is None else at - now
    return min(max(seconds, 0), MAX_RETRY_AFTER_S)


def _unauthorised(code: Any, *, renewed: bool) -> RetryClass:
    if code == "INVALID_KEY":
        return RetryClass.STOP
    if isinstance(code, str) and code not in _TOKEN_CODES:
        return RetryClass.STOP
    return RetryClass.RETRY if renewed else RetryClass.RENEW_TOKEN


def _by_status(status: int) -> RetryClass:
    if status in {429, 503}:
        return RetryClass.WAIT
    if status == 413:
        return RetryClass.SPLIT
    if status in _WRONG:
        return RetryClass.DROP
    passing = status < 400 or status >= 500 or status in _PASSING
    return RetryClass.RETRY if passing else RetryClass.STOP

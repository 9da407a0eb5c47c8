"""Asking Apple what an AdServices token stands for.

The token comes from the device and means something to Apple for 24 hours; Apple may not know it
for the first seconds (404: three more tries, 5 s apart). Apple being down must not lose the
attribution: anything but a clear answer is tried again, ever more slowly, until the token dies.
A call makes at most one attempt. The state between attempts is a small value that the caller keeps
with the installation — so a repeat is safe, a restart forgets nothing, and no thread waits here.

Protocol: ``POST https://api-adservices.apple.com/api/v1/``, ``text/plain`` body; 200 attribution
true or false, 400 invalid token, 404 not found yet, 500 later
(developer.apple.com/documentation/adservices/aaattribution/attributiontoken()).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore
from typing import Any

import httpx

from herenow.acquisition.apple_ads import KIND, AppleAdsRecord, acquisition_from_record, read_record
from herenow.acquisition.model import Acquisition

APPLE_ADDRESS = "https://api-adservices.apple.com"
"""The default of the setting; tests and private relays use another."""

NOT_FOUND_TRIES = 4  # the first one and Apple's three retries
RETRY_AFTER_S = 5
LONGEST_WAIT_S = 900
TOKEN_LIFETIME_S = 86_400
ANSWER_LIMIT = 16_384
TIMEOUT_S = 2.0
CONCURRENT_ATTEMPTS = 2
"""Attempts of one process at a time: while Apple does not answer, its other threads serve launches."""

_TOKEN = re.compile(r"[A-Za-z0-9+/_\-]{16,4096}={0,2}")


@dataclass(frozen=True, slots=True)
class PendingToken:
    """A token that waits for its answer; times are epoch seconds.

    ``not_found`` counts Apple's 404 answers, ``failures`` attempts without any clear answer in a row.
    """

    token: str = field(repr=False)
    received_at: int
    next_at: int
    attempts: int = 0
    not_found: int = 0
    failures: int = 0

    def as_json(self) -> dict[str, Any]:
        """To be stored until the token is answered or dead."""
        return {
            "token": self.token,
            "received_at": self.received_at,
            "next_at": self.next_at,
            "attempts": self.attempts,
            "not_found": self.not_found,
            "failures": self.failures,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PendingToken:
        """The inverse of ``as_json``."""
        return cls(**stored)

    @property
    def expires_at(self) -> int:
        """When Apple forgets the token."""
        return self.received_at + TOKEN_LIFETIME_S

    def poll_after_ms(self, now: int) -> int:
        """How long the device should wait before it asks again."""
        return max(self.next_at - now, 1) * 1000


@dataclass(frozen=True, slots=True)
class Answered:
    """Apple knows: attributed to a campaign, or to none."""

    record: AppleAdsRecord


@dataclass(frozen=True, slots=True)
class Waiting:
    """No answer yet; ``pending`` is the state to keep."""

    pending: PendingToken


@dataclass(frozen=True, slots=True)
class GivenUp:
    """There will be no answer: ``invalid_token``, ``not_found`` or ``expired``."""

    reason: str


Outcome = Answered | Waiting | GivenUp


def accept_token(token: object, now: int) -> PendingToken | None:
    """A token as the device sent it, ready for its first attempt; ``None`` if it cannot be one."""
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        return PendingToken(token, received_at=now, next_at=now)
    return None


class AdServicesClient:
    """Speaks Apple's endpoint at ``base_url`` through ``http``; safe to share between threads."""

    def __init__(self, http: httpx.Client, base_url: str = APPLE_ADDRESS) -> None:
        self._http = http
        self._address = base_url.rstrip("/") + "/api/v1/"
        self._slots = BoundedSemaphore(CONCURRENT_ATTEMPTS)

    def attempt(self, pending: PendingToken, now: int) -> Outcome:
        """One attempt, if one is due: at most 2 s of silence and 16 kB of answer. Never raises.

        While ``CONCURRENT_ATTEMPTS`` others are under way none is made, and the device asks again later.
        """
        if now >= pending.expires_at:
            return GivenUp("expired")
        if now < pending.next_at:
            return Waiting(pending)
        if not self._slots.acquire(blocking=False):
            return Waiting(replace(pending, next_at=now + RETRY_AFTER_S))
        try:
            return self._ask(pending, now)
        finally:
            self._slots.release()

    def _ask(self, pending: PendingToken, now: int) -> Outcome:
        tried = replace(pending, attempts=pending.attempts + 1)
        status, body = self._post(pending.token)
        if status == httpx.codes.BAD_REQUEST:
            return GivenUp("invalid_token")
        if status == httpx.codes.NOT_FOUND:
            return _after_not_found(tried, now)
        if status == httpx.codes.OK and (answer := _object(body)) is not None:
            return Answered(read_record(answer))
        return _after_failure(tried, now)

    def _post(self, token: str) -> tuple[int, bytes]:
        """Status and body; status 0 when there was no usable answer."""
        headers = {"content-type": "text/plain", "accept-encoding": "identity"}
        body = b""
        try:
            with self._http.stream(
                "POST",
                self._address,
                content=token,
                headers=headers,
                timeout=TIMEOUT_S,
                follow_redirects=False,
            ) as answer:
                for chunk in answer.iter_raw():
                    body += chunk
                    if len(body) > ANSWER_LIMIT:
                        return 0, b""
                return answer.status_code, body
        except httpx.HTTPError:
            return 0, b""


def acquisition_from_outcome(outcome: Outcome, apple_ads: Mapping[str, object], now: int) -> Acquisition:
    """The touch that an outcome stands for."""
    match outcome:
        case Answered(record):
            return acquisition_from_record(record, apple_ads)
        case Waiting(pending):
            return Acquisition("pending", KIND, poll_after_ms=pending.poll_after_ms(now))
        case GivenUp(reason):
            return Acquisition("none", KIND, flags=(reason,))


def _after_not_found(tried: PendingToken, now: int) -> Outcome:
    if tried.not_found + 1 >= NOT_FOUND_TRIES:
        return GivenUp("not_found")
    return Waiting(replace(tried, not_found=tried.not_found + 1, failures=0, next_at=now + RETRY_AFTER_S))


def _after_failure(tried: PendingToken, now: int) -> Outcome:
    wait = min(RETRY_AFTER_S * 2 ** min(tried.failures, 10), LONGEST_WAIT_S)
    return Waiting(replace(tried, failures=tried.failures + 1, next_at=now + wait))


def _object(body: bytes) -> Mapping[object, object] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None

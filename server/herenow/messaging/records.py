"""The ledger of decisions: one record a decision, in the person's own partition, kept as long as beacons are.

What is held is written down when that changes, not each time it is looked at. The messages that caps count
are another thing: they stand in ``state``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.messaging.people import Person
from herenow.messaging.state import Handing
from herenow.storage.ports import Documents, Key, Put, walk
from herenow_sdk.core.messages import Decision
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome

PREFIX: Final = "ledger#"
NOTHING_FITS: Final = "NOTHING_FITS"
"""Why a personal message is not said: no item of its placement is good enough for this person."""
FAILED: Final = "failed"
UNKNOWN: Final = "unknown"
"""Beside the contract's outcomes: a message that did not get through, and one of which nobody can tell."""


@dataclass(frozen=True, slots=True)
class Record:
    """One decision as it is kept: ``decided_at`` in epoch seconds, and what ``why`` answers."""

    decided_at: int
    told: Mapping[str, Any]

    def key(self, person: Person) -> Key:
        """By time, then by what it is about: the same decision again is the same record."""
        about = [self.told.get(name) for name in ("campaign", "at", "place", "outcome", "reason")]
        digest = hashlib.sha256(repr(about).encode()).hexdigest()[:12]
        return Key(person.partition, f"{PREFIX}{self.decided_at:012d}#{digest}")

    def put(self, person: Person, expires_at: int) -> Put:
        """The write that keeps it."""
        return Put(self.key(person), self.as_json(), expires_at=expires_at)

    def as_json(self) -> dict[str, Any]:
        """``{"decided_at", "campaign", "at", "outcome", "reason", …}``."""
        return {"decided_at": self.decided_at, **self.told}

    @property
    def campaign(self) -> str:
        """What it is about."""
        return str(self.told["campaign"])

    @property
    def would_show_at(self) -> int | None:
        """When what was kept back would have been shown; ``None`` where it would not have been."""
        at: int | None = self.told.get("would_show_at")
        return at


def record_of(
    decision: Decision,
    now: int,
    *,
    failed: str = "",
    message: str = "",
    channel: str = "",
    would_show_at: int | None = None,
    propensity: float | None = None,
) -> Record:
    """The record of a decision; ``failed`` is why a message that was to be shown could not be.

    ``would_show_at`` is when one of the control group would have been shown. ``propensity`` is how probable
    the form of its offer was, where several were tried out. ``message`` and ``channel`` are of one that was
    to leave by it.
    """
    told = decision.as_json()
    told |= {} if propensity is None else {"propensity": round(propensity, 6)}
    if failed:
        told |= {"outcome": FAILED, "reason": failed}
    told |= {"message": message} if message else {}
    told |= {"channel": channel} if channel else {}
    return Record(now, told if would_show_at is None else told | {"would_show_at": would_show_at})


def failure_of(waiting: Waiting, now: int, reason: str, message: str) -> Record:
    """The record of a message that could not be put into words, or had nothing to be about."""
    outcome = MessageOutcome.SUPPRESSED.value if reason == NOTHING_FITS else FAILED
    told = waiting.as_json() | {"outcome": outcome, "reason": reason, "message": message}
    return Record(now, told)


def record_of_handing(handing: Handing, now: int, outcome: str, reason: str) -> Record:
    """What became of a hand-off."""
    waiting = handing.waiting
    told = {
        "campaign": waiting.campaign,
        "at": waiting.at,
        "outcome": outcome,
        "reason": reason,
        "place": waiting.place,
        "channel": handing.channel,
        "offer": handing.offer,
        "silent": handing.silent or None,
        "propensity": None if handing.propensity is None else round(handing.propensity, 6),
        "expires_at": handing.expires_at,
        "message": handing.message,
    }
    return Record(now, {name: value for name, value in told.items() if value is not None})


def records_of(documents: Documents, person: Person) -> Iterator[Record]:
    """Every record of a person, the oldest first."""
    for each in walk(documents, person.partition, prefix=PREFIX):
        told = dict(each.value)
        yield Record(told.pop("decided_at"), told)

"""What comes in and what is answered: who sends, a batch, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

MAX_BATCH: Final = 500
"""Beacons in one request (SPEC 13.3.1)."""


class DoorFault(StrEnum):
    """Why a beacon does not count here, beyond what the contract says (``BeaconFault``)."""

    INVALID_PROPERTIES = "INVALID_PROPERTIES"  # not what its kind, or the app's own declaration, says
    WRONG_TYPE = "WRONG_TYPE"  # a whereabouts told as something that needs another consent
    NOT_COLLECTED = "NOT_COLLECTED"  # the app declares that it collects no location
    TOO_MANY_TODAY = "TOO_MANY_TODAY"  # more of one person and day than ids are remembered for
    NO_SUBJECT = "NO_SUBJECT"  # it does not say whose it is
    ERASED = "ERASED"  # this person was erased on request


class DoorWarning(StrEnum):
    """What is odd about a beacon that counts all the same."""

    UNKNOWN_ITEM = "UNKNOWN_ITEM"  # the live catalogue has no item of this id


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose beacons these are, and what that person allows.

    ``id`` is an installation's, or the pseudonym of a foreign client's user. ``numbered`` says whether the
    beacons carry ``seq`` (our SDKs) or not (foreign clients, whose repeats are not recognised by number).
    ``context`` is what the device last told of itself, nothing where no device tells.
    """

    id: str
    consent: Mapping[str, str]
    numbered: bool = True
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """A request: beacons as JSON, not yet judged; ``sent_at`` and ``dropped`` as the device told them."""

    beacons: Sequence[Any]
    sent_at: Any = None
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One beacon that does not count: where it stood in the batch, its id if it has one, and why.

    ``detail`` names the member that is wrong, never its value: an answer may end up in a log.
    """

    index: int
    id: str | None
    code: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        """As the answer tells it."""
        return {"index": self.index, "id": self.id, "code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Caution:
    """One beacon that counts, and what is odd about it; told like a ``Rejection``."""

    index: int
    id: str
    code: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        """As the answer tells it."""
        return {"index": self.index, "id": self.id, "code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: how many are stored, how many had come before, and which do not count.

    ``warnings`` are about some of those that are stored.
    """

    accepted: int
    duplicates: int
    rejected: tuple[Rejection, ...] = ()
    warnings: tuple[Caution, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the answer tells it."""
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": [each.as_json() for each in self.rejected],
            "warnings": [each.as_json() for each in self.warnings],
        }

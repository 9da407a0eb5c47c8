"""One promise, kept in the partition of whom it was made to, and how many of an offer they have had.

So an erasure takes both; the code stays spent and nobody's, because the pool knows a message and no person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from herenow.messaging.people import Person
from herenow.storage.ports import Document, Key

PREFIX: Final = "promise#"


class State(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    REDEEMED = "redeemed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Promised:
    """An offer promised to one message ``at`` an instant, until another (epoch seconds), with its code.

    ``pooled``: the code is out of a pool and goes back to it. ``used_by`` is the event that used it.
    """

    offer: str
    at: int
    until: int | None = None
    code: str | None = None
    pooled: bool = False
    state: State = State.OPEN
    used_by: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The promise as it is kept."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) not in (None, False)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Promised:
        """The promise as it was kept."""
        return replace(cls(**{**kept, "state": State.OPEN}), state=State(kept["state"]))


def promise_key(person: Person, message: str) -> Key:
    """Where a message's promise stands."""
    return Key(person.partition, PREFIX + message)


def had_key(person: Person, offer: str) -> Key:
    """Where it stands how many of an offer somebody has had."""
    return Key(person.partition, f"offer#{offer}")


def had(stored: Document | None) -> int:
    """How many that is."""
    return int(stored.value["had"]) if stored else 0

"""What messages need of others: who writes them, who gives out offers, who carries them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from herenow.launch.serving import ServingSet
from herenow.messaging.people import Person
from herenow.profiles.installation import Installation
from herenow.storage.ports import LogRecord


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message is written for: the campaign, the person now, the item and place it is about."""

    serving: ServingSet
    installation: Installation
    person: Person
    attributes: Mapping[str, Any]
    message: str
    campaign: str
    channel: str
    now: int
    item: str | None = None
    place: str | None = None
    offer: str | None = None
    code: str | None = None
    offer_until: int | None = None
    event: Mapping[str, Any] | None = None
    """What is kept of the event that started it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message in words: ``title``, ``body``, ``link`` … as the app reads them (JSON)."""

    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Why a message cannot be said: a stable code in upper case."""

    reason: str


class NotPromised(Unwritten):
    """Why an offer is not promised: another one may be."""


class Writer(Protocol):
    """Puts a campaign into words for one person. Never raises for what documents or catalogue lack."""

    def write(self, occasion: Occasion) -> Written | Unwritten:
        """The message."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An offer given to one message: with the code to show, if the offer has one, and when it is over.

    ``valid_until`` is in epoch seconds; ``None`` when it does not end.
    """

    code: str | None = None
    valid_until: int | None = None


class Promises(Protocol):
    """Gives out offers. One message has one promise, however often it is asked for."""

    def reserve(self, occasion: Occasion) -> Promise | NotPromised:
        """Keep ``occasion.offer`` for ``occasion.message``; a reason when there is none left."""

    def give_back(self, person: Person, message: str) -> None:
        """Free what was kept for a message that is not shown after all; nothing happens when nothing was."""

    def heard(
        self, serving: ServingSet, people: Sequence[Person], records: Iterable[LogRecord], *, by_backend: bool
    ) -> None:
        """Take word of used offers out of beacons. ``people`` is one person in all that they are kept as.

        Reading the same again changes nothing.
        """


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way out. ``expires_at`` (epoch seconds) is when it must not arrive any more."""

    message: str
    campaign: str
    channel: str
    content: Mapping[str, Any] = field(repr=False)
    expires_at: int
    silent: bool = False


class Result(StrEnum):
    """What became of a hand-off."""

    HANDED = "handed"
    REFUSED = "refused"
    """It will never be taken as it is."""
    RETRY_LATER = "retry_later"
    """Certainly not taken, and worth another attempt."""
    UNKNOWN = "unknown"
    """No answer after it was sent: it may have gone."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A result with its reason (a stable code, empty when handed); ``retry_after_s`` for RETRY_LATER.

    ``dead`` is how many push tokens turned out to reach nobody any more.
    """

    result: Result
    reason: str = ""
    retry_after_s: int = 0
    dead: int = 0


class Couriers(Protocol):
    """Carry push, e-mail and SMS."""

    def reach(self, installation: Installation, person: Person, wanted: frozenset[str]) -> frozenset[str]:
        """Those of the wanted channels by which somebody can be reached, by their names."""

    def hand_off(self, installation: Installation, person: Person, letter: Letter, now: int) -> HandedOver:
        """Hand a letter over once. Never raises for what a provider answers."""

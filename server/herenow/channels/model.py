"""What is handed off, to which address, and what became of it.

Three channels leave our own code: ``push``, ``email`` and ``sms`` (``in_app`` and ``local_notification`` are
shown by the device itself). A courier takes one notice to one address and tells an outcome; it never raises
for what a provider answers. Whether a notice may leave at all (consent, caps, quiet hours) is decided before;
a courier only refuses one whose life is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Literal, Protocol, get_args

from herenow.scope import Scope

Channel = Literal["push", "email", "sms"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
Platform = Literal["ios", "android"]
PLATFORMS: Final[tuple[Platform, ...]] = get_args(Platform)
TokenEnvironment = Literal["production", "sandbox"]
TOKEN_ENVIRONMENTS: Final[tuple[TokenEnvironment, ...]] = get_args(TokenEnvironment)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a notice is for: an installation, a person by pseudonym, or a person through one installation.

    Push reaches the installation when one is named, else every installation of the person. E-mail and SMS
    reach the person, or an installation whose person is not known.
    """

    installation: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel reaches somebody.

    ``value`` is a push token, an e-mail address or a phone number in E.164. ``installation`` registered it;
    ``subject`` is the person it is kept with, if not with the installation.
    ``platform`` and ``environment`` (of APNs) are a push token's. Instants are epoch seconds;
    ``invalid_at`` is when a provider said that it reaches nobody (0: it has not), ``verified`` that somebody
    proved to hold it.
    """

    channel: Channel
    value: str = field(repr=False)
    installation: str
    created_at: int
    subject: str | None = None
    platform: Platform | None = None
    environment: TokenEnvironment = "production"
    locale: str | None = None
    zone: str | None = None
    verified: bool = False
    invalid_at: int = 0

    @property
    def reaches(self) -> bool:
        """Whether nothing is known against it."""
        return not self.invalid_at


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its id, its text in the recipient's language, and where it leads."""

    id: str
    title: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message as rendered for one recipient.

    ``message_id`` is the same at every attempt, so that a device shows it once. ``collapse`` names what a
    newer notice replaces on the device. ``expires_at`` (epoch seconds) is when it must no longer arrive: its
    expiry or the beginning of quiet hours, whichever is first. ``extra`` is handed to the app (JSON scalars).
    ``silent`` is shown without a sound. ``unsubscribe`` is the address of the page that ends the channel.
    """

    message_id: str
    campaign: str
    channel: Channel
    title: str
    body: str
    expires_at: int
    link: str = ""
    image: str = ""
    category: str = ""
    actions: tuple[Action, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    collapse: str = ""
    silent: bool = False
    locale: str = "en"
    sound: str = ""
    unsubscribe: str = ""

    def life_left(self, now: float) -> int:
        """Whole seconds for which it may still arrive; not above 0 when it must not leave any more."""
        return int(self.expires_at - now)


class Outcome(StrEnum):
    """What became of a notice at a provider."""

    HANDED = "handed"
    """The provider took it."""
    REFUSED = "refused"
    """It will never be taken as it is: a bad request, too large, expired, no address."""
    INVALID_ADDRESS = "invalid_address"
    """The address reaches nobody any more and is to be forgotten."""
    RETRY_LATER = "retry_later"
    """Worth another attempt: certainly not taken, or a push, which a device shows once."""
    UNKNOWN = "unknown"
    """No answer after it was sent: it may have gone."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An outcome. ``reason`` is a stable code in upper case, empty when handed.

    ``provider_id`` is by what the provider knows it; ``retry_after_s`` counts for ``RETRY_LATER`` alone.
    ``dead`` is how many of somebody's addresses turned out to reach nobody any more.
    """

    outcome: Outcome
    reason: str = ""
    provider_id: str = ""
    retry_after_s: int = 0
    dead: int = 0

    @property
    def may_repeat(self) -> bool:
        """Whether another attempt reaches nobody twice."""
        return self.outcome is Outcome.RETRY_LATER


class Courier(Protocol):
    """Takes notices of one channel to one provider."""

    def hand_off(self, scope: Scope, address: Address, notice: Notice, now: float) -> Handed:
        """Hand ``notice`` over once. Never raises for what a provider answers.

        A notice without life left is refused (EXPIRED) and nothing is sent.
        """


def expired() -> Handed:
    """The outcome of a notice without life left."""
    return Handed(Outcome.REFUSED, "EXPIRED")


def spoiled(address: Address, now: float) -> Address:
    """The address, known to reach nobody."""
    return replace(address, invalid_at=int(now))

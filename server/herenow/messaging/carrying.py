"""Messages over the channels: what was written becomes a notice, and its outcome a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from herenow.channels.couriers import Couriers as Channels
from herenow.channels.model import CHANNELS, Action, Channel, Handed, Notice, Outcome, Recipient
from herenow.messaging.people import Person
from herenow.messaging.seams import HandedOver, Letter, Result
from herenow.profiles.installation import Installation

_RESULTS: Final[Mapping[Outcome, Result]] = {
    Outcome.HANDED: Result.HANDED,
    Outcome.REFUSED: Result.REFUSED,
    Outcome.INVALID_ADDRESS: Result.REFUSED,
    Outcome.RETRY_LATER: Result.RETRY_LATER,
    Outcome.UNKNOWN: Result.UNKNOWN,
}
_TEXTS: Final = ("link", "image", "category", "collapse", "sound")


@dataclass(frozen=True, slots=True)
class Carriers:
    """Carry push, e-mail and SMS by the couriers that this process was set up with."""

    channels: Channels

    def reach(self, installation: Installation, person: Person, wanted: frozenset[str]) -> frozenset[str]:
        """Those of the wanted channels for which an address is known."""
        whom, addresses = _recipient(installation, person), self.channels.addresses
        asked = (each for each in CHANNELS if each in wanted)
        return frozenset(each for each in asked if addresses.of(person.scope, whom, each))

    def hand_off(self, installation: Installation, person: Person, letter: Letter, now: int) -> HandedOver:
        """Hand a letter to every address of its channel once."""
        notice = notice_of(letter, str(installation.context.get("locale", "en")))
        handed = self.channels.deliver(person.scope, _recipient(installation, person), notice, now)
        dead = handed.dead if letter.channel == "push" else 0
        return HandedOver(_RESULTS[handed.outcome], _reason(handed), handed.retry_after_s, dead)


def notice_of(letter: Letter, locale: str) -> Notice:
    """The notice of a letter."""
    content: Mapping[str, Any] = letter.content
    actions = tuple(
        Action(str(each["id"]), str(each["title"]), str(each.get("link", "")))
        for each in content.get("actions", ())
    )
    return Notice(
        message_id=letter.message,
        campaign=letter.campaign,
        channel=cast("Channel", letter.channel),
        title=str(content.get("title", "")),
        body=str(content.get("body", "")),
        expires_at=letter.expires_at,
        actions=actions,
        extra=_extra(content),
        silent=letter.silent,
        locale=locale,
        **{name: str(content[name]) for name in _TEXTS if name in content},
    )


def _extra(content: Mapping[str, Any]) -> dict[str, Any]:
    code = {"code": content["code"]} if "code" in content else {}
    return {**content.get("extra", {}), **code}


def _recipient(installation: Installation, person: Person) -> Recipient:
    """All devices of a person who is known, or the one there is."""
    if person.subject is None:
        return Recipient(installation=installation.id)
    return Recipient(subject=person.subject)


def _reason(handed: Handed) -> str:
    return handed.reason or ("" if handed.outcome is Outcome.HANDED else handed.outcome.value.upper())

"""Links that end a channel without signing in, for mail.

A token seals whom it is about, the channel and the campaign it came with, so it tells nothing to whoever sees
it (AES-SIV, RFC 5297, under a key of the ring's that does not rotate: a link works as long as the mail is
kept). Its first byte names its form, should another one follow.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from herenow.channels.model import Channel, Recipient
from herenow.clock import Clock
from herenow.errors import NotFound
from herenow.scope import Scope

LIFE_S: Final = 2 * 365 * 86_400
MAX_TOKEN: Final = 1024
PATH: Final = "/u/"

_FORM: Final = b"\x01"


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """Who wants to hear no more, of which channel, and the campaign that it came with."""

    scope: Scope
    recipient: Recipient
    channel: Channel
    campaign: str


class UnsubscribeLinks:
    """Makes and reads links. ``secret`` is 32 bytes; ``base`` the server's public address, or empty."""

    def __init__(self, secret: bytes, base: str, *, clock: Clock) -> None:
        self._cipher = AESSIV(secret)
        self._base = base.rstrip("/")
        self._clock = clock

    def link(self, scope: Scope, recipient: Recipient, channel: Channel, campaign: str) -> str:
        """The address of the page, empty without a public address."""
        if not self._base:
            return ""
        return f"{self._base}{PATH}{self.seal(Unsubscription(scope, recipient, channel, campaign))}"

    def seal(self, told: Unsubscription) -> str:
        """URL-safe text that only ``open`` reads."""
        whom = told.recipient
        plain = [
            told.scope.app,
            told.scope.environment,
            whom.installation,
            whom.subject,
            told.channel,
            told.campaign,
            int(self._clock()) + LIFE_S,
        ]
        sealed = _FORM + self._cipher.encrypt(orjson.dumps(plain), [_FORM])
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, token: str) -> Unsubscription:
        """What was sealed. Raises ``NotFound`` (UNKNOWN_LINK) for anything else and when it is too old."""
        try:
            sealed = urlsafe_b64decode(token[:MAX_TOKEN].encode("ascii") + b"=" * (-len(token) % 4))
            plain: list[Any] = orjson.loads(self._cipher.decrypt(sealed[1:], [sealed[:1]]))
        except (ValueError, binascii.Error, InvalidTag) as error:
            raise _unknown() from error
        app, environment, installation, subject, channel, campaign, until = plain
        if until <= self._clock():
            raise _unknown()
        whom = Recipient(installation, subject)
        return Unsubscription(Scope(app, environment), whom, cast("Channel", channel), campaign)


def _unknown() -> NotFound:
    return NotFound(
        "this link is unknown or too old",
        code="UNKNOWN_LINK",
        detail="Use the link of a newer message, or change it in the app.",
    )

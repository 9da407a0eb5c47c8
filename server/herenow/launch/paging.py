"""Where a reader of a placement stands, and what the first page was ordered by.

A page must continue the order of the one before it. What that was ordered by and is nowhere stored
travels in the cursor: a device's place (coarse, as it was used), and a search that was not kept for want
of consent. So a cursor is sealed (AES-SIV, RFC 5297: deterministic, misuse-resistant) and bound to the
installation and placement it was given out for; to clients it is opaque, to anybody else noise.

A publication between two pages does not end the paging: it continues at the same position of the new
order.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from herenow.errors import BadRequest
from herenow.intent.model import Intent
from herenow.ordering.model import MAX_DEPTH, PointE6

MAX_CURSOR: Final = 4096
"""Characters; the longest intent there is fits."""


@dataclass(frozen=True, slots=True)
class PageCursor:
    """``offset`` items were read; ``place`` in microdegrees and ``intent`` only where not stored."""

    offset: int
    place: PointE6 | None = None
    intent: Intent | None = None


class PageCursors:
    """Seals and opens cursors. ``secret`` is 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESSIV(secret)

    def seal(self, cursor: PageCursor, bound_to: str) -> str:
        """URL-safe text that only ``open`` with the same ``bound_to`` reads."""
        intent = cursor.intent.as_json() if cursor.intent else None
        plain = orjson.dumps([cursor.offset, cursor.place, intent])
        sealed = self._cipher.encrypt(plain, [bound_to.encode()])
        return urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, text: str, bound_to: str) -> PageCursor:
        """What was sealed. Raises ``BadRequest`` (INVALID_CURSOR) for anything else."""
        try:
            sealed = urlsafe_b64decode(text[:MAX_CURSOR].encode("ascii") + b"=" * (-len(text) % 4))
            opened: list[Any] = orjson.loads(self._cipher.decrypt(sealed, [bound_to.encode()]))
        except (ValueError, binascii.Error, InvalidTag) as error:
            raise BadRequest(
                "this is not a cursor that was given out here",
                code="INVALID_CURSOR",
                detail="Pass `next` of an earlier answer unchanged, or leave it out to start from the top.",
            ) from error
        offset, place, intent = opened
        where: PointE6 | None = (place[0], place[1]) if place else None
        return PageCursor(min(offset, MAX_DEPTH), where, Intent.from_json(intent) if intent else None)

"""Where a reader of a placement stands: an offset and the serving set it was counted in.

A cursor is opaque to clients and holds nothing of value, so it is not signed; what arrives is read
strictly instead, and an offset is bounded by the depth that paging may reach. The tag tells the caller
that the serving set has changed since: the order is another one then, and paging starts again.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from herenow.errors import BadRequest
from herenow.ordering.model import MAX_DEPTH

_MAX_LENGTH: Final = 128
_CONTENT: Final = re.compile(r"1\.(0|[1-9][0-9]{0,5})\.([A-Za-z0-9_:-]{1,64})")
"""Format version, offset, tag."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """``offset`` items were read, 0 … ``MAX_DEPTH``; ``tag`` names the serving set, ``[A-Za-z0-9_:-]{1,64}``.

    >>> Cursor(20, "42:c-9b1e").encode()
    'MS4yMC40MjpjLTliMWU'
    """

    offset: int
    tag: str

    def encode(self) -> str:
        """The cursor as URL-safe text. Raises ``ValueError`` for what ``decode`` would refuse."""
        content = f"1.{self.offset}.{self.tag}"
        if not _CONTENT.fullmatch(content) or self.offset > MAX_DEPTH:
            raise ValueError(f"not a cursor: {content!r}")
        return urlsafe_b64encode(content.encode()).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Read what ``encode`` wrote. Raises ``BadRequest`` (``INVALID_CURSOR``) for anything else."""
        match = _CONTENT.fullmatch(_plain(text))
        if match is None or int(match[1]) > MAX_DEPTH:
            raise _invalid()
        cursor = cls(int(match[1]), match[2])
        if cursor.encode() != text:
            raise _invalid()
        return cursor


def _plain(text: str) -> str:
    if not 0 < len(text) <= _MAX_LENGTH:
        raise _invalid()
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        raise _invalid() from None


def _invalid() -> BadRequest:
    return BadRequest(
        "This is not a cursor that was given out here",
        code="INVALID_CURSOR",
        detail="Pass 'next' of an earlier answer unchanged, or leave it out to start from the top.",
    )

"""The learned profile as it is stored: at most 4,096 bytes, and read section by section.

Stored is ``{"v": 2, "at": position, "z": text}``: ``z`` is base64 of the zlib stream of the document below as
compact JSON (``sections``). Equal profiles have equal documents, byte for byte, whether they were stored in
between or not: what must be known for that is sorted.

What was restored unpacks a section when it is first read. A launch whose conditions ask for a habit never
makes the places.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import orjson

from herenow.profiles.learned import encoding
from herenow.profiles.learned.document import VERSION, Learned
from herenow.profiles.learned.sections import PACK, UNPACK

MAX_BYTES: Final = 4096
"""Of what is stored, as compact JSON."""
_LEVEL: Final = 4
"""Of compression: 4 per cent larger than the best, in a third of its time."""
_FRAME: Final = len('{"v":2,"at":,"z":""}') + 19
"""What stands around ``z``, with the longest position."""
ROOM: Final = (MAX_BYTES - _FRAME) // 4 * 3
"""Bytes of a zlib stream that fit."""
_ROWS: Final = 1
"""The version whose document was that of ``encoding``."""


def stored(learned: Learned) -> dict[str, Any] | None:
    """The document to store; ``None`` when it does not fit (``eviction.bounded`` makes it)."""
    packed = zlib.compress(written(learned), _LEVEL)
    if len(packed) > ROOM:
        return None
    return {"v": VERSION, "at": learned.at, "z": b64encode(packed).decode()}


def restored(raw: Mapping[str, Any]) -> Learned | None:
    """What was stored; ``None`` for a version to come or a damaged one: it is learned again from the log."""
    version = raw.get("v")
    if version not in {VERSION, _ROWS}:
        return None
    try:
        document = orjson.loads(zlib.decompress(b64decode(raw["z"])))
        return Packed.of(document) if version == VERSION else encoding.from_json(document)
    except (KeyError, ValueError, TypeError, zlib.error):
        return None


def written(learned: Learned) -> bytes:
    """The document as compact JSON; sections that hold nothing are left out."""
    told = {name: pack(learned) for name, pack in PACK.items()}
    return orjson.dumps({"at": learned.at, **{name: value for name, value in told.items() if value}})


def packed_size(text: bytes) -> int:
    """Bytes of the zlib stream of a document."""
    return len(zlib.compress(text, _LEVEL))


class Packed(Learned):
    """What was stored: a member is unpacked when it is first read. It equals what it unpacks to."""

    __slots__ = ("_document",)

    _document: Mapping[str, Any]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Packed:
        """The profile of a document that ``written`` made. Raises ``KeyError`` for what is none."""
        packed = cls.__new__(cls)  # without members: reading one that is not there yet asks __getattr__
        object.__setattr__(packed, "_document", document)
        object.__setattr__(packed, "at", document["at"])
        return packed

    def __getattr__(self, name: str) -> Any:
        unpack = UNPACK.get(name)
        if unpack is None:
            raise AttributeError(name)
        value = unpack(self._document)
        object.__setattr__(self, name, value)
        return value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Learned):
            return NotImplemented
        return all(getattr(self, each.name) == getattr(other, each.name) for each in fields(Learned))

    __hash__ = None  # type: ignore[assignment]  # as of any profile: it is made of dictionaries

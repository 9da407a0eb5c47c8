"""Tiles as they are served: the fences that reach into a geohash cell or its margin, in shards by digest.

A shard is fetched by its digest, so it never changes and any cache may keep it. A fence lies in the shard
that a hash of its id names: when one changes, one shard does. There are as many shards (1, 2, 4 … 64) as
it takes for each to travel in 64 KB; the address is never finer than the cell, so that nobody
tells where they stand by asking.

Rule: section 10.9 of the specification.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, cos, radians
from typing import Any, Final

from herenow.canonical import canonical_json, digest
from herenow.errors import BadRequest
from herenow.proximity.ground import METRE_E6, SLACK_M
from herenow.proximity.served import Fences
from herenow_sdk.core.geo import MICRO
from herenow_sdk.core.limits import MAX_RECORDS
from herenow_sdk.core.place.shapes import FULL_TURN, HALF_TURN, POLE
from herenow_sdk.core.place.tiles import COLUMNS, MARGIN_M, MAX_SHARDS, ROWS

SHARD_BYTES: Final = 64 * 1024
"""Most bytes of a shard as it travels (gzip)."""
_NAME: Final = re.compile(r"[0-9b-hjkmnp-z]{5}")
_BASE32: Final = "0123456789bcdefghjkmnpqrstuvwxyz"

Told = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ServedTile:
    """The index of a tile as JSON, and its shards' contents by digest. An empty tile has none."""

    index: dict[str, Any]
    shards: Mapping[str, bytes]


def tile(fences: Fences, name: str) -> ServedTile:
    """The tile of a geohash of five characters. Raises ``BadRequest`` (INVALID_TILE) for another name."""
    if not _NAME.fullmatch(name):
        raise BadRequest(
            f"'{name[:20]}' is not a tile",
            code="INVALID_TILE",
            detail="A tile is named by a geohash of exactly five characters, in lower case.",
        )
    found: dict[str, dict[str, Any]] = {}
    for rectangle in _reach(name):
        found |= fences.reaching(*rectangle)
    contents = _shards(name, found) if found else []
    shards = {digest(content): content for content in contents}
    listed = [{"sha256": digest(content), "size": len(content)} for content in contents]
    return ServedTile({"tile": name, "shards": listed}, shards)


def _reach(name: str) -> Iterator[tuple[int, int, int, int]]:
    """South, north, west, east of the cell with its margin; two rectangles across the antimeridian."""
    row, column = _cell(name)
    high = ceil((MARGIN_M + SLACK_M) * METRE_E6)
    south = max(row * 2 * POLE // ROWS - POLE - high, -POLE)
    north = min((row + 1) * 2 * POLE // ROWS + 1 - POLE + high, POLE)
    narrow = cos(radians(max(abs(south), abs(north)) / MICRO))
    wide = ceil(high / narrow) + 1 if narrow > 1e-6 else FULL_TURN
    west = column * FULL_TURN // COLUMNS - HALF_TURN - wide
    east = (column + 1) * FULL_TURN // COLUMNS + 1 - HALF_TURN + wide
    if east - west >= FULL_TURN:
        yield south, north, -HALF_TURN, HALF_TURN
        return
    yield south, north, max(west, -HALF_TURN), min(east, HALF_TURN)
    if west < -HALF_TURN:
        yield south, north, west + FULL_TURN, HALF_TURN
    if east > HALF_TURN:
        yield south, north, -HALF_TURN, east - FULL_TURN


def _cell(name: str) -> tuple[int, int]:
    """Row from the south pole and column from the antimeridian, by the interleaved bits of the name."""
    bits = "".join(f"{_BASE32.index(character):05b}" for character in name)
    return int(bits[1::2], 2), int(bits[0::2], 2)


def _shards(name: str, fences: Told) -> list[bytes]:
    count = 1
    while True:
        contents = [_content(name, number, count, fences) for number in range(count)]
        if count == MAX_SHARDS or all(contents):
            return [content or _cut(name, n, count, fences) for n, content in enumerate(contents)]
        count *= 2


def _content(name: str, number: int, count: int, fences: Told, most: int | None = None) -> bytes | None:
    """A shard, with the first ``most`` of its fences by id; ``None`` when it is too large for a device."""
    held = [each for each in fences if _shard_of(each, count) == number][:most]
    if len(held) > MAX_RECORDS:
        return None
    told = {each: fences[each] for each in held}
    content = canonical_json({"tile": name, "shard": number, "shards": count, "fences": told})
    travels = len(content) <= SHARD_BYTES or len(gzip.compress(content, 6, mtime=0)) <= SHARD_BYTES
    return content if travels else None


def _cut(name: str, number: int, count: int, fences: Told) -> bytes:
    """As many fences as travel, where 64 shards do not hold them all: hundreds of thousands in one cell."""
    low, high = 0, MAX_RECORDS
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _content(name, number, count, fences, middle) else (low, middle - 1)
    return _content(name, number, count, fences, low) or b""


def _shard_of(fence: str, count: int) -> int:
    return sha256(fence.encode()).digest()[0] % count

"""Tiles: how a device learns what is around it without telling where it stands.

The world is cut into geohash cells of five characters, 4.9 km wide at the equator; no finer
address exists, however dense a city. A tile holds every fence that reaches into its cell or its margin, so
that one tile is enough in the middle, and where it is not, the neighbours are fetched too.

Specification: section 10.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.geo import geohash
from herenow_sdk.core.place.fences import Fence, read_fences
from herenow_sdk.core.place.shapes import FULL_TURN, HALF_TURN, POLE, Point, ground_m, wrapped
from herenow_sdk.core.values import is_array, is_whole

LENGTH: Final = 5
ROWS: Final = 1 << 12
"""Cells from pole to pole."""
COLUMNS: Final = 1 << 13
"""Cells around the globe."""
MARGIN_M: Final = 1000
MAX_SHARDS: Final = 64
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Tile:
    """The fences of a cell; ``complete`` when all its shards were there."""

    name: str
    fences: Mapping[str, Fence]
    complete: bool


def tile_of(point: Point) -> str:
    """The tile whose cell holds a point."""
    return geohash(point[0], wrapped(point[1]), LENGTH)


def tiles_around(point: Point, margin_m: int = MARGIN_M) -> tuple[str, ...]:
    """The tile of a point, then, by name, those neighbours whose cell is nearer than ``margin_m``.

    Nobody learns from the request which corner of a cell a device stands in more finely than by which
    neighbours it asks for; a device that minds asks for all eight.
    """
    row = _index(point[0] + POLE, 2 * POLE, ROWS)
    column = _index(wrapped(point[1]) + HALF_TURN, FULL_TURN, COLUMNS)
    own = tile_of(point)
    near = set()
    for north in (-1, 0, 1):
        for east in (-1, 0, 1):
            corner = _nearest(point, row + north, column + east)
            if 0 <= row + north < ROWS and ground_m(point, corner) < margin_m:
                near.add(_name(row + north, column + east))
    return (own, *sorted(near - {own}))


def read_tile_index(name: str, raw: Any) -> tuple[str, ...] | None:
    """The digests of a tile's shards, of its index ``{"tile", "shards": [{"sha256", …}, …]}``.

    None of them is a tile without fences, and complete; ``None`` is an index that cannot be read.
    """
    listed: Any = raw.get("shards") if isinstance(raw, Mapping) and raw.get("tile") == name else None
    if not is_array(listed) or len(listed) > MAX_SHARDS:
        return None
    stated = [each.get("sha256") if isinstance(each, Mapping) else None for each in listed]
    digests = [each for each in stated if isinstance(each, str) and _DIGEST.fullmatch(each)]
    return tuple(digests) if len(digests) == len(stated) else None


def read_tile(name: str, documents: Any) -> Tile:
    """The tile of its shards, each ``{"tile", "shard", "shards", "fences": {id: fence}}``.

    A document of another tile, or with an impossible number, is passed over; of a fence in two shards the one
    in the lower shard counts.
    """
    shards: dict[int, Any] = {}
    expected = 1
    for document in documents if is_array(documents) else ():
        if _is_shard(name, document):
            expected = max(expected, int(document["shards"]))
            shards.setdefault(int(document["shard"]), document.get("fences"))
    fences: dict[str, Fence] = {}
    for number in sorted(shards):
        fences = read_fences(shards[number]) | fences
    return Tile(name, fences, complete=len(shards) == expected)


def _is_shard(name: str, document: Any) -> bool:
    if not isinstance(document, Mapping) or document.get("tile") != name:
        return False
    shard: Any = document.get("shard")
    shards: Any = document.get("shards")
    return is_whole(shard) and is_whole(shards) and 0 <= shard < shards <= MAX_SHARDS


def _index(offset: int, span: int, cells: int) -> int:
    return min(offset * cells // span, cells - 1)


def _nearest(point: Point, row: int, column: int) -> Point:
    """The point of a cell that is nearest to a point, as latitude and longitude are followed."""
    south, north = _edge(row, 2 * POLE, ROWS) - POLE, _edge(row + 1, 2 * POLE, ROWS) - POLE
    west, east = (_edge(at, FULL_TURN, COLUMNS) - HALF_TURN for at in (column, column + 1))
    return min(max(point[0], south), north), min(max(wrapped(point[1]), west), east)


def _edge(index: int, span: int, cells: int) -> int:
    return index * span // cells


def _name(row: int, column: int) -> str:
    """The tile of a cell, by a point well within it."""
    lat = _edge(2 * row + 1, 2 * POLE, 2 * ROWS) - POLE
    lon = _edge(2 * (column % COLUMNS) + 1, FULL_TURN, 2 * COLUMNS) - HALF_TURN
    return geohash(lat, lon, LENGTH)

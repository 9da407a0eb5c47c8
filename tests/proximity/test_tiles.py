"""Tiles as a device reads them."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from tests.proximity.conftest import index_of, points, record_sets, records_of

from herenow.canonical import digest
from herenow.errors import BadRequest
from herenow.proximity.columns import FenceRecord
from herenow.proximity.served import NONE, Fences
from herenow.proximity.tiles import SHARD_BYTES, ServedTile, tile
from herenow_sdk.core.place.fences import Fence, read_fence
from herenow_sdk.core.place.shapes import Point
from herenow_sdk.core.place.tiles import Tile, read_tile, read_tile_index, tile_of, tiles_around

KANDIVALI: Point = (19_209_800, 72_831_510)


def _as_a_device_reads(name: str, served: ServedTile) -> Tile:
    digests = read_tile_index(name, served.index)
    assert digests is not None
    return read_tile(name, [json.loads(served.shards[each]) for each in digests])


def _dense(count: int) -> Fences:
    told = (
        {"circle": [*KANDIVALI, 100 + n % 400], "name": f"Shop {n}", "groups": ["shops"]}
        for n in range(count)
    )
    return Fences(index_of([FenceRecord(f"shop-{n:06}", each) for n, each in enumerate(told)]))


@given(record_sets, points)
def test_a_device_finds_every_fence_around_it(told: list[dict[str, Any]], point: Point) -> None:
    """In the tiles it fetches there is every fence within the margin, as the evaluator reads it."""
    records = records_of(told)
    fences = Fences(index_of(records))
    held: dict[str, Fence] = {}
    for name in tiles_around(point):
        held |= _as_a_device_reads(name, tile(fences, name)).fences
    for record in records:
        fence = read_fence(record.id, record.told)
        assert fence is not None
        assert fence.shape is not None
        if fence.shape.edge_m(point) < 900:
            assert held[fence.id] == fence


def test_a_dense_cell_is_cut_into_shards_that_travel() -> None:
    """None is larger than its budget, together they are complete, and each is named by its digest."""
    served = tile(_dense(9_000), tile_of(KANDIVALI))
    assert len(served.shards) > 1
    for name, content in served.shards.items():
        assert digest(content) == name
        assert len(gzip.compress(content, 6)) <= SHARD_BYTES
    read = _as_a_device_reads(tile_of(KANDIVALI), served)
    assert read.complete
    assert len(read.fences) == 9_000


def test_a_fence_more_changes_one_shard() -> None:
    """What a cache holds of the others stays right."""
    few, more = tile(_dense(9_000), tile_of(KANDIVALI)), tile(_dense(9_001), tile_of(KANDIVALI))
    assert len(few.shards.keys() - more.shards.keys()) == 1


@pytest.mark.requirement("10.9.3")
def test_an_empty_tile_is_complete_without_shards() -> None:
    """Its index says that there is nothing to fetch."""
    served = tile(NONE, "te7ud")
    assert (served.index, served.shards) == ({"tile": "te7ud", "shards": []}, {})
    assert read_tile_index("te7ud", served.index) == ()


@pytest.mark.requirement("10.9.3")
@pytest.mark.parametrize(
    "index",
    [
        None,
        {},
        {"tile": "te7uf", "shards": []},
        {"tile": "te7ud", "shards": {}},
        {"tile": "te7ud", "shards": [{"sha256": "0" * 63}]},
        {"tile": "te7ud", "shards": [{"sha256": "0" * 64}, None]},
        {"tile": "te7ud", "shards": [{"sha256": "0" * 64}] * 65},
    ],
)
def test_an_index_that_cannot_be_read_is_none(index: Any) -> None:
    """A device fetches it again later, and keeps the tile that it has."""
    assert read_tile_index("te7ud", index) is None


@pytest.mark.parametrize("name", ["", "te7u", "te7udx", "TE7UD", "te7ua", "te7u\n", "../ud", "٣٣٣٣٣"])
def test_no_finer_and_no_other_address_exists(name: str) -> None:
    """Five characters of a geohash, or nothing."""
    with pytest.raises(BadRequest) as refused:
        tile(NONE, name)
    assert refused.value.code == "INVALID_TILE"

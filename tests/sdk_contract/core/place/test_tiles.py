"""Tiles and beacon regions and opening hours: what vectors cannot draw at random."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.geo import geohash
from herenow_sdk.core.place.hours import Hours, read_hours
from herenow_sdk.core.place.regions import heard_at, read_region
from herenow_sdk.core.place.tiles import read_tile, tile_of, tiles_around
from herenow_sdk.core.zones import UTC

latitudes = st.integers(-90_000_000, 90_000_000)
longitudes = st.integers(-180_000_000, 180_000_000)


@pytest.mark.requirement("10.9.1")
@steady
@given(latitudes, longitudes, st.integers(0, 4000))
def test_tiles_around_begin_with_the_own_and_grow(lat: int, lon: int, margin: int) -> None:
    """At most nine, the own first, each of five characters, more with a wider margin."""
    tiles = tiles_around((lat, lon), margin)
    assert tiles[0] == tile_of((lat, lon)) == geohash(lat, lon, 5)
    assert len(set(tiles)) == len(tiles) <= 9
    assert set(tiles) <= set(tiles_around((lat, lon), margin + 500))
    assert tiles_around((lat, lon), 0) == tiles[:1]


@quick
@given(json_values, json_values)
def test_any_json_is_a_tile(document, fences) -> None:
    """What cannot be read is passed over, and the rest stands."""
    good = {"tile": "te7ud", "shard": 0, "shards": 1, "fences": {"a": {"circle": [0, 0, 100]}, "b": fences}}
    assert "a" in read_tile("te7ud", [document, good]).fences
    read_tile("te7ud", document)


@quick
@given(json_values, json_values)
def test_any_json_is_a_region_or_hours(raw, other) -> None:
    """Reading never raises."""
    region = read_region({"kind": "ibeacon", "uuid": "3f1d6c52-8a47-4e0b-9c35-d27b61f0a84e"})
    read_region(raw)
    read_region({"kind": "eddystone_uid", "namespace": raw, "instance": other})
    assert heard_at(region, [raw, {"at": other}], None, 0) is None
    assert isinstance(read_hours({"hours": raw, "closed_on": other, "zone": raw}).is_open(0, UTC), bool)
    assert read_hours(None) == Hours()

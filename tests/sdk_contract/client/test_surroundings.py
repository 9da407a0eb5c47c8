"""What a phone on its way registers: as little as moves, whether or not it can fetch."""

from __future__ import annotations

import random

import pytest
from tests.evaluation.flapping import read_track
from tests.evaluation.folders import DEVELOPMENT

from herenow_sdk.client.store import Store
from herenow_sdk.client.surroundings import Surroundings
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Circle, ground_m
from herenow_sdk.core.place.slots import RANK_M, REFRESH
from herenow_sdk.core.place.tiles import tiles_around

START = (39_984_094, 116_319_236)
NOON = 1_795_000_000
FIXES = 3_000
"""Of the real track: some days of somebody's."""


@pytest.fixture(name="around")
def _around(tmp_path):
    """A device that has 20 regions, of which the app itself uses five."""
    surroundings = Surroundings.opened(Store(tmp_path, lambda *_: None), "someone")
    surroundings.granted(20, 5, None)
    return surroundings


def walked(steps=200, drift=300, jitter=120):
    """A way of some kilometres, as a receiver tells it: forwards, with every position off by a few metres."""
    chance = random.Random(3)
    return [
        (
            NOON + 60 * number,
            (START[0] + drift * number + chance.randint(-jitter, jitter), START[1] + chance.randint(-1, 1)),
        )
        for number in range(steps)
    ]


def shops(track, count=60):
    """Shops of 100 m at places the way leads past."""
    chosen = random.Random(7).sample(track, min(count, len(track)))
    return {f"f{number:03}": Fence(f"f{number:03}", Circle(at, 100)) for number, (_, at) in enumerate(chosen)}


def legs(track):
    """How often a way leaves the circle that it last stood in the middle of: the least there is to do."""
    middle, count = None, 0
    for _, point in track:
        if middle is None or ground_m(middle, point) >= RANK_M:
            middle, count = point, count + 1
    return count


def registrations(around, fences, track):
    """What each position of a way asks of the system, of those that could be used."""
    used, asked = [], []
    for at, (lat, lon) in track:
        around.moved(fences, {"at": at, "lat_e6": lat, "lon_e6": lon, "accuracy_m": 20}, at)
        asked.append(around.chosen(fences, at))
        used.append((at, around.point))
    return used, asked


def moves(asked):
    """How often the refresh fence was registered."""
    return sum(REFRESH in [each.id for each in change.add] for change in asked)


@pytest.mark.requirement("10.7.8")
def test_the_refresh_fence_moves_only_when_it_was_left(around):
    """Without a network too, where a fetch stays due with every position."""
    track = walked()
    used, asked = registrations(around, shops(track), track)

    assert 1 < legs(used) < 10
    assert moves(asked) == legs(used)
    assert sum(not change.is_empty for change in asked) == legs(used)


@pytest.mark.data
@pytest.mark.requirement("10.7.8")
def test_a_real_way_asks_no_more_of_the_system(around):
    """Somebody's days: no registration but where a kilometre was gone, and each of them a difference."""
    try:
        track = read_track(DEVELOPMENT / "gps" / "geolife.csv.gz")[:FIXES]
    except FileNotFoundError:
        pytest.skip("the development data has no track")
    used, asked = registrations(around, shops(track), track)

    assert moves(asked) == legs(used) == sum(not change.is_empty for change in asked)
    watched = set()
    for change in asked:
        assert set(change.remove) <= watched
        watched -= set(change.remove)
        assert not watched & {each.id for each in change.add}
        watched |= {each.id for each in change.add}
        assert len(watched) <= 15
    assert watched == set(around.watched)


def test_tiles_that_came_change_what_is_registered_not_where(around):
    """Their fences take the free slots; the refresh fence stays where it is."""
    track = walked(steps=4)
    registrations(around, {}, track)
    shop = {"id": "shop", "circle": [*START, 100]}
    around.fetched({name: [_tile(name, shop)] for name in tiles_around(around.point)}, NOON + 300)

    at, point = NOON + 360, (START[0] + 1500, START[1])
    _, (change,) = registrations(around, around.around({}), [(at, point)])

    assert [each.id for each in change.add] == ["shop"]
    assert change.remove == ()


def _tile(name, fence):
    return {"tile": name, "shard": 0, "shards": 1, "fences": {fence["id"]: {"circle": fence["circle"]}}}


def test_fewer_slots_free_some_at_once(around):
    """The app needs regions of its own: the farthest of ours go, wherever the device is."""
    track = walked(steps=3)
    fences = shops(track)
    registrations(around, fences, track)
    before = set(around.watched)

    around.granted(20, 18, None)
    change = around.chosen(fences, NOON + 200)

    assert change.add == ()
    assert len(before) - len(change.remove) == len(around.watched) <= 2
    assert REFRESH in around.watched

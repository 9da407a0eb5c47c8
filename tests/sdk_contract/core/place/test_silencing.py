"""When a crossing says nothing: a place that is closed, and one too soon after the last."""

import pytest

from herenow_sdk.core.place.fences import read_fence
from herenow_sdk.core.place.silencing import is_late, silence
from herenow_sdk.core.reasons import Silence
from herenow_sdk.core.zones import Zone

NOON = 1_795_435_200
"""2026-11-23T12:00:00Z, a Monday."""
LONDON, MUMBAI = Zone(0), Zone(19_800)


def fence(**members):
    """A shop of 100 m."""
    return read_fence("shop", {"circle": [0, 0, 100], **members})


@pytest.mark.requirement("11.3.8")
def test_a_closed_place_is_silent_by_its_own_clock():
    """Else by the clock of whoever crosses."""
    hours = [{"from": "11:00", "to": "14:00"}]

    assert silence(fence(hours=hours), NOON, LONDON) is None
    assert silence(fence(hours=hours), NOON, MUMBAI) is Silence.CLOSED
    assert silence(fence(hours=hours, zone={"offset_s": 0}), NOON, MUMBAI) is None
    assert silence(fence(closed_on=["2026-11-23"]), NOON, LONDON) is Silence.CLOSED


def test_a_crossing_too_soon_is_silent_to_the_second():
    """At the end of the cool-down it counts again; a place that nobody knows has neither."""
    shop = fence(cool_down_s=600)

    assert silence(shop, NOON, LONDON, NOON - 599) is Silence.COOLING_DOWN
    assert silence(shop, NOON, LONDON, NOON - 600) is None
    assert silence(None, NOON, LONDON, NOON) is None


def test_what_is_heard_of_too_late_is_late():
    """After five minutes."""
    assert not is_late(NOON, NOON + 300)
    assert is_late(NOON, NOON + 301)

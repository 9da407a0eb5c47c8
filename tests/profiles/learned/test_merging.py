"""A person is the sum of their devices: in any order, and without one exactly what the others taught."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests import depth
from tests.profiles.learned.streams import DAY_MS, EPOCH_MS, HOSTILE, record
from tests.profiles.learned.test_folding import after

from herenow.profiles.learned.document import NOTHING, Learned
from herenow.profiles.learned.merging import TASTE, summed, told

DAY = EPOCH_MS // DAY_MS
DEVICES = st.lists(st.lists(HOSTILE, max_size=6).map(after), min_size=1, max_size=3)


def counted(known: Learned) -> Learned:
    """What adds up without regard to order: all but which device was heard of last."""
    return replace(known, at=0, recents=(), seen={}, answered="", places=NOTHING.places, goals={})


@settings(max_examples=depth.examples(30), deadline=None)
@given(devices=DEVICES, data=st.data())
def test_the_order_of_devices_does_not_matter(devices: list[Learned], data: st.DataObject) -> None:
    """Of devices heard of at different instants the sum is the same, to the last bit."""
    apart = [replace(each, last_ms=each.last_ms + at) for at, each in enumerate(devices) if each.knows]
    again = data.draw(st.permutations(apart))
    if len({each.last_ms for each in apart}) == len(apart):
        assert summed(again) == summed(apart)


@given(device=st.lists(HOSTILE, max_size=6).map(after))
def test_nothing_adds_nothing(device: Learned) -> None:
    """A device that taught nothing, or was erased, leaves the others exactly as they are."""
    assert counted(summed([device, NOTHING])) == counted(summed([device]))
    assert summed([]) == NOTHING


def test_two_devices_count_as_one_that_did_it_all() -> None:
    """Counts of one day are those of a single device; items touched last come last."""
    one = [record("item_tap", item="a", facets={"category": ["burger"]}), record("session_start")]
    other = [record("item_tap", EPOCH_MS + 1, item="b", facets={"category": ["burger"]})]
    together = after([*one, *other])
    assert counted(summed([after(other), after(one)])) == counted(together)
    assert summed([after(other), after(one)]).recents == together.recents == ("a", "b")


def test_an_item_touched_on_one_device_was_not_shown_in_vain_on_the_other() -> None:
    """What was seen and not touched is told of the person, not of the device."""
    seen = after([record("item_impression", item="a"), record("item_impression", item="b")])
    touched = after([record("item_tap", EPOCH_MS + 1, item="a")])
    assert summed([seen, touched]).seen.keys() == {"b"}


def test_tastes_that_a_backend_told_count_as_purchases() -> None:
    """For and against by strength, on the day that they were told; none of them is nothing."""
    now = EPOCH_MS // 1000
    liked = told({"category": {"burger": 1, "sushi": -0.5, "wrap": 0}}, {"category": now})
    assert liked.taught.affinity == {"category": {"burger": (TASTE, 0, DAY), "sushi": (0, TASTE // 2, DAY)}}
    assert told({"category": {"wrap": 0}}, {"category": 1}) == told({}, {}) == NOTHING
    apart = told(
        {"category": {"burger": 1}, "area": {"Juhu": 1}}, {"category": now - 9 * 86_400, "area": now}
    )
    assert (apart.first_day, apart.last_day) == (DAY - 9, DAY)
    assert apart.taught.affinity["category"]["burger"] == (TASTE, 0, DAY - 9)

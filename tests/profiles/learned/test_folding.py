"""What each kind of beacon teaches, and that a fold is a function of the log alone."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import depth
from tests.profiles.learned.streams import DAY_MS, EPOCH_MS, HOSTILE, record

from herenow.profiles.learned.document import HIDDEN, NOTHING, RECENTS, Learned
from herenow.profiles.learned.folding import GUARDED, folded
from herenow.profiles.learned.merging import summed
from herenow.profiles.learned.packing import MAX_BYTES, restored, stored
from herenow_sdk.core.profile import Event, Profile, fold
from herenow_sdk.core.profile.attributes import learned_attributes, slug
from herenow_sdk.core.zones import UTC

DAY = EPOCH_MS // DAY_MS


def after(records: list[dict[str, Any]], known: Learned = NOTHING) -> Learned:
    """The profile after records, from where it had got to."""
    for position, each in enumerate(records, known.at + 1):
        known = folded(known, each, position)
    return known


def test_taste_events_and_weeks_equal_the_devices() -> None:
    """The contract's own fold over the same local events gives the same numbers."""
    likes = {"category": ("burger",), "price": ("cheap",)}
    told = [
        record("item_tap", item="a", facets={"category": ["burger"], "price": ["cheap"]}),
        record("item_hide", EPOCH_MS + DAY_MS, item="a", facets={"category": ["burger"], "price": ["cheap"]}),
        record("item_impression", item="b", facets={"category": ["sushi"]}),
        record("session_start"),
    ]
    device = Profile()
    for event in (
        Event("item_tap", DAY, 5, likes, 1024),
        Event("item_hide", DAY + 1, 5, likes, -3072),
        Event("item_impression", DAY, 5),
        Event("session_start", DAY, 5),
    ):
        device = fold(device, event)
    assert after(told).taught == device


def test_time_is_local_where_it_happened() -> None:
    """The offset that the device told counts; without one, the app's as noted."""
    late = EPOCH_MS + 20 * 3_600_000
    assert after([record("search", late)]).last_day == DAY + 1
    assert after([record("search", late, at="2024-10-04T20:00:00-05:00")]).last_day == DAY
    assert after([record("search", late, at="2024-10-04T20:00:00Z", utc_offset_s=19_800)]).last_day == DAY + 1
    assert after([record("search", late, at="2024-10-04T20:00:00Z")]).last_day == DAY


def test_items_shown_and_touched() -> None:
    """Impressions count until the item is touched; what is hidden is no recent item."""
    shown = [record("item_impression", item="a")] * 3
    assert after(shown).impressions("a", DAY) == 3
    touched = after([*shown, record("item_tap", item="a"), record("item_tap", item="b")])
    assert (touched.impressions("a", DAY), touched.recents) == (0, ("a", "b"))
    again = after([record("item_tap", item="a"), record("item_hide", item="b")], touched)
    assert again.recents == ("a",)
    many = after([record("item_tap", item=f"i{n}") for n in range(RECENTS + 9)])
    assert many.recents == tuple(f"i{n}" for n in range(9, RECENTS + 9))


def test_what_is_hidden_stays_hidden_until_it_is_wanted() -> None:
    """A look at it changes nothing, saving it does; the latest fifty are remembered, on any device."""
    hid = after([record("item_hide", item="a"), record("item_hide", item="b"), record("item_tap", item="a")])
    assert hid.hidden == ("a", "b")
    assert after([record("item_save", item="a")], hid).hidden == ("b",)
    assert after([record("item_dislike", item="c")], hid).hidden == ("a", "b")
    many = after([record("item_hide", item=f"i{n}") for n in range(HIDDEN + 9)])
    assert many.hidden == tuple(f"i{n}" for n in range(9, HIDDEN + 9))
    assert set(summed([hid, after([record("item_hide", item="z")])]).hidden) == {"a", "b", "z"}


def test_a_purchase_is_a_goal_of_every_category_bought() -> None:
    """Days, rate and money; twice on one day is one day of the course and two purchases of the rate."""
    bought = record("purchase", items=[{"item": "a"}, "b"], value=250, categories=["burger", "wrap"])
    known = after([bought, bought])
    assert (known.goal().days, known.goal("burger").days, known.goal("wrap").days) == (1, 1, 1)
    assert (known.bought.weight, known.spent.weight) == (2, 500)
    assert known.recents == ("a", "b")
    assert known.furthest(DAY) == "bought"


@pytest.mark.parametrize(
    "told", [{"items": ["a"], "value": -250}, {"value": -9}, {"items": [], "value": 0}, {"items": []}]
)
def test_money_given_back_and_an_empty_order_are_no_purchases(told: dict[str, Any]) -> None:
    """They teach nothing at all; what costs nothing is bought all the same."""
    facets = {"category": ["burger"]}
    assert after([record("purchase", facets=facets, **told)]) == after([record("exposure", kind="exposure")])
    assert after([record("purchase", items=["a"], value=0)]).goal().days == 1
    assert after([record("purchase", value=3)]).goal().days == 1


def test_money_of_another_currency_is_not_summed() -> None:
    """The purchase counts, its money does not."""
    known = after([record("purchase", value=850), record("purchase", value=10) | {"foreign": True}])
    assert (known.bought.weight, known.spent.weight) == (2, 850)


def test_arrivals_are_visits_and_areas_days() -> None:
    """The same hour at the same place is one visit; a day counts once in its area."""
    told = [record("fence_entered", kind="geo", fence="f", place="p")] * 2
    told += [record("location", kind="geo", cell="te7u6c", at_ms=EPOCH_MS + n * DAY_MS) for n in (1, 1, 2, 3)]
    told += [record("fence_exited", kind="geo", fence="f")]
    known = after(told)
    assert {name: sum(place.cells.values()) for name, place in known.places.places.items()} == {
        "p": 1,
        "te7u6c": 3,
    }
    assert ("p", "te7u6c") in known.places.steps
    assert known.resident("te7uzz", DAY + 3) is True


def test_a_message_is_exposed_once_and_answered_once() -> None:
    """By channel, hour, form and daypart; opening and then acting is one answer; e-mail counts on arrival."""
    push = {"kind": "message", "channel": "push", "message": "m", "form": "percent"}
    mail = {"kind": "message", "channel": "email", "message": "n"}
    known = after(
        [
            record("shown", **push),
            record("opened", **push),
            record("acted", **push),
            record("delivered", **push),
            record("delivered", **mail),
            record("shown", **mail),
            record("opened", **mail),
        ]
    )
    assert (known.channel("push"), known.channel("email")) == ((1, 1), (1, 1))
    assert known.offers == {("percent", "morning"): (1, 1)}


def test_sessions_are_the_engagement_of_the_app() -> None:
    """By hour of the week."""
    known = after([record("session_start")] * 2)
    assert known.sessions == 2
    assert sum(known.engaged["app"].values()) == 2


def test_an_exposure_of_a_feature_teaches_nothing_but_its_position() -> None:
    """What a rule decided is not what the person did."""
    assert after([record("home_title", kind="exposure")]) == Learned(at=1)


@settings(max_examples=depth.examples(25), deadline=None)
@given(
    told=st.lists(HOSTILE, max_size=12),
    seed=st.integers(0, 2**32),
    stops=st.sets(st.integers(0, 3 * GUARDED)),
)
def test_where_it_is_stored_changes_nothing(told: list[Any], seed: int, stops: set[int]) -> None:
    """Stored at any points in between, a profile equals its replay, whatever the beacons."""
    stream = _long(told, seed, 3 * GUARDED)
    straight = after(stream)
    kept, at = NOTHING, 0
    for stop in [*sorted(stop for stop in stops if stop <= len(stream)), len(stream)]:
        grown = after(stream[kept.at : stop], kept) if stop > kept.at else kept
        document = stored(grown)
        if document is not None:
            kept = restored(document) or NOTHING
            assert len(_compact(document)) <= MAX_BYTES
        at = stop
    assert after(stream[kept.at : at], kept) == straight


@pytest.mark.parametrize("seed", range(3))
def test_a_hostile_stream_stays_within_its_bytes(seed: int) -> None:
    """Long random keys, thousands of them: at every guard the profile fits."""
    draw = random.Random(seed)
    known = NOTHING
    for position in range(1, 20 * GUARDED + 1):
        name = f"{draw.getrandbits(400):0120x}"[-120:]
        told = [
            record("item_tap", EPOCH_MS + position * 10**7, item=name, facets={name: [name, name[:60]]}),
            record("fence_entered", EPOCH_MS + position * 10**7, "geo", fence=name, cell=name[:9]),
            record(name[:100], EPOCH_MS + position * 10**7),
            record(
                "purchase", EPOCH_MS + position * 10**7, items=[name], value=draw.random(), categories=[name]
            ),
        ]
        known = folded(known, draw.choice(told), position)
        if position % GUARDED == 0:
            document = stored(known)
            assert document is not None
            assert len(_compact(document)) <= MAX_BYTES
    assert known.goal().days > 50


def _long(told: list[Any], seed: int, length: int) -> list[Any]:
    """A stream of some length, of few records drawn again and again."""
    draw = random.Random(seed)
    return [draw.choice(told) for _ in range(length)] if told else []


def _compact(document: Any) -> bytes:
    import json

    return json.dumps(document, separators=(",", ":")).encode()


@settings(max_examples=depth.examples(40), deadline=None)
@given(records=st.lists(HOSTILE, max_size=30))
def test_the_evaluator_reads_the_same_of_the_profile_as_of_its_document(
    records: list[dict[str, Any]],
) -> None:
    """A server hands over what it has read, a device what it was sent: both derive the same attributes."""
    taught = after(records).taught
    document = orjson.loads(orjson.dumps(taught.as_json()))
    facets = [(facet, value) for facet, values in taught.affinity.items() for value in values]
    paths = [f"affinity.{facet}.{slug(value)}" for facet, value in facets]
    paths += [f"events.{name}.count_{window}" for name in taught.days for window in ("90d", "48h")]
    now = (DAY + 100) * 86_400

    def told(learned: Any) -> Any:
        return learned_attributes({"learned": learned}, paths, UTC, now)

    assert told(taught) == told(document)

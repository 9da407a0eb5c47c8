"""Fences on the server: hours and cool-down of places hold for clients that tell every crossing."""

from io import BytesIO

import pytest
from tests.messaging.conftest import APP, DOCUMENTS, NOON, campaign

from herenow.messaging.happenings import MOST_ANNOUNCED, heard_at_fence
from herenow.messaging.state import Kept, merged
from herenow_sdk.core.messages.waiting import Happening
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Circle

ENTER, LEFT = ("fence_entered", {"fence": "patty"}), ("fence_exited", {"fence": "patty"})
HOUR = 3600


def near(house, properties=None, **changes):
    """A greeting at the door of a place with these properties."""
    fences = DOCUMENTS["fences.geojson"]
    (place,) = fences["features"]
    drawn = {**place, "properties": {**place["properties"], **(properties or {})}}
    said = {"trigger": {"transition": "enter", "fence": "patty"}, "eligible_again": "1s", **changes}
    house.publish_files(
        {"campaigns.json": {"near": campaign(**said)}, "fences.geojson": {**fences, "features": [drawn]}}
    )
    return house.phone()


def outcomes(house, phone, *beacons, ago=0):
    """What was decided after these beacons."""
    return [each["outcome"] for each in house.tell(phone, *beacons, ago=ago)]


@pytest.mark.requirement("11.3.8")
def test_a_place_that_is_closed_says_nothing(house):
    """By its own clock, at the instant of the crossing; it says so again once it is open."""
    phone = near(house, {"opening_hours": [{"from": "13:00", "to": "22:00"}]})

    assert outcomes(house, phone, ENTER) == []
    house.clock.now = NOON + HOUR
    assert outcomes(house, phone, LEFT) == []
    assert outcomes(house, phone, ENTER) == ["show"]


@pytest.mark.requirement("11.3.8")
def test_hours_past_midnight_and_closed_days_count(house):
    """An evening that began yesterday is open; a holiday is not."""
    hours = {"opening_hours": [{"from": "20:00", "to": "02:00"}], "closed_on": ["2026-11-25"]}
    phone = near(house, hours)

    house.clock.now = NOON + 13 * HOUR  # one in the morning, of the evening before
    assert outcomes(house, phone, ENTER) == ["show"]
    house.clock.now = NOON + 33 * HOUR  # nine in the evening of the holiday
    assert outcomes(house, phone, ENTER) == []


@pytest.mark.requirement("11.3.8")
def test_a_fence_cools_down_for_whoever_tells_every_crossing(house):
    """Twenty minutes by the fence: the crossings in between start nothing, and begin no cool-down."""
    phone = near(house, {"cool_down": "20m"})

    assert outcomes(house, phone, ENTER) == ["show"]
    for _ in range(3):
        house.clock.now += 300
        assert outcomes(house, phone, LEFT, ENTER) == []
    house.clock.now += 300
    assert outcomes(house, phone, ENTER) == ["show"]


def test_a_crossing_that_is_silent_calls_off_all_the_same(house):
    """Somebody left: what waits for them to stay is not said, be the place closed or not."""
    phone = near(
        house,
        {"opening_hours": [{"from": "09:00", "to": "12:30"}]},
        delay="2h",
        cancel_on=[{"event": "fence_exited"}],
    )
    assert outcomes(house, phone, ENTER) == ["held"]
    house.clock.now = NOON + HOUR

    (off,) = house.tell(phone, LEFT)

    assert off["reason"] == "CANCELLED"


def test_what_was_announced_is_bounded_and_goes_with_the_person():
    """The fences of the latest crossings are remembered; of two who become one, those of both."""
    fences = {f"f{n}": Fence(f"f{n}", Circle((0, 0), 100)) for n in range(MOST_ANNOUNCED + 5)}
    announced: dict[str, dict[str, int]] = {}
    for n, name in enumerate(fences):
        happened = Happening("fence_entered", n, place=name, transition="enter")
        _, announced = heard_at_fence(happened, fences, announced)

    assert len(announced) == MOST_ANNOUNCED
    assert "f0" not in announced
    both = merged(Kept(announced={"a": {"enter": 2}}), Kept(announced={"a": {"enter": 1}, "b": {"exit": 1}}))
    assert Kept.from_json(both.as_json()).announced == {"a": {"enter": 2}, "b": {"exit": 1}}


def test_a_fence_of_an_import_is_known_by_its_groups(house):
    """Not only those that were drawn by hand: a campaign for a group hears of all."""
    house.publish(campaigns={"near": campaign(trigger={"transition": "enter", "fence_group": "diners"})})
    table = BytesIO(b"id,name,lat,lon,radius_m,groups\nimported,Imported,19.3,72.9,80,diners\n")
    house.services.going_live.import_fences(APP, table, by="tests", format="csv")
    house.services.serving.refresh(APP)
    phone = house.phone()

    (decision,) = house.tell(phone, ("fence_entered", {"fence": "imported"}))

    assert (decision["outcome"], decision["place"]) == ("show", "imported")
    assert house.services.serving.current(APP).bundle.fences.get("imported") is None

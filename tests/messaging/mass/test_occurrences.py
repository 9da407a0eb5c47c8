"""When a mass campaign speaks, and to whom when."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.messaging.mass.occurrences import occurrences
from herenow_sdk.core.clock import DAY, HOUR
from herenow_sdk.core.messages.rules import parse_messages
from herenow_sdk.core.zones import Zone

MUMBAI, LONDON, HONOLULU = Zone(19_800), Zone(0), Zone(-10 * HOUR)


def at(text):
    """The instant of a text in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def campaign(**changes):
    """A mass campaign, with these members."""
    body = {"kind": "mass", "channels": ["push"], **changes}
    return parse_messages({"campaigns": {"campaigns": {"sale": body}}}, {}, print).campaigns["sale"]


def begun(schedule, now, **changes):
    """The occurrences under way."""
    return list(occurrences(campaign(schedule=schedule, **changes), MUMBAI, at(now)))


def test_once_at_an_instant_for_everybody():
    """From that instant until it is no longer worth saying."""
    start = at("2026-12-31T12:30")
    schedule = {"at": start}

    assert begun(schedule, "2026-12-31T12:29", expires_after="2h") == []
    (found,) = begun(schedule, "2026-12-31T13:00", expires_after="2h")
    assert (found.name, found.at(LONDON), found.at(MUMBAI)) == ("once", start, start)
    assert begun(schedule, "2026-12-31T14:30", expires_after="2h") == []


def test_a_recurring_one_speaks_by_each_persons_clock():
    """Friday 18:00 is reached in Mumbai before London, and in London before Honolulu."""
    schedule = {"days": ["fri"], "from": "18:00", "to": "20:00"}

    (found,) = begun(schedule, "2026-11-27T09:00")

    assert found.name == "2026-11-27"
    assert found.at(MUMBAI) == at("2026-11-27T12:30")
    assert found.at(LONDON) == at("2026-11-27T18:00")
    assert found.at(HONOLULU) == at("2026-11-28T04:00")


def test_it_begins_with_the_first_clock_and_ends_after_the_last():
    """Fourteen hours before UTC and twelve after, and then as long as it is worth saying."""
    schedule = {"days": ["fri"], "from": "18:00", "to": "20:00"}

    assert begun(schedule, "2026-11-27T03:59") == []
    assert begun(schedule, "2026-11-27T04:00") != []
    assert begun(schedule, "2026-11-28T06:59") != []
    assert begun(schedule, "2026-11-28T07:00") == []


def test_a_fixed_zone_is_everybodys():
    """The app's own hour, wherever somebody is."""
    (found,) = begun({"days": ["fri"], "from": "18:00", "zone": "app"}, "2026-11-27T12:40")

    assert found.at(HONOLULU) == found.at(LONDON) == at("2026-11-27T12:30")


def test_nothing_before_its_start_or_after_its_end():
    """Dates bound a recurring one."""
    schedule = {
        "days": ["fri"],
        "from": "18:00",
        "zone": "app",
        "start": at("2026-12-01"),
        "end": at("2026-12-08"),
    }

    assert begun(schedule, "2026-11-27T12:40") == []
    assert [each.name for each in begun(schedule, "2026-12-04T12:40")] == ["2026-12-04"]
    assert begun(schedule, "2026-12-11T12:40") == []


@given(st.integers(0, 10**7), st.sampled_from([MUMBAI, LONDON, HONOLULU]))
def test_nobody_has_one_occurrence_at_another_time_than_its_own(shift, zone):
    """Whenever it is looked for, each day's occurrence is at 18:00 of that day, once."""
    now = at("2026-11-20T00:00") + shift
    found = list(occurrences(campaign(schedule={"from": "18:00", "to": "20:00"}), MUMBAI, now))

    assert len({each.name for each in found}) == len(found)
    for each in found:
        reading = zone.local(each.at(zone))
        assert (reading.date, reading.hour, reading.minute) == (each.name, 18, 0)
        assert each.begins <= each.at(zone) < each.ends


@pytest.mark.parametrize("days", [1, 10])
def test_what_was_missed_is_not_caught_up(days):
    """A worker that was down over a day says nothing of it afterwards."""
    schedule = {"days": ["fri"], "from": "18:00", "zone": "app"}
    later = datetime.fromtimestamp(at("2026-11-27T14:00") + days * DAY, UTC).strftime("%Y-%m-%dT%H:%M")

    assert "2026-11-27" not in {each.name for each in begun(schedule, later)}

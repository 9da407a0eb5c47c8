import pytest

from herenow.launch.local_time import named_zone, utc_offset_s

WINTER = 1_768_000_000  # 2026-01-09
SUMMER = 1_783_600_000  # 2026-07-09


@pytest.mark.parametrize(
    ("context", "at", "offset"),
    [
        ({"time_zone": "Asia/Kolkata"}, WINTER, 19_800),
        ({"time_zone": "Asia/Kathmandu"}, WINTER, 20_700),
        ({"time_zone": "America/New_York"}, WINTER, -18_000),
        ({"time_zone": "America/New_York"}, SUMMER, -14_400),
    ],
)
def test_a_named_zone_knows_its_offset_at_the_instant(context, at, offset):
    """Half hours, quarters and daylight saving included."""
    assert utc_offset_s(context, "UTC", at) == offset


def test_the_devices_clock_stands_in_for_an_unknown_zone():
    """An offset shown is better than the app's home."""
    context = {"time_zone": "Mars/Olympus", "now": "2026-11-20T07:12:03+05:45"}

    assert utc_offset_s(context, "Europe/Berlin", WINTER) == 20_700


def test_the_apps_zone_is_the_last_resort():
    """A silent device lives where the app does."""
    assert utc_offset_s({}, "Asia/Kolkata", WINTER) == 19_800
    assert utc_offset_s({}, "nowhere", WINTER) == 0


@pytest.mark.parametrize(
    "now", ["", "yesterday", "2026-11-20T07:12:03", "2026-11-20T07:12:03+23:59", 5, None, ["x"]]
)
def test_a_clock_that_shows_no_sensible_offset_is_passed_over(now):
    """Junk falls through to the app's zone."""
    assert utc_offset_s({"now": now}, "Asia/Kolkata", WINTER) == 19_800


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/localtime", "", "x" * 500, "a\0b", 7, None, {}])
def test_a_hostile_zone_name_is_no_zone(name):
    """A name never reaches a file outside the zone database."""
    assert named_zone(name) is None

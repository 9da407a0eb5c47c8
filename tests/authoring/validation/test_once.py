"""One cause, one error; and what a wrong zone was probably meant to be."""

import pytest

CIRCLE = {
    "type": "Feature",
    "id": "mall",
    "geometry": {"type": "Point", "coordinates": [72.8, 19.2]},
    "properties": {"radius": 0, "groups": ["burger_joints"], "dwell": "5m"},
}


def errors(folder):
    """Code and pointer of every error."""
    return [(each.code, each.pointer) for each in folder.findings() if each.severity == "error"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (
            ("fences.geojson",),
            {"type": "FeatureCollection", "features": [CIRCLE]},
            ("OUT_OF_RANGE", "/features/0/properties/radius"),
        ),
        (("campaigns.json", "cart_nudge", "channels"), ["fax"], ("UNKNOWN_VALUE", "/cart_nudge/channels/0")),
        (("campaigns.json", "cart_nudge", "trigger"), 7, ("WRONG_TYPE", "/cart_nudge/trigger")),
        (("offers.json", "fifty_off", "amount"), -1, ("OUT_OF_RANGE", "/fifty_off/amount")),
        (
            ("campaigns.json", "tour"),
            {"kind": "journey", "steps": [{"id": "a", "wait": "soon"}]},
            ("WRONG_FORMAT", "/tour/steps/0/wait"),
        ),
    ],
)
def test_what_is_wrong_is_not_called_missing_too(folder, path, value, told):
    """A member that has a fault of its own stands there."""
    assert errors(folder.put(*path, value)) == [told]


def test_what_is_missing_beside_something_wrong_is_told(folder):
    """Two causes are two errors."""
    folder.put("campaigns.json", "cart_nudge", "priority", 700).remove(
        "campaigns.json", "cart_nudge", "channels"
    )
    assert {code for code, _ in errors(folder)} == {"OUT_OF_RANGE", "MISSING_FIELD"}


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Asia/Kolkatta", "Asia/Kolkata"),
        ("Asia/Bombay", "Asia/Kolkata"),
        ("India/Kolkata", "Asia/Kolkata"),
        ("asia/kolkata", "Asia/Kolkata"),
        ("IST", "Asia/Kolkata"),
        ("New York", "America/New_York"),
        ("America/San_Francisco", "America/Los_Angeles"),
        ("Europe/Pariss", "Europe/Paris"),
        ("Mars/Olympus", None),
    ],
)
@pytest.mark.parametrize(
    "path", [("app.json", "time_zone"), ("campaigns.json", "burger_lunch", "schedule", "zone")]
)
def test_a_zone_that_there_is_not_is_told_with_the_one_meant(folder, zone, meant, path):
    """By its city, a well-known city in it, its abbreviation, or likeness."""
    assert folder.put(*path, zone).only("UNKNOWN_TIME_ZONE").nearest == meant


def test_a_schedule_may_name_whose_zone_it_means(folder):
    """A slip in such a name is told as one."""
    finding = folder.put("campaigns.json", "burger_lunch", "schedule", "zone", "usr").only(
        "UNKNOWN_TIME_ZONE"
    )
    assert (finding.nearest, finding.expected[:9]) == ("user", "user, app")

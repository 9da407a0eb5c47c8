import pytest

from herenow.authoring.validation import Severity

NUDGE = ("campaigns.json", "cart_nudge")


@pytest.fixture(name="free")
def _free(folder):
    """The nudge for everybody, in the app, with no cap of the policy."""
    folder.put("policy.json", "caps", [])
    return folder.put(*NUDGE, "channels", ["in_app"])


@pytest.mark.parametrize(
    ("members", "a_day"),
    [
        ({"caps": [{"max": 1, "per": "hour"}]}, "24"),
        ({"caps": [{"max": 2, "per": "30m"}]}, "96"),
        ({"caps": [{"max": 1000, "per": "day"}]}, "1,000"),
        ({"eligible_again": "1m"}, "1,440"),
        ({"caps": [{"max": 1, "per": "hour"}, {"max": 3, "per": "day"}]}, None),
        ({"caps": [{"max": 1, "per": "hour"}], "eligible_again": "2h"}, None),
        ({"caps": [{"max": 1, "per": "hour"}], "audience": "likes_burgers"}, None),
        ({}, None),
    ],
)
def test_a_campaign_that_could_reach_everybody_hourly(free, members, a_day):
    """The warning tells how many messages a day; an audience, a stricter limit or once ever are none."""
    for name, value in members.items():
        free.put(*NUDGE, name, value)
    if a_day is None:
        assert not free.findings("EVERYBODY_HOURLY")
    else:
        finding = free.only("EVERYBODY_HOURLY")
        assert f"up to {a_day} messages a day" in finding.detail
        assert (finding.severity, finding.pointer) == (Severity.WARNING, "/cart_nudge")


@pytest.mark.parametrize(
    ("cap", "binds"),
    [
        ({"channel": "any", "max": 5, "per": "week"}, True),
        ({"channel": "in_app", "max": 5, "per": "week"}, True),
        ({"channel": "push", "max": 5, "per": "week"}, False),
        ({"tag": "promotion", "max": 5, "per": "week"}, False),
        ({"campaign": "cart_nudge", "max": 5, "per": "week"}, True),
        ({"campaign": "burger_lunch", "max": 5, "per": "week"}, False),
        ({"place": "each", "max": 5, "per": "week"}, False),
    ],
)
def test_the_policys_caps_count_where_they_bind(free, cap, binds):
    """And nowhere for a campaign that ignores them."""
    free.put(*NUDGE, "caps", [{"max": 1, "per": "hour"}]).put("policy.json", "caps", [cap])
    assert bool(free.findings("EVERYBODY_HOURLY")) != binds
    free.put(*NUDGE, "ignore_caps", True)
    assert free.only("EVERYBODY_HOURLY").pointer == "/cart_nudge/ignore_caps"


@pytest.mark.parametrize(
    ("cap", "silenced"),
    [
        ({"channel": "any", "max": 0, "per": "day"}, "every campaign"),
        ({"channel": "push", "max": 0, "per": "day"}, "everything on push"),
        ({"tag": "promotion", "max": 0, "per": "day"}, "everything tagged 'promotion'"),
        ({"campaign": "cart_nudge", "max": 0, "per": "day"}, "the campaign 'cart_nudge'"),
    ],
)
def test_a_cap_of_nothing_says_whom_it_silences(folder, cap, silenced):
    """Zero is allowed and never meant lightly."""
    finding = folder.put("policy.json", "caps", [cap]).only("CAP_SILENCES")
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/caps/0/max")
    assert finding.detail.endswith(silenced)


def test_a_campaigns_own_cap_of_nothing(folder):
    """It silences itself."""
    folder.put(*NUDGE, "caps", [{"max": 0, "per": "day"}])
    assert folder.only("CAP_SILENCES").pointer == "/cart_nudge/caps/0/max"


@pytest.mark.parametrize(
    ("schedule", "often"),
    [
        ({"at": "2026-12-31"}, "once"),
        ({"from": "12:00"}, "every day"),
        ({"days": ["mon", "fri"]}, "2 days a week"),
    ],
)
def test_a_mass_push_tells_how_often_it_reaches_each(folder, schedule, often):
    """The warning has the rate to each person."""
    mass = {
        "kind": "mass",
        "schedule": schedule,
        "channels": ["push"],
        "template": {"en": {"title": "Hello"}},
    }
    assert (
        f"everybody at once, {often}" in folder.put("campaigns.json", "sale", mass).only("MASS_PUSH").detail
    )

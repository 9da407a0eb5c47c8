import pytest

from herenow.authoring.validation import Present, Reach, Severity

NUDGE = ("campaigns.json", "cart_nudge")


@pytest.fixture(name="free")
def _free(folder):
    """The nudge for everybody, in the app, with no cap of the policy."""
    folder.put("policy.json", "caps", []).remove(*NUDGE, "not_followed_by")
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
        ({"caps": [{"max": 1, "per": "hour"}], "audience": "likes_burgers"}, "24"),
        ({"caps": [{"max": 1, "per": "hour"}], "delay": "2h"}, None),
        ({"caps": [{"max": 9, "per": "hour"}], "delay": "30m"}, "48"),
        ({"caps": [{"max": 1, "per": "hour"}], "trigger": {"lifecycle": "at_risk"}}, None),
        ({}, None),
    ],
)
def test_a_campaign_that_could_reach_everybody_hourly(free, members, a_day):
    """The warning tells how many messages a day; a stricter limit, a wait, a stage or once ever are none."""
    for name, value in members.items():
        free.put(*NUDGE, name, value)
    if a_day is None:
        assert not free.findings("EVERYBODY_HOURLY")
    else:
        finding = free.only("EVERYBODY_HOURLY")
        assert f"up to {a_day} messages a day" in finding.detail
        assert (finding.severity, finding.pointer) == (Severity.WARNING, "/cart_nudge")


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"user_id": {"$in": ["u1", "u2"]}}, False),
        ({"$and": [{"id": "i1"}, {"locale": "en"}]}, False),
        ({"user_id": {"$exists": True}}, True),
        ({"locale": "en"}, True),
    ],
)
def test_an_audience_quiets_the_warning_only_when_it_lists_people(free, condition, told):
    """Fewer people get as many messages; also an audience that stands on such a one."""
    free.put(*NUDGE, "caps", [{"max": 1, "per": "hour"}]).put(*NUDGE, "audience", "testers")
    free.put("audiences.json", "listed", {"condition": condition})
    free.put("audiences.json", "testers", {"audience": "listed", "condition": {"platform": "ios"}})
    found = free.findings("EVERYBODY_HOURLY")
    assert bool(found) == told
    assert all("everybody in 'testers' but the 5 % held out could" in each.detail for each in found)


def test_a_personal_campaign_is_considered_once_a_day(free):
    """So it never comes hourly, whatever its caps."""
    free.put("campaigns.json", "best", {
        "kind": "personal", "candidates": {"placement": "deals"}, "channels": ["in_app"],
        "caps": [{"max": 9, "per": "hour"}], "template": {"en": {"title": "{{item.name}}"}},
    })  # fmt: skip
    assert not free.findings("EVERYBODY_HOURLY")


def test_the_warning_counts_the_people_where_they_are_known(free):
    """Messages a day in all, and whom the channel reaches."""
    free.put(*NUDGE, "caps", [{"max": 1, "per": "hour"}]).put(*NUDGE, "channels", ["push"])
    present = Present(reach=lambda: Reach(2000, {"push": 0.25}))
    detail = free.only("EVERYBODY_HOURLY", present=present).detail
    assert detail.endswith("12,000 in all to about 500 of 2,000 installations, whom push reaches now")


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
    detail = folder.put("campaigns.json", "sale", mass).only("MASS_PUSH").detail
    assert f"everybody but the 5 % held out at once, {often}" in detail


def test_a_mass_push_tells_about_how_many_it_reaches(folder):
    """Those with an address and consent; of an audience at most so many; who is held out in words."""
    mass = {
        "kind": "mass",
        "schedule": {"from": "12:00"},
        "channels": ["push", "in_app"],
        "template": {"en": {"title": "Hello"}},
        "control_percent": 10,
    }
    folder.put("campaigns.json", "sale", mass)
    present = Present(reach=lambda: Reach(41_000, {"push": 0.3, "in_app": 1.0}))
    told = folder.only("MASS_PUSH", present=present).detail
    assert "everybody but the 14.5 % held out" in told
    assert told.endswith(": about 12,300 of 41,000 installations, whom push reaches now")
    folder.put("campaigns.json", "sale", "audience", "likes_burgers")
    told = folder.only("MASS_PUSH", present=Present(reach=lambda: Reach(7))).detail
    assert told.endswith(": at most 7 installations")

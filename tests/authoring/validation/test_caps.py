"""Caps that say the same, or that another never lets be reached, in whatever order they are written."""

from itertools import permutations

import pytest

from herenow.authoring.validation import Severity

NUDGE = ("campaigns.json", "cart_nudge")
PUSH = {"channel": "push"}


def policy_told(folder, caps, code="CAP_NEVER_BINDS"):
    """The caps of the policy that are doubted, each told as itself."""
    found = folder.put("policy.json", "caps", caps).findings(code)
    found = [each for each in found if each.file == "policy.json"]
    assert {each.severity for each in found} <= {Severity.WARNING}
    return [caps[int(each.pointer.rpartition("/")[2])] for each in found]


@pytest.mark.parametrize(
    ("idle", "binding"),
    [
        ({"max": 5, "per": "day"}, {"max": 3, "per": "week"}),
        ({"max": 8, "per": "week"}, {"max": 1, "per": "day"}),
        ({"max": 7, "per": "week"}, {"max": 1, "per": "day"}),
        ({"max": 25, "per": "day"}, {"max": 1, "per": "hour"}),
        ({"max": 3, "per": "day"} | PUSH, {"max": 3, "per": "day"}),
        ({"max": 2, "per": "day", "tag": "promotion"}, {"max": 1, "per": "day"}),
        ({"max": 1, "per": "hour", "place": "each"}, {"max": 1, "per": "day"}),
        ({"max": 1, "per": "day"}, {"max": 1, "per": "2d", "window": "rolling"}),
        ({"max": 2, "per": "12h"}, {"max": 1, "per": "day"}),
        ({"max": 2, "per": "3d"}, {"max": 2, "per": "6d"}),
        ({"max": 4, "per": "week"}, {"max": 2, "per": "month"}),
    ],
)
def test_a_cap_that_another_implies_is_told_in_any_order(folder, idle, binding):
    """Over less time or more, over part of what the other counts; the one that binds is not told."""
    other = {"max": 1, "per": "month", "campaign": "burger_lunch"}
    for caps in permutations([idle, binding, other]):
        assert policy_told(folder, list(caps)) == [idle]


@pytest.mark.parametrize(
    "caps",
    [
        [{"max": 1, "per": "day"} | PUSH, {"max": 5, "per": "week", "window": "rolling"}],
        [{"max": 6, "per": "week"}, {"max": 1, "per": "day"}],
        [{"max": 1, "per": "day"} | PUSH, {"max": 1, "per": "day", "channel": "sms"}],
        [{"max": 1, "per": "hour"}, {"max": 1, "per": "day", "place": "each"}],
        [{"max": 1, "per": "12h"}, {"max": 1, "per": "day"}],
        [{"max": 1, "per": "week"}, {"max": 1, "per": "month"}],
        [{"max": 1, "per": "day"}, {"max": 1, "per": "1d", "window": "rolling"}],
    ],
)
def test_caps_that_each_bind_at_some_time_are_no_finding(folder, caps):
    """A day may have 25 hours, a stretch may lie in two days, a week in two months."""
    for each in (caps, caps[::-1]):
        assert policy_told(folder, each) == []


def test_the_later_of_two_equal_caps_is_told(folder):
    """Whatever their numbers: one of them is a mistake."""
    caps = [{"max": 1, "per": "week"}, {"max": 2, "per": "week"}]
    for each in (caps, caps[::-1]):
        assert policy_told(folder, each, "REPEATED_CAP") == [each[1]]
        assert policy_told(folder, each) == []


@pytest.mark.parametrize(
    ("shared", "own", "told"),
    [
        ({"max": 1, "per": "day"}, {"max": 1, "per": "hour"}, True),
        ({"max": 1, "per": "day"}, {"max": 3, "per": "day"}, True),
        ({"max": 5, "per": "week"}, {"max": 1, "per": "day"}, False),
        ({"max": 1, "per": "day"} | PUSH, {"max": 3, "per": "day"}, False),
        ({"max": 1, "per": "day", "tag": "promotion"}, {"max": 3, "per": "day"}, False),
        ({"max": 1, "per": "day", "campaign": "cart_nudge"}, {"max": 3, "per": "day"}, True),
        ({"max": 1, "per": "day", "campaign": "burger_lunch"}, {"max": 3, "per": "day"}, False),
        ({"max": 1, "per": "day", "place": "each"}, {"max": 3, "per": "day"}, False),
    ],
)
def test_a_campaigns_cap_is_held_against_the_policys(folder, shared, own, told):
    """Against those that count all of its messages, unless it ignores them."""
    folder.put("policy.json", "caps", [shared]).put(*NUDGE, "caps", [own])
    folder.remove("campaigns.json", "burger_lunch")
    found = folder.findings("CAP_NEVER_BINDS")
    assert [each.pointer for each in found] == (["/cart_nudge/caps/0"] if told else [])
    if told:
        assert "policy.json/caps/0 never lets more than 1 come" in found[0].detail
    folder.put(*NUDGE, "ignore_caps", True)
    assert not folder.findings("CAP_NEVER_BINDS")


def test_a_campaigns_cap_is_held_against_how_often_it_is_eligible(folder):
    """Whoever may have it again after two days never has it twice in one."""
    folder.put("policy.json", "caps", []).put(*NUDGE, "caps", [{"max": 1, "per": "day"}])
    assert not folder.findings("CAP_NEVER_BINDS")
    folder.put(*NUDGE, "eligible_again", "2d")
    assert "eligible_again" in folder.only("CAP_NEVER_BINDS").detail


def test_a_cap_of_the_policy_over_one_campaign_is_held_against_its_own(folder):
    """The campaign's own, stricter cap leaves it nothing to do."""
    folder.put("policy.json", "caps", [{"max": 3, "per": "day", "campaign": "burger_lunch"}])
    assert folder.only("CAP_NEVER_BINDS").pointer == "/caps/0"

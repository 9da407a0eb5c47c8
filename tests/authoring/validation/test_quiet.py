"""Schedules in quiet hours, which the founding example keeps from 21:30 to 08:30."""

import pytest

from herenow.authoring.validation import Severity

NUDGE = ("campaigns.json", "cart_nudge")


@pytest.fixture(name="night")
def _night(folder):
    """A push that may only be said at night."""
    folder.put(*NUDGE, "channels", ["push"])
    return folder.put(*NUDGE, "schedule", {"from": "22:00", "to": "23:30"})


@pytest.mark.parametrize(
    ("then", "what"),
    [("hold", "never said"), ("drop", "always dropped"), ("silent", "without a sound")],
)
def test_a_schedule_within_quiet_hours_tells_what_becomes_of_it(night, then, what):
    """As the policy has it."""
    finding = night.put("policy.json", "quiet_hours", "then", then).only("IN_QUIET_HOURS")
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/cart_nudge/schedule")
    assert what in finding.detail


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ({"from": "22:00"}, True),
        ({"to": "06:00"}, True),
        ({"from": "23:00", "to": "08:30", "days": ["sat"]}, True),
        ({"from": "23:00", "to": "08:31"}, False),
        ({"from": "21:00", "to": "23:00"}, False),
        ({"days": ["sat"]}, False),
        ({"from": "22:00", "to": "23:00", "zone": "app"}, True),
        ({"from": "22:00", "to": "23:00", "zone": "America/New_York"}, False),
    ],
)
def test_only_a_schedule_that_lies_wholly_within_is_told(night, schedule, told):
    """One end at midnight, past midnight, by days; another zone's clock is not compared."""
    assert bool(night.put(*NUDGE, "schedule", schedule).findings("IN_QUIET_HOURS")) == told


def test_a_channel_that_makes_no_sound_may_speak(night):
    """Unless the policy names it."""
    assert not night.put(*NUDGE, "channels", ["push", "in_app"]).findings("IN_QUIET_HOURS")
    night.put("policy.json", "quiet_hours", "channels", ["push", "in_app"])
    assert night.only("IN_QUIET_HOURS")


@pytest.mark.parametrize(
    ("schedule", "pointer"),
    [
        ({"from": "22:00", "to": "12:00"}, "/sale/schedule/from"),
        ({"at": "2036-12-31T22:00:00+05:30"}, "/sale/schedule/at"),
        ({"at": "2036-12-31"}, "/sale/schedule/at"),
        ({"at": "2036-12-31T12:00:00+05:30"}, None),
        ({"from": "12:00"}, None),
    ],
)
def test_a_mass_campaign_that_begins_in_quiet_hours(folder, schedule, pointer):
    """It is told when its people get it instead."""
    sale = {"kind": "mass", "schedule": schedule, "channels": ["sms"], "template": {"en": {"title": "Sale"}}}
    found = folder.put("campaigns.json", "sale", sale).findings("IN_QUIET_HOURS")
    assert [each.pointer for each in found] == ([pointer] if pointer else [])
    assert all("everybody gets it at 08:30" in each.detail for each in found)

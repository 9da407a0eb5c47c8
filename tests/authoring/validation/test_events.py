"""Names of events, stages and steps: what is written almost like something known."""

import pytest

from herenow.authoring.documents.names import STAGES
from herenow.authoring.validation import Severity
from herenow.learning.lifecycle import Stage

NUDGE = ("campaigns.json", "cart_nudge")


def test_the_stages_are_those_that_are_told_apart():
    """One list for documents and for what is learned, with the one that only a device tells."""
    assert set(STAGES) == {"active", *map(str, Stage)}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*NUDGE, "trigger", "event"), "purchse"),
        ((*NUDGE, "not_followed_by", "event"), "purchse"),
        ((*NUDGE, "goal", "event"), "purchse"),
        ((*NUDGE, "cancel_on"), [{"event": "purchse"}]),
        ((*NUDGE, "trigger"), {"sequence": [{"event": "purchse"}, {"event": "cart_add"}], "within": "1h"}),
        (("offers.json", "fifty_off", "redemption"), {"event": "purchse"}),
        (("audiences.json", "new", "condition"), {"events.purchse.count_7d": {"$gt": 1}}),
        (
            ("campaigns.json", "tour"),
            {
                "kind": "journey",
                "steps": [{"id": "a", "wait_for": {"event": "purchse", "within": "1d"}}],
            },
        ),
    ],
)
def test_a_slip_in_the_name_of_an_event_is_doubted(folder, path, value):
    """Wherever events are named; the app may know it, so it is a warning with what was probably meant."""
    finding = folder.put(*path, value).only("UNKNOWN_EVENT")
    assert (finding.severity, finding.nearest) == (Severity.WARNING, "purchase")
    folder.put("app.json", "events", {"purchse": {}})
    assert not folder.findings("UNKNOWN_EVENT")


def test_an_events_of_the_apps_own_is_a_suggestion_as_well(folder):
    """Declared events are known; a name like none of them is the app's own business."""
    folder.put("app.json", "events", {"table_booked": {}}).put(*NUDGE, "goal", "event", "table_boked")
    assert folder.only("UNKNOWN_EVENT").nearest == "table_booked"
    assert not folder.put(*NUDGE, "goal", "event", "stood_in_line").findings("UNKNOWN_EVENT")


def test_a_stage_that_there_is_not_is_an_error(folder):
    """In triggers and in conditions, with the nearest."""
    finding = folder.put(*NUDGE, "trigger", {"lifecycle": "atrisk"}).only("UNKNOWN_VALUE")
    assert (finding.severity, finding.nearest) == (Severity.ERROR, "at_risk")
    folder.put(*NUDGE, "trigger", {"lifecycle": "at_risk"})
    assert not folder.findings("UNKNOWN_VALUE")
    folder.put("audiences.json", "new", "condition", {"lifecycle.stage": "wonback"})
    assert folder.only("UNKNOWN_VALUE").nearest == "won_back"


def test_what_starts_a_campaign_does_not_keep_it_from_speaking(folder):
    """The same event under the same condition is an error; under another it is an idea."""
    folder.put(*NUDGE, "not_followed_by", {"event": "item_view", "within": "2h"})
    finding = folder.only("CONTRADICTS_TRIGGER")
    assert finding.severity is Severity.ERROR
    assert "cancel_on" in finding.expected
    folder.put(*NUDGE, "not_followed_by", "condition", {"price": {"$gte": 500}})
    assert not folder.findings("CONTRADICTS_TRIGGER")


@pytest.mark.parametrize("member", ["then", "otherwise"])
def test_a_step_that_leads_nowhere_is_an_error(folder, member):
    """With the step that was probably meant, also when that step has a fault of its own."""
    steps = [
        {"id": "ask", "wait_for": {"event": "purchase", "within": "1d"}, member: "remnd"},
        {"id": "remind", "campaign": "cart_nudge", "wait": 3},
    ]
    folder.put("campaigns.json", "tour", {"kind": "journey", "steps": steps})
    assert folder.only("UNKNOWN_STEP").nearest == "remind"
    steps[1] = {"id": "remind", "campaign": "cart_nuge"}
    folder.put("campaigns.json", "tour", {"kind": "journey", "steps": steps})
    assert folder.only("UNKNOWN_CAMPAIGN").nearest == "cart_nudge"

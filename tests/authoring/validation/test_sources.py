"""Names of items, places and offers: a text that names one needs a campaign that brings one."""

import pytest

from herenow.authoring.validation import Severity

NUDGE = ("campaigns.json", "cart_nudge")
TITLE = (*NUDGE, "template", "en", "title")
PERSONAL = {
    "kind": "personal",
    "candidates": {"placement": "deals"},
    "channels": ["in_app"],
    "template": {"en": {"title": "{{item.name}}"}},
}
SAID = {"kind": "triggered", "channels": ["in_app"], "template": {"en": {"title": "{{item.name}}"}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{place.name}} is close", "a trigger with fence or fence_group"),
        ("{{ place.name | upcase }}", "a trigger with fence or fence_group"),
        ("{{offer.text}}", "an offer of offers.json among its offers"),
        ("{{offer.code}} {{offer.text}}", "an offer of offers.json among its offers"),
    ],
)
def test_a_name_without_a_source_is_an_error(folder, text, expected):
    """The message could be said to nobody; told once a text, with where such a value would come from."""
    finding = folder.put(*TITLE, text).only("NAME_WITHOUT_SOURCE")
    assert (finding.severity, finding.expected) == (Severity.ERROR, expected)
    assert finding.pointer == "/cart_nudge/template/en/title"


@pytest.mark.parametrize(
    "text",
    ["{{ place.name | default: 'A place' }}", "{% if offer.text %}{{ offer.text }}{% else %}Hi{% endif %}"],
)
def test_a_text_that_can_be_said_without_it_is_doubted(folder, text):
    """A default is always said, so it is a warning."""
    assert folder.put(*TITLE, text).only("NAME_WITHOUT_SOURCE").severity is Severity.WARNING


@pytest.mark.parametrize(
    ("trigger", "brings"),
    [
        ({"event": "item_view"}, True),
        ({"event": "purchase"}, False),
        ({"event": "session_start"}, False),
        ({"event": "table_booked"}, True),
        ({"sequence": [{"event": "search"}, {"event": "cart_add"}], "within": "1h"}, True),
        ({"sequence": [{"event": "cart_add"}, {"event": "search"}], "within": "1h"}, False),
        ({"lifecycle": "at_risk"}, False),
    ],
)
def test_an_item_comes_with_the_event_that_starts_it(folder, trigger, brings):
    """Of an event that nobody declared nothing is known, so nothing is told."""
    folder.put(*NUDGE, "trigger", trigger)
    assert bool(folder.findings("NAME_WITHOUT_SOURCE")) != brings


def test_an_event_of_the_apps_own_may_tell_an_item(folder):
    """When it is declared with one, or with nothing else."""
    folder.put(*NUDGE, "trigger", {"event": "table_booked"})
    folder.put("app.json", "events", {"table_booked": {"properties": {"people": {"type": "integer"}}}})
    assert folder.only("NAME_WITHOUT_SOURCE").severity is Severity.ERROR
    folder.put("app.json", "events", "table_booked", "properties", "item", {"type": "item"})
    assert not folder.findings("NAME_WITHOUT_SOURCE")


def test_a_personal_campaign_is_about_an_item(folder):
    """And one that a journey says is about none."""
    folder.put("campaigns.json", "best", PERSONAL)
    assert not folder.findings("NAME_WITHOUT_SOURCE")
    folder.put("campaigns.json", "said", SAID)
    folder.put("campaigns.json", "tour", {"kind": "journey", "steps": [{"id": "a", "campaign": "said"}]})
    assert folder.only("NAME_WITHOUT_SOURCE").pointer == "/said/template/en/title"


def test_an_event_at_a_fence_has_a_place(folder):
    """As a transition has."""
    folder.put(*NUDGE, "trigger", {"event": "fence_entered"}).put(*TITLE, "{{place.name}}")
    assert [each.pointer for each in folder.findings("NAME_WITHOUT_SOURCE")] == [
        "/cart_nudge/template/en/body"
    ]


def test_extra_values_are_the_campaigns_own(folder):
    """A misspelt one is an error with the nearest."""
    folder.put(*NUDGE, "extra", {"screen": "offers"}).put(*TITLE, "{{extra.scren}}")
    assert folder.only("UNKNOWN_ATTRIBUTE").nearest == "extra.screen"
    assert not folder.put(*TITLE, "{{extra.screen}}").findings("UNKNOWN_ATTRIBUTE")

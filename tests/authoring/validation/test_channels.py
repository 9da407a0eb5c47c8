"""Texts of one channel: every rule of texts holds for them, and the bounds are the channel's."""

import pytest

from herenow.authoring.event_names import named_of_event
from herenow.authoring.validation import Severity

NUDGE = ("campaigns.json", "cart_nudge")
SMS = (*NUDGE, "template", "en", "channels", "sms")


@pytest.fixture(name="nudge")
def _nudge(folder):
    """The nudge, by push and SMS, with a text of the SMS's own."""
    return folder.put(*NUDGE, "channels", ["push", "sms"]).put(*SMS, {"body": "Still there"})


def test_a_text_of_one_channel_is_no_finding(nudge):
    """It is part of the document's shape."""
    assert not [each for each in nudge.findings() if "channels" in each.pointer]


@pytest.mark.parametrize(
    ("member", "text", "code"),
    [
        ("body", "{{item.name", "OPEN_PLACEHOLDER"),
        ("body", "{{ofer.text}}", "UNKNOWN_ATTRIBUTE"),
        ("title", "{{place.name}}", "NAME_WITHOUT_SOURCE"),
        ("body", "{{event.prise}}", "UNKNOWN_EVENT_PROPERTY"),
        ("link", "javascript:x", "WRONG_LINK"),
        ("image", "data:x", "WRONG_LINK"),
        ("category", "order_nw", "UNKNOWN_CATEGORY"),
    ],
)
def test_it_is_judged_as_every_text(nudge, member, text, code):
    """At its own place."""
    assert (
        nudge.put(*SMS, member, text).only(code).pointer == f"/cart_nudge/template/en/channels/sms/{member}"
    )


@pytest.mark.parametrize(("given", "code"), [("smss", "WRONG_NAME"), ("telegram", "WRONG_NAME")])
def test_only_channels_have_texts(nudge, given, code):
    """Another name is an error that lists them."""
    nudge.put(*NUDGE, "template", "en", "channels", {given: {"body": "x"}})
    assert "in_app, push" in nudge.only(code).expected


def test_a_channel_that_the_campaign_has_not_is_doubted(nudge):
    """Its text would never be said."""
    finding = nudge.put(*NUDGE, "channels", ["push"]).only("CHANNEL_NOT_USED")
    assert (finding.severity, finding.pointer) == (Severity.WARNING, "/cart_nudge/template/en/channels/sms")


def test_an_sms_is_bounded_by_what_is_billed_and_sent(nudge):
    """By its own text: the long one of the push does not matter to it."""
    nudge.put(*NUDGE, "template", "en", "body", "x" * 1700)
    assert not nudge.findings("SMS_TOO_LONG")
    told = nudge.put(*SMS, "body", "x" * 600).only("SMS_TOO_LONG")
    assert (told.severity, told.pointer) == (Severity.WARNING, "/cart_nudge/template/en/channels/sms")
    assert "4 parts" in told.detail or "5 parts" in told.detail
    assert nudge.put(*SMS, "body", "x" * 1700).only("SMS_TOO_LONG").severity is Severity.ERROR
    nudge.remove(*SMS[:-1])
    assert nudge.only("SMS_TOO_LONG").pointer == "/cart_nudge/template/en"


def test_a_push_is_bounded_by_its_own_text(nudge):
    """A variant that is shorter makes it fit."""
    nudge.put(*NUDGE, "template", "en", "body", "भ" * 1300)
    assert nudge.findings("PAYLOAD_TOO_LARGE")
    nudge.put(*NUDGE, "template", "en", "channels", "push", {"body": "short"})
    assert not nudge.findings("PAYLOAD_TOO_LARGE")


def test_liquid_is_the_servers_only_where_a_phone_would_say_it(folder):
    """In a text of SMS it keeps no phone from speaking."""
    at = ("campaigns.json", "burger_lunch")
    folder.put(*at, "channels", ["local_notification", "sms"])
    folder.put(*at, "template", "en", "channels", {"sms": {"body": "{{ offer.text | upcase }}"}})
    assert not folder.findings("NOT_ON_DEVICE")
    folder.put(
        *at, "template", "en", "channels", {"local_notification": {"body": "{{ offer.text | upcase }}"}}
    )
    assert folder.only("NOT_ON_DEVICE").severity is Severity.WARNING


def test_what_it_names_of_the_event_is_kept():
    """With what the content itself names."""
    content = {"title": "{{event.price}}", "channels": {"sms": {"body": "{{event.quantity}}"}}}
    assert named_of_event({"template": {"en": content}}) == ("price", "quantity")

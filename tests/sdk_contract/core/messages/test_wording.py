"""What a campaign says on a host without a template language, and under which id."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, steady

from herenow_sdk.core.messages.identity import message_id
from herenow_sdk.core.messages.rules import parse_messages
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.messages.wording import in_locale, locale_chain, read_wording, worded
from herenow_sdk.core.reasons import MessageFault

EN = {"title": "{{item.name}} waits", "body": "{{offer.text}}", "link": "app://{{item.code}}"}
NAMES = {"item": {"name": "Patty"}, "offer": {"text": "Half"}}


def said(template, names=NAMES, locales=("en",), **beside):
    """What a campaign with this template says."""
    return worded(read_wording({"template": template, **beside}), locales, names)


def campaign(offers=(), **template):
    """The campaign of a part, as it was compiled, with the offers of the other part."""
    raw = {"channels": ["in_app"], "template": {"en": template}, "offers": [*offers]}
    offered = {"open": {}, "counted": {"reserved": True}}
    parts = {"campaigns": {"campaigns": {"c": raw}}, "offers": {"offers": offered}}
    return parse_messages(parts, {}, lambda *_: None).campaigns["c"]


def test_a_title_or_body_is_never_said_half():
    """A name without a value in either gives the message up; in a link only the link."""
    assert said({"en": EN}) == {"title": "Patty waits", "body": "Half"}
    assert said({"en": EN}, {"item": {"name": "Patty"}}) is MessageFault.NAME_WITHOUT_VALUE
    assert said({"en": {"body": "Half"}}) is MessageFault.NO_TEMPLATE
    assert said({}) is MessageFault.NO_TEMPLATE


def test_the_persons_language_goes_first():
    """Locale, language, the app's own; else the first by name, the same on every host."""
    template = {"hi": {"title": "ha"}, "en": {"title": "yes"}}

    assert said(template, locales=locale_chain("hi_IN", ("en",))) == {"title": "ha"}
    assert said(template, locales=locale_chain("fr-FR", ("hi",))) == {"title": "ha"}
    assert said(template, locales=()) == {"title": "yes"}
    assert in_locale("yes", ("en",)) is None


def test_what_stands_beside_the_texts_goes_along():
    """Buttons in the language, and what is handed to the app."""
    action = {"id": "go", "title": {"en": "Go"}, "link": "app://go"}
    content = said(
        {"en": {"title": "Hi", "sound": "chime"}}, actions=[action, 3], extra={"a": 1}, collapse="x"
    )

    assert content == {
        "title": "Hi",
        "sound": "chime",
        "actions": [{"id": "go", "title": "Go", "link": "app://go"}],
        "extra": {"a": 1},
        "collapse": "x",
    }


@pytest.mark.requirement("11.13.10")
@pytest.mark.parametrize("scheme", ["javascript:", "DATA:", " vbscript:", "java\nscript:", "\u200bdata:"])
def test_what_a_tap_may_not_follow_is_left_out(scheme):
    """Of the message, its image and its buttons; the rest is said."""
    template = {"en": {"title": "Hi", "link": "{{item.url}}", "image": "{{item.url}}"}}
    actions = [{"id": "go", "title": {"en": "Go"}, "link": f"{scheme}x"}]

    assert said(template, {"item": {"url": f"{scheme}x"}}, actions=actions) == {
        "title": "Hi",
        "actions": [{"id": "go", "title": "Go"}],
    }


VARIED = {
    "title": "Hello {{item.name}}",
    "body": "All of it",
    "sound": "chime",
    "channels": {
        "in_app": {"title": "Here is {{item.name}}"},
        "sms": {"title": "{{ item.name | upcase }}"},
        "push": "no",
    },
}


@pytest.mark.requirement("11.13.11")
@pytest.mark.parametrize(
    ("channel", "title"),
    [
        ("in_app", "Here is Patty"),
        ("local_notification", "Hello Patty"),
        ("push", "Hello Patty"),
        ("email", "Hello Patty"),
        (None, "Hello Patty"),
    ],
)
def test_a_channel_says_its_own_before_the_contents(channel, title):
    """Member by member; what has no variant, or a damaged one, is said as it is everywhere."""
    content = worded(read_wording({"template": {"en": VARIED}}), ("en",), NAMES, channel)

    assert content == {"title": title, "body": "All of it", "sound": "chime"}


@pytest.mark.requirement("11.13.11")
def test_only_what_a_device_says_makes_a_campaign_the_servers():
    """Liquid in a text message changes nothing for the phone; in its own channels it does."""
    assert campaign(**VARIED).alone
    channels = {"local_notification": {"body": "{{ item.name | upcase }}"}}
    assert not campaign(**{**VARIED, "channels": channels}).alone


@pytest.mark.parametrize("damaged", [None, 7, [], {"in_app": 7}, {"in_app": {"title": 7}}])
def test_damaged_variants_are_none(damaged):
    """A content is said as it is; a title that is no text is none, as in the content itself."""
    content = said({"en": {"title": "Hi", "channels": damaged}})
    assert content == {"title": "Hi"}


@pytest.mark.requirement("11.13.2")
@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Hello", True),
        ("{{item.name}} and {{ place.name }}", True),
        ("{{ item.name | upcase }}", False),
        ("{% if item %}Hello{% endif %}", False),
        ("{{item.name", False),
        ("50 % {off}", True),
    ],
)
def test_a_text_that_needs_a_language_is_the_servers(text, alone):
    """Placeholders are all that a device fills in."""
    assert campaign(title="Hi", body=text).alone is alone


@pytest.mark.requirement("11.13.2")
def test_a_button_with_a_name_in_it_is_the_servers():
    """A device shows buttons as they are written."""
    button = {"id": "go", "title": {"en": "Go"}, "link": "app://{{item.id}}"}

    assert read_wording({"actions": [button]}).is_plain is False
    assert read_wording({"actions": [{**button, "link": "app://go"}]}).is_plain is True


@pytest.mark.requirement("11.13.2")
def test_an_offer_that_is_counted_is_the_servers():
    """Only one place can count it."""
    assert campaign(["open"], title="Hi").alone is True
    assert campaign(["open", "counted"], title="Hi").alone is False


@pytest.mark.requirement("11.11.5")
def test_an_id_is_of_person_campaign_instant_and_place():
    """As the specification spells it, whatever else is known of the trigger."""
    waiting = Waiting("c", 100, received=101, place="p")

    assert message_id("me", waiting) == sha256(b"me|c#100#p").hexdigest()[:32]
    assert message_id("me", Waiting("c", 100)) == sha256(b"me|c#100#").hexdigest()[:32]


@steady
@given(st.dictionaries(st.sampled_from(["template", "actions", "extra", "collapse"]), json_values))
def test_whatever_a_record_holds_there_is_an_answer(raw):
    """A part of a later release, or damaged: never an exception."""
    said_or_not = worded(read_wording(raw), ("en",), NAMES)

    assert isinstance(said_or_not, (dict, MessageFault))

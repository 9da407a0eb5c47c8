import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.launch.validator import ConfigInputs, ConfigValidator
from herenow.scope import Scope

VALIDATOR = ConfigValidator(b"k" * 32)
CONTEXT = {"platform": "android", "locale": "en-IN"}


def inputs(**changes) -> ConfigInputs:
    """What an answer depends on, with changes."""
    base = {
        "scope": Scope("bites", "production"),
        "sequence": 7,
        "day": 20_778,
        "installation_id": "i-1",
        "installation_version": 3,
        "context": CONTEXT,
        "utc_offset_s": 19_800,
    }
    return ConfigInputs(**{**base, **changes})


def test_an_unchanged_answer_is_recognised_until_it_expires():
    """The validator holds before the instant at which time alone may change the answer."""
    etag = VALIDATOR.etag(inputs(), 1000)

    assert VALIDATOR.still_holds(etag, inputs(), 999)
    assert not VALIDATOR.still_holds(etag, inputs(), 1000)


@pytest.mark.parametrize(
    "change",
    [
        {"scope": Scope("reels", "production")},
        {"sequence": 8},
        {"day": 20_779},
        {"utc_offset_s": 0},
        {"installation_id": "i-2"},
        {"installation_version": 4},
        {"context": {**CONTEXT, "locale": "hi-IN"}},
    ],
)
def test_whatever_changes_breaks_the_validator(change):
    """A publication, another person, new knowledge or another context ask for a new evaluation."""
    assert not VALIDATOR.still_holds(VALIDATOR.etag(inputs(), 1000), inputs(**change), 1)


def test_the_devices_clock_is_not_covered():
    """Two requests a minute apart have the same answer."""
    first, later = ({**CONTEXT, "now": f"2026-11-20T07:1{minute}:00+05:30"} for minute in (2, 3))

    assert VALIDATOR.still_holds(VALIDATOR.etag(inputs(context=first), 1000), inputs(context=later), 1)


def test_a_proxy_may_weaken_the_validator():
    """``W/`` before it changes nothing."""
    assert VALIDATOR.still_holds("W/" + VALIDATOR.etag(inputs(), 1000), inputs(), 1)


def test_the_end_of_validity_cannot_be_forged():
    """A later end with the same MAC does not hold."""
    etag = VALIDATOR.etag(inputs(), 1000)

    assert not VALIDATOR.still_holds(etag.replace("1000", "9000"), inputs(), 5000)


def test_another_servers_secret_does_not_match():
    """Validators of one deployment mean nothing to another."""
    assert not ConfigValidator(b"x" * 32).still_holds(VALIDATOR.etag(inputs(), 1000), inputs(), 1)


@given(st.text())
def test_any_text_is_a_validator_that_does_not_hold(text):
    """A header is hostile: whatever it says, it is only not a match."""
    assert not VALIDATOR.still_holds(text, inputs(), 1)

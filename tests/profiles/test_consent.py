import pytest

from herenow.profiles.consent import PURPOSES, effective_consent, merge_consent


def test_what_nobody_said_is_unknown():
    """Without statement and without policy every purpose is unknown."""
    assert effective_consent({}, {}) == dict.fromkeys(PURPOSES, "unknown")


def test_the_policy_fills_what_the_client_left_out():
    """A purpose not mentioned takes the app's default."""
    consent = effective_consent({"push": "denied"}, {"push": "granted", "personalization": "granted"})

    assert consent["push"] == "denied"
    assert consent["personalization"] == "granted"


def test_a_stated_unknown_is_not_overruled():
    """A client that says unknown has not been granted anything by the policy."""
    assert effective_consent({"location": "unknown"}, {"location": "granted"})["location"] == "unknown"


@pytest.mark.parametrize("junk", [None, 1, [], {}, "yes"])
def test_junk_grants_nothing(junk):
    """What is not a status counts as not said."""
    assert effective_consent({"push": junk}, {"push": junk})["push"] == "unknown"


def test_a_change_touches_only_what_it_names():
    """Purposes not mentioned keep their status; names that are no purposes are ignored."""
    held = effective_consent({"push": "granted"}, {})

    changed = merge_consent(held, {"location": "granted", "shoe_size": "granted"})

    assert changed == {**held, "location": "granted"}

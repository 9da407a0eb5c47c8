"""A person's word: total, idempotent, and obeyed at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_objects, json_values, quick, steady

from herenow_sdk.core.device.consent import (
    PURPOSES,
    Handling,
    change_consent,
    effective_consent,
    handling,
    may_send_acquisition,
    sendable_context,
)
from herenow_sdk.core.reasons import ConsentAction

statuses = st.sampled_from(["granted", "denied", "unknown"])
consents = st.dictionaries(st.sampled_from(PURPOSES), statuses)


@quick
@given(json_values, json_values, json_values, st.booleans())
def test_any_json_is_some_consent(stated, told, policy, opted_out) -> None:
    """Every purpose has a status, and nonsense grants nothing."""
    consent = effective_consent(stated, told, policy, opted_out=opted_out)

    assert tuple(consent) == PURPOSES
    assert "granted" not in consent.values()


@steady
@given(consents, consents, consents)
def test_an_opt_out_only_takes_away(stated, told, policy) -> None:
    """Nothing is granted because somebody opted out, and what was stated to this app stands."""
    before = effective_consent(stated, told, policy)
    after = effective_consent(stated, told, policy, opted_out=True)

    for purpose in PURPOSES:
        assert after[purpose] in {before[purpose], "denied"}
        assert purpose not in stated or after[purpose] == stated[purpose]


@steady
@given(consents, consents)
def test_saying_it_twice_changes_nothing_more(held, change) -> None:
    """A change that is repeated leads to no action."""
    once = change_consent(effective_consent(held), change)
    twice = change_consent(once.consent, change)

    assert twice.consent == once.consent
    assert twice.actions == ()
    assert not once.actions or once.actions[-1] is ConsentAction.FETCH_CONFIG


@quick
@given(json_values, json_objects)
def test_whatever_consent_holds_only_a_yes_sends(kind, consent) -> None:
    """An outcome of a message goes; everything else waits or goes away without a granted purpose."""
    decided = handling(kind, consent)

    assert decided is not Handling.SEND or kind == "message" or "granted" in map(str, consent.values())


@quick
@given(json_objects, consents)
def test_a_place_leaves_only_with_consent(context, consent) -> None:
    """Everything else of a context stays as it was."""
    sent = sendable_context({**context, "location": {"lat": 1}}, consent)

    assert ("location" in sent) is (consent.get("location") == "granted")
    assert {**sent, "location": 0} == {**context, "location": 0}
    assert may_send_acquisition(consent) is (consent.get("personalization") != "denied")

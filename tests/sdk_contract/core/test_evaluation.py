"""A whole evaluation tells its caller everything that is to be kept and reported."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from herenow_sdk.core.bundle import Bundle, parse_bundle
from herenow_sdk.core.evaluate import Evaluation, evaluate

NOW = 1_795_138_923
PERSON = {"id": "1"}


def compared(*weights: float) -> Bundle:
    """An experiment with named arms, and a feature without."""
    arms = [{"key": f"arm-{number}"} for number in range(len(weights))]
    rule = {"key": "e", "variations": list(range(len(weights))), "weights": list(weights), "meta": arms}
    features = {"tested": {"default": None, "rules": [rule]}, "fixed": {"default": 1}}
    bundle, diagnostics = parse_bundle({"features": {"features": features}})
    assert diagnostics == ()
    return bundle


def decided(bundle: Bundle, state: dict[str, Any], person: dict[str, Any] | None = None) -> Evaluation:
    """Everything about a person now."""
    return evaluate(bundle, {}, PERSON if person is None else person, state, {}, NOW)


@pytest.mark.requirement("7.10.4")
def test_a_caller_that_keeps_the_changes_keeps_the_arm() -> None:
    """Nothing but the evaluation is needed: its changes, put into the next state, outlast other weights."""
    kept: dict[str, Any] = {}
    first = decided(compared(1, 0), {"sticky": kept})
    assert first.changes is not None
    kept |= first.changes
    again = decided(compared(0, 1), {"sticky": kept})
    assert (first.features["tested"].value, again.features["tested"].value) == (0, 0)
    assert again.changes == {}
    assert decided(compared(0, 1), {"sticky": {}}).features["tested"].value == 1


@pytest.mark.requirement("7.10.4")
def test_exposures_are_told_by_feature() -> None:
    """Only features that have any, with the arm that hashing gave."""
    exposures = decided(compared(0, 1), {}).exposures
    assert {name: [(arm.experiment, arm.key) for arm in arms] for name, arms in exposures.items()} == {
        "tested": [("e", "arm-1")]
    }


def test_the_documents_given_are_not_changed() -> None:
    """What is kept, and when, is the caller's."""
    held = {"id||1": {"attributeName": "id", "attributeValue": "1", "assignments": {"other__0": "x"}}}
    state = {"sticky": copy.deepcopy(held)}
    changes = decided(compared(1, 0), state).changes
    assert state == {"sticky": held}
    assert changes == {
        "id||1": {
            "attributeName": "id",
            "attributeValue": "1",
            "assignments": {"other__0": "x", "e__0": "arm-0"},
        }
    }


@pytest.mark.parametrize("state", [{}, {"sticky": None}, {"sticky": []}])
def test_without_documents_there_is_nothing_to_keep(state: dict[str, Any]) -> None:
    """``None``, not an empty object: sticky bucketing is off."""
    assert decided(compared(1, 0), state).changes is None


def test_who_cannot_be_told_apart_is_neither_assigned_nor_exposed() -> None:
    """Without an id there is nothing to keep an arm by."""
    nobody = decided(compared(1, 0), {"sticky": {}}, person={})
    assert (nobody.changes, nobody.exposures) == ({}, {})

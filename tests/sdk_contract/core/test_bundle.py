"""Reading parts that may be newer or damaged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.bundle import Diagnostic, parse_bundle
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.ordering import Candidate

from .strategies import json_objects, json_values, quick

GOOD = {"default": 1}


def parse(features: object = None, placements: object = None):
    """A bundle out of named records."""
    return parse_bundle({"features": {"features": features}, "placements": {"placements": placements}})


def test_a_malformed_record_is_dropped_alone() -> None:
    """The others stay, and the diagnostic names part, record and fault."""
    bundle, diagnostics = parse({"good": GOOD, "bad": 5}, {"feed": {"size": 0}, "row": {}})
    assert set(bundle.features) == {"good"}
    assert set(bundle.placements) == {"row"}
    assert diagnostics == (
        Diagnostic("features", "bad", "a feature is not an object"),
        Diagnostic("placements", "feed", "'size' is not positive"),
    )


def test_a_malformed_rule_is_dropped_alone() -> None:
    """The feature works on with its other rules."""
    bundle, diagnostics = parse(
        {"f": {"default": 0, "rules": [{"force": 1, "coverage": "all"}, {"force": 2}]}}
    )
    assert diagnostics == (Diagnostic("features", "f/rules/0", "'coverage' is not a number"),)
    assert evaluate(bundle, {}, {}, {}, {}, 0).features["f"].value == 2


def test_a_malformed_gate_drops_the_feature() -> None:
    """Without a gate that it cannot read, a feature would be open to all: it is not served."""
    gate = {"parentConditions": [{"id": 7, "gate": True}]}
    bundle, diagnostics = parse({"f": {"default": 0, "rules": [gate, {"force": 1}]}})
    assert bundle.features == {}
    assert [diagnostic.record for diagnostic in diagnostics] == ["f"]


def test_a_doubtful_condition_is_reported() -> None:
    """A part of a condition that never matches is told, with the way to it."""
    _, diagnostics = parse({"f": {"rules": [{"force": 1, "condition": {"a": {"$gtt": 1}}}]}})
    assert diagnostics == (
        Diagnostic("features", "f/rules/0/condition", "a/$gtt: there is no such operator"),
    )


@pytest.mark.parametrize("parts", [None, [], 5, {}, {"features": 1}, {"features": {"features": []}}])
def test_unreadable_parts_are_an_empty_bundle(parts: object) -> None:
    """Nothing usable is nothing configured."""
    bundle, _ = parse_bundle(parts)
    assert (bundle.features, bundle.placements, bundle.messages.campaigns) == ({}, {}, {})


def test_paths_are_those_of_people() -> None:
    """What items are judged by is no attribute; audiences and rules are."""
    bundle, _ = parse(
        {"f": {"rules": [{"force": 1, "condition": {"now.hour": 1}}]}},
        {
            "feed": {
                "candidates": {"rating": 1},
                "boosts": [{"condition": {"kind": "x"}, "points": 5, "audience": {"country": "IN"}}],
                "pins": [{"item": "i", "position": 1, "condition": {"lifecycle.stage": "new"}}],
            }
        },
    )
    assert bundle.paths == {"now.hour", "country", "lifecycle.stage"}


near_features = st.dictionaries(
    st.text(max_size=3),
    json_objects
    | st.fixed_dictionaries({"rules": st.lists(json_objects, max_size=3), "default": json_values}),
    max_size=4,
)
near_placements = st.dictionaries(
    st.sampled_from(["feed", "row"]),
    json_objects
    | st.fixed_dictionaries(
        {
            "pins": json_values | st.lists(json_objects, max_size=2),
            "boosts": json_values | st.lists(json_objects, max_size=2),
            "weights": json_values
            | st.dictionaries(st.sampled_from(["intent", "boost", "x"]), st.integers(-1, 101)),
            "diversity": json_values
            | st.fixed_dictionaries(
                {"facet": st.just("kind"), "max": st.integers(0, 3), "per": st.integers(0, 5)}
            ),
        }
    ),
    max_size=2,
)


@quick
@given(json_values, json_values, json_values, json_values)
def test_any_json_in_gives_an_evaluation(
    parts: object, context: object, profile: object, state: object
) -> None:
    """Never an exception, whatever stands where parts, context, profile and state should."""
    bundle, _ = parse_bundle(parts)
    assert evaluate(bundle, context, profile, state, {}, 0).valid_until > 0


@quick
@given(near_features, near_placements, json_objects, json_objects, st.integers(0, 2**33))
def test_nearly_right_json_gives_an_evaluation(features, placements, context, profile, now) -> None:
    """Records with the right names and the wrong contents do no harm either."""
    bundle, _ = parse(features, placements)
    candidates = {name: [Candidate("a"), Candidate("b", {}, ("x",))] for name in ("feed", "other")}
    evaluation = evaluate(bundle, context, profile, {}, candidates, now)
    assert set(evaluation.features) == set(bundle.features)
    assert all(len(result.items) in (0, 2) for result in evaluation.placements.values())
    assert now < evaluation.valid_until <= now + 86_400


@pytest.mark.requirement("4.1.1")
@pytest.mark.parametrize("part", ["features", "placements", "campaigns", "offers", "policy", "fences"])
def test_an_empty_part_is_no_fault_and_a_damaged_one_is_told(part: str) -> None:
    """Without its member, or with null there, it has no records; a list there is something else."""
    assert parse_bundle({part: {}})[1] == ()
    assert parse_bundle({part: {part: None}})[1] == ()
    assert [each.part for each in parse_bundle({part: {part: [1]}})[1]] == [part]
    assert [each.part for each in parse_bundle({part: [1]})[1]] == [part]

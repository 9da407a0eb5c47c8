"""Features and their rules."""

from __future__ import annotations

from collections import Counter

from hypothesis import given

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate_features
from herenow_sdk.core.features import FeatureResult, Scope, evaluate_feature
from herenow_sdk.core.reasons import FeatureReason

from .strategies import json_objects, json_values, quick


def results(features: dict, attributes: dict | None = None, **options) -> dict[str, FeatureResult]:
    """Every feature's result; the features must be readable without complaint."""
    bundle, diagnostics = parse_bundle({"features": {"features": features}})
    assert diagnostics == ()
    return evaluate_features(bundle, attributes or {}, **options)


def one(feature: dict, attributes: dict | None = None) -> FeatureResult:
    """The result of a single feature."""
    return results({"f": feature}, attributes)["f"]


def test_reasons() -> None:
    """No rules is STATIC, none that applies DEFAULT, a forced value TARGETING_MATCH with its rule."""
    rules = [{"id": "us", "condition": {"country": "US"}, "force": 2}]
    assert one({"default": 1}) == FeatureResult(1, "number", FeatureReason.STATIC)
    assert one({"default": 1, "rules": rules}) == FeatureResult(1, "number", FeatureReason.DEFAULT)
    assert one({"default": 1, "rules": rules}, {"country": "US"}) == FeatureResult(
        2, "number", FeatureReason.TARGETING_MATCH, "us"
    )


def test_types() -> None:
    """The type is the declared one, else the default's."""
    features = {"a": {"default": True}, "b": {"default": 1.5}, "c": {"default": ""}, "d": {"default": [1]}}
    features["e"] = {"type": "boolean"}
    kinds = {name: result.type for name, result in results(features).items()}
    assert kinds == {"a": "boolean", "b": "number", "c": "string", "d": "json", "e": "boolean"}


def test_a_forced_null_is_a_value() -> None:
    """Forcing null decides; it is not the same as not forcing."""
    assert one({"default": 1, "rules": [{"force": None}]}).reason is FeatureReason.TARGETING_MATCH


def test_a_rule_that_names_something_missing_does_not_apply() -> None:
    """The next rule is tried; a default of that kind is null."""
    rules = [
        {"id": "full", "force": "{{intent.label}} in {{intent.place.name}}"},
        {"id": "short", "force": "{{intent.label}}!"},
    ]
    feature = {"type": "string", "default": "{{user_id}}", "rules": rules}
    assert one(feature, {"intent": {"label": "A", "place": {"name": "B"}}}).value == "A in B"
    assert one(feature, {"intent": {"label": "A"}}) == FeatureResult(
        "A!", "string", FeatureReason.TARGETING_MATCH, "short"
    )
    assert one(feature).value is None
    assert one(feature, {"user_id": "u"}) == FeatureResult("u", "string", FeatureReason.DEFAULT)


def test_a_variation_that_names_something_missing_does_not_apply() -> None:
    """An experiment whose text cannot be filled leaves the person to the next rule."""
    rules = [{"variations": ["{{a}}", "{{a}}"]}, {"force": "next"}]
    assert one({"default": "", "rules": rules}, {"id": "1"}).value == "next"
    assert one({"default": "", "rules": rules}, {"id": "1", "a": "x"}).reason is FeatureReason.SPLIT


def test_an_experiment_reports_its_assignment() -> None:
    """The exposure names experiment, arm, and what was hashed."""
    rule = {
        "id": "r",
        "key": "exp",
        "variations": ["a", "b"],
        "weights": [0, 1],
        "meta": [{}, {"key": "B", "name": "Bee"}],
    }
    result = one({"default": "", "rules": [rule | {"hashAttribute": "user.id"}]}, {"user": {"id": 7}})
    assert (result.value, result.reason, result.rule) == ("b", FeatureReason.SPLIT, "r")
    assert result.assignment is not None
    assert (result.assignment.experiment, result.assignment.key, result.assignment.name) == (
        "exp",
        "B",
        "Bee",
    )
    assert (result.assignment.hash_attribute, result.assignment.hash_value) == ("user.id", 7)


def test_experiments_split_as_weighted() -> None:
    """Over many people the arms come out in their shares, and coverage leaves the rest out."""
    rule = {"variations": [0, 1], "weights": [0.25, 0.75], "coverage": 0.4, "hashVersion": 2}
    bundle, _ = parse_bundle({"features": {"features": {"f": {"default": None, "rules": [rule]}}}})
    seen = Counter(evaluate_features(bundle, {"id": f"person-{n}"})["f"].value for n in range(4000))
    assert abs(seen[0] / 4000 - 0.1) < 0.02
    assert abs(seen[1] / 4000 - 0.3) < 0.03


def test_without_the_hash_attribute_nobody_takes_part() -> None:
    """Missing, empty and false ids skip rollouts, filters and experiments."""
    filters = [{"seed": "s", "ranges": [[0, 1]]}]
    rules = [{"variations": [1, 2]}, {"force": 3, "coverage": 1}, {"force": 4, "filters": filters}]
    for attributes in ({}, {"id": ""}, {"id": None}, {"id": 0}, {"id": False}):
        assert one({"default": 0, "rules": rules}, attributes).reason is FeatureReason.DEFAULT


def test_prerequisites() -> None:
    """A gate that fails makes the feature null; a mere condition skips the rule."""
    parent = {"default": "on", "rules": [{"condition": {"out": True}, "force": "off"}]}
    need = {"id": "parent", "condition": {"value": "on"}}
    child = {"default": 0, "rules": [{"parentConditions": [need], "force": 1}]}
    gated = {"default": 0, "rules": [{"parentConditions": [need | {"gate": True}]}, {"force": 2}]}
    features = {"parent": parent, "child": child, "gated": gated}
    open_results = results(features)
    assert (open_results["child"].value, open_results["gated"].value) == (1, 2)
    shut = results(features, {"out": True})
    assert shut["child"] == FeatureResult(0, "number", FeatureReason.DEFAULT)
    assert shut["gated"] == FeatureResult(None, "number", FeatureReason.PREREQUISITE_FAILED)


def test_circles_and_endless_chains_end() -> None:
    """A circle is told as such for all in it; so is a chain longer than any sane one."""
    circle = {
        name: {"default": 1, "rules": [{"parentConditions": [{"id": other, "condition": {}}]}]}
        for name, other in (("a", "b"), ("b", "c"), ("c", "a"), ("self", "self"))
    }
    assert {result.reason for result in results(circle).values()} == {FeatureReason.CYCLIC_PREREQUISITE}
    chain = {
        f"f{n}": {"default": 1, "rules": [{"parentConditions": [{"id": f"f{n + 1}", "condition": {}}]}]}
        for n in range(3000)
    }
    assert results(chain)["f0"].reason is FeatureReason.CYCLIC_PREREQUISITE


def test_shared_prerequisites_are_evaluated_once() -> None:
    """Every layer asking twice for the next does not double the work with each layer."""
    layers = {
        f"f{n}": {
            "default": n,
            "rules": [{"parentConditions": [{"id": f"f{n + 1}"}, {"id": f"f{n + 1}"}], "force": n}],
        }
        for n in range(20)
    }
    assert results(layers | {"f20": {"default": 0}})["f0"].value == 0


def test_overrides_and_unknown_features() -> None:
    """A value set from outside wins and reaches dependants; an unknown feature is null."""
    child = {
        "default": 0,
        "rules": [{"parentConditions": [{"id": "p", "condition": {"value": 9}}], "force": 1}],
    }
    overridden = results({"p": {"default": 0}, "child": child}, overrides={"p": 9})
    assert overridden["p"].reason is FeatureReason.OVERRIDE
    assert overridden["child"].value == 1
    assert evaluate_feature("nobody", Scope({}, {})).reason is FeatureReason.UNKNOWN_FEATURE


def test_a_feature_knows_what_it_reads() -> None:
    """Conditions, hash attributes and the names in texts all count."""
    feature = {
        "default": "{{d}}",
        "rules": [
            {"condition": {"a.b": 1}, "force": "{{now.hour}}", "coverage": 1, "hashAttribute": "h"},
            {"variations": ["{{v}}", ""], "filters": [{"attribute": "fi", "ranges": []}]},
        ],
    }
    bundle, _ = parse_bundle({"features": {"features": {"f": feature}}})
    assert bundle.features["f"].paths == {"a.b", "now.hour", "h", "v", "id", "fi", "d"}


@quick
@given(json_objects, json_objects)
def test_any_rule_gives_a_result(rule: dict, attributes: dict) -> None:
    """Whatever a rule holds, every feature has a result and a reason."""
    features = {"f": {"default": 1, "rules": [rule, {"variations": [1, 2], **rule}, {"force": 1, **rule}]}}
    bundle, _ = parse_bundle({"features": {"features": features}})
    for result in evaluate_features(bundle, attributes).values():
        assert isinstance(result.reason, FeatureReason)


@quick
@given(json_values, json_values)
def test_the_same_question_has_the_same_answer(default: object, force: object) -> None:
    """Evaluating twice gives equal results."""
    bundle, _ = parse_bundle(
        {"features": {"features": {"f": {"default": default, "rules": [{"force": force}]}}}}
    )
    assert repr(evaluate_features(bundle, {})) == repr(evaluate_features(bundle, {}))

"""The long answer, and that it is the same decision."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from herenow_sdk.core.bundle import Bundle, parse_bundle
from herenow_sdk.core.checks import CheckName
from herenow_sdk.core.evaluate import evaluate, feature_scope
from herenow_sdk.core.experiments import Surroundings
from herenow_sdk.core.explain import explain
from herenow_sdk.core.explain_features import trace_rules
from herenow_sdk.core.reasons import FeatureReason, RuleOutcome
from herenow_sdk.core.verdicts import evaluation_json

from .strategies import json_objects, json_values, quick

NOW = 1_795_138_923

conditions = st.sampled_from(
    [
        {},
        {"platform": "ios"},
        {"platform": {"$ne": "ios"}, "now.hour": {"$gte": 1}},
        {"$or": [{"platform": "ios"}, {"$not": {"language": "en"}}]},
        {"id": {"$inGroup": "friends"}},
        {"platform": {"$near": 1}},
        "broken",
        None,
    ]
)
shares = st.sampled_from([0, 0.3, 0.5, 1, None, "x"])
texts = st.sampled_from([1, "plain", "{{language}}", "{{intent.label}} here", None])
filters = st.sampled_from(
    [None, [{"seed": "s", "ranges": [[0, 0.5]], "attribute": "id"}], [{"ranges": [[0, 1]]}]]
)
parents = st.sampled_from(
    [
        [],
        [{"id": "f0", "condition": {"value": 1}, "gate": True}],
        [{"id": "f1", "condition": {"value": {"$exists": True}}}],
        [{"id": "nobody", "condition": {}}],
        [{"id": 5}],
    ]
)
rules = st.fixed_dictionaries(
    {"condition": conditions},
    optional={
        "force": texts,
        "coverage": shares,
        "filters": filters,
        "parentConditions": parents,
        "variations": st.lists(texts, max_size=3),
        "namespace": st.sampled_from([["n", 0, 0.6], ["n"]]),
        "id": st.sampled_from(["r", ""]),
        "hashVersion": st.sampled_from([1, 2]),
        "hashAttribute": st.sampled_from(["id", "user_id"]),
        "fallbackAttribute": st.just("id"),
        "contextualVariations": st.just([1, 2]),
        "contextualBanditRef": st.just("bandit"),
    },
)
feature_records = st.lists(
    st.fixed_dictionaries({"default": texts, "rules": st.lists(rules, max_size=4)}), max_size=3
)
BANDIT = {
    "contexts": [{"leafId": 3, "condition": {"platform": "ios"}, "weights": [0.9, 0.1]}],
    "banditVersion": 1,
}
people = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from([f"i-{n}" for n in range(20)]),
        "user_id": st.just("u-1"),
        "intent": st.just({"label": "Jobs"}),
    },
)
contexts = st.fixed_dictionaries(
    {}, optional={"platform": st.sampled_from(["ios", "android"]), "locale": st.just("en-IN")}
)
states = st.fixed_dictionaries(
    {},
    optional={
        "sticky": st.just({}),
        "kill": st.sampled_from([[], ["features"], ["placements"]]),
        "forced": st.just({"features": {"f2": "set"}}),
    },
)


def bundle_of(records: list[dict[str, Any]]) -> Bundle:
    """A bundle of the features f0, f1 and so on."""
    features = {f"f{at}": each for at, each in enumerate(records)}
    part = {
        "features": features,
        "savedGroups": {"friends": ["i-1", "i-2"]},
        "contextualBandits": {"bandit": BANDIT},
    }
    return parse_bundle({"features": part})[0]


@quick
@given(feature_records, contexts, people, states)
@example(
    [
        {
            "default": 1,
            "rules": [{"parentConditions": [{"id": "f1", "condition": {"value": 7}}]}, {"force": 1}],
        },
        {"default": 1, "rules": [{"variations": [1, 1]}]},
    ],
    {},
    {"id": "i-0"},
    {},
)
def test_the_same_decision(records: list, context: dict, profile: dict, state: dict) -> None:
    """What the rules of an explanation decide, one by one, is what ``evaluate`` answers."""
    bundle = bundle_of(records)
    evaluation = evaluate(bundle, context, profile, state, {}, NOW)
    for name, result in evaluation.features.items():
        if result.reason in (FeatureReason.DISABLED, FeatureReason.OVERRIDE):
            continue
        scope = feature_scope(bundle, evaluation.attributes, state)
        around = Surroundings(bundle.around.groups, bundle.around.bandits)
        traces = trace_rules(name, bundle.records[name], around, scope)
        decided = [trace.result for trace in traces if trace.outcome is RuleOutcome.DECIDES]
        if decided:
            assert decided == [result]
        else:
            assert result.reason in (FeatureReason.DEFAULT, FeatureReason.STATIC)


@quick
@given(feature_records, contexts, people)
def test_the_checks_are_the_verdict(records: list, context: dict, profile: dict) -> None:
    """A rule decides when every check passed (or a gate failed); a skipped one tells which check failed."""
    bundle = bundle_of(records)
    told = explain(bundle, context, profile, {}, {}, NOW)
    for name, feature in told["features"].items():
        for raw, rule in zip(bundle.records[name]["rules"], feature["rules"], strict=True):
            if raw.keys().isdisjoint({"force", "variations", "contextualVariations"}):
                continue  # a gate and nothing behind it
            failed = [check for check in rule["checks"] if not check["passed"]]
            if rule["outcome"] == "DECIDES":
                assert not failed or feature["reason"] in ("PREREQUISITE_FAILED", "CYCLIC_PREREQUISITE")
            else:
                assert bool(failed) is (rule["outcome"] == "SKIPPED") or rule["checks"] == []


@quick
@given(feature_records, contexts, people, states)
def test_the_short_answer_is_within(records: list, context: dict, profile: dict, state: dict) -> None:
    """Everything that ``evaluate`` says stands in the explanation, and both are deterministic JSON."""
    bundle = bundle_of(records)
    short = evaluation_json(evaluate(bundle, context, profile, state, {}, NOW))
    told = explain(bundle, context, profile, state, {}, NOW)
    assert told["valid_until"] == short["valid_until"]
    for name, feature in short["features"].items():
        assert {key: told["features"][name][key] for key in feature} == feature
    assert json.dumps(told) == json.dumps(explain(bundle, context, profile, state, {}, NOW))


def test_every_question_is_told() -> None:
    """One rule that asks everything shows each check with what it compared."""
    rule = {
        "id": "all",
        "parentConditions": [{"id": "open", "condition": {"value": True}}],
        "filters": [{"seed": "s", "ranges": [[0, 1]], "attribute": "id"}],
        "condition": {"platform": "ios", "$or": [{"language": "en"}, {"language": "hi"}]},
        "coverage": 1,
        "force": "{{language}}",
    }
    split = {"key": "exp", "variations": ["a", "b"], "namespace": ["n", 0, 1]}
    part = {
        "open": {"default": True},
        "forced": {"default": "x", "rules": [rule, {"force": 2}]},
        "split": {"default": "x", "rules": [{"nothing": 1}, split]},
    }
    bundle, _ = parse_bundle({"features": {"features": part}})
    told = explain(bundle, {"platform": "ios", "locale": "en"}, {"id": "i-1"}, {}, {}, NOW)["features"]
    first, second = told["forced"]["rules"]
    assert [check["check"] for check in first["checks"]] == [
        "PREREQUISITE",
        "FILTER",
        "CONDITION",
        "ROLLOUT",
        "TEXT",
    ]
    assert first["checks"][2]["clauses"][0] == {
        "path": "platform",
        "expected": "ios",
        "actual": "ios",
        "passed": True,
    }
    assert first["checks"][3]["bucket"] < 1
    assert second["outcome"] == "NOT_ASKED"
    unreadable, decided = told["split"]["rules"]
    assert unreadable["outcome"] == "UNREADABLE"
    (experiment,) = decided["checks"]
    assert experiment["check"] == CheckName.EXPERIMENT
    assert experiment["namespace"]["inside"] is True
    assert experiment["variation"] in (0, 1)


def test_an_order_is_told() -> None:
    """Each product, what pins and variety moved, which pins and boosts are in force and why."""
    placement = {
        "weights": {"quality": 100},
        "pins": [{"item": "c", "position": 1, "condition": {"platform": "ios"}}],
        "boosts": [{"condition": {}, "points": 10, "audience": {"platform": "android"}}],
        "diversity": {"facet": "category", "max": 1, "per": 2},
    }
    items = [
        {"id": name, "features": {"quality": 9 - at}, "groups": ["x" if name < "c" else "y"]}
        for at, name in enumerate("abc")
    ]
    bundle, _ = parse_bundle({"placements": {"placements": {"feed": placement}}})
    told = explain(bundle, {"platform": "ios"}, {}, {}, {"feed": items}, NOW)["placements"]["feed"]
    assert [(each["id"], each["position"], each["rank"]) for each in told["items"]] == [
        ("c", 1, 3),
        ("a", 2, 1),
        ("b", 3, 2),
    ]
    assert told["items"][1]["parts"] == {"quality": {"weight": 1024, "feature": 9, "product": 9216}}
    assert told["pins"][0]["in_force"] is True
    assert told["boosts"][0]["active"] is False
    assert told["boosts"][0]["clauses"][0]["actual"] == "ios"


@quick
@given(
    json_objects,
    json_values,
    json_values,
    json_values,
    st.dictionaries(st.sampled_from(["p", "q"]), json_values, max_size=2) | json_values,
    st.lists(json_objects, max_size=3),
)
def test_any_json_anywhere(
    record: dict, context: Any, profile: Any, state: Any, candidates: Any, items: list
) -> None:
    """Whatever stands in any argument, there is a decision and its explanation."""
    parts = {
        "features": {"features": {"f": record, "g": {"rules": [record, {"force": 1, **record}]}}},
        "placements": {"placements": {"p": {}, "q": record, "r": {"pins": [record], "boosts": [record]}}},
    }
    bundle, _ = parse_bundle(parts)
    given_items = [{"id": "a", "features": each, **each} for each in items]
    for offered in (candidates, {"p": given_items, "r": given_items}):
        told = explain(bundle, context, profile, state, offered, NOW)
        assert told["valid_until"] > NOW
        assert all("reason" in each for each in told["features"].values())

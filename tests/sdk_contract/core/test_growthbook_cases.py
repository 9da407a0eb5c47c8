"""The third-party conformance cases of the condition language, hashing and features.

The file is read where a development checkout has it; none of it is kept in this repository. Sections and
fields that the evaluator does not cover are named here with the reason, and an unknown section fails.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.evaluate import evaluate_features
from herenow_sdk.core.features import FeatureResult, Scope, evaluate_feature
from herenow_sdk.core.hashing import bucket, bucket_ranges, choose_variation, equal_weights, in_namespace
from herenow_sdk.core.reasons import FeatureReason
from herenow_sdk.core.values import is_truthy

CASES = Path(__file__).parents[4] / "shared/data/conformance/growthbook_cases.json"

NOT_COVERED = {
    "stickyBucket": "sticky buckets come with the contract issue",
    "contextualBandit": "contextual bandits come with the contract issue",
    "getQueryStringOverride": "an override by URL belongs to web pages; a mobile app has none",
    "urlRedirect": "redirects belong to web pages; a mobile app has none",
    "decrypt": "encrypted payloads come with the contract issue; core has no cryptography",
}
PLAIN_VALUES = {"specVersion", "_note"}

SOURCES = {
    FeatureReason.TARGETING_MATCH: "force",
    FeatureReason.SPLIT: "experiment",
    FeatureReason.STATIC: "defaultValue",
    FeatureReason.DEFAULT: "defaultValue",
    FeatureReason.PREREQUISITE_FAILED: "prerequisite",
    FeatureReason.CYCLIC_PREREQUISITE: "cyclicPrerequisite",
    FeatureReason.UNKNOWN_FEATURE: "unknownFeature",
    FeatureReason.OVERRIDE: "override",
}

SUITE = json.loads(CASES.read_text()) if CASES.exists() else {}


def cases(section: str):
    """One parameter for each case of a section, or a single skip without the data."""
    if not SUITE:
        reason = "conformance/growthbook_cases.json is not in the development data folder"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="no data")]
    return [
        pytest.param(case, id=f"{section}-{index}-{str(case[0])[:60]}")
        for index, case in enumerate(SUITE[section])
    ]


def test_every_section_is_run_or_named() -> None:
    """A section is either run below, or left out by name with its reason; a new one fails here."""
    if not SUITE:
        pytest.skip("conformance/growthbook_cases.json is not in the development data folder")
    run = {"evalCondition", "hash", "getBucketRange", "feature", "run"}
    run |= {"chooseVariation", "inNamespace", "getEqualWeights"}
    assert set(SUITE) - PLAIN_VALUES == run | set(NOT_COVERED)


@pytest.mark.parametrize("section", NOT_COVERED)
def test_section_left_out(section: str) -> None:
    """A section left out is reported as skipped, with its reason, never silently."""
    pytest.skip(NOT_COVERED[section])


@pytest.mark.parametrize("case", cases("evalCondition"))
def test_condition(case) -> None:
    """A condition holds for exactly the attributes it should."""
    _, condition, attributes, expected, *groups = case
    assert compile_condition(condition, *groups).matches(attributes) is expected


@pytest.mark.parametrize("case", cases("hash"))
def test_hash(case) -> None:
    """A seed and a value fall into the expected bucket."""
    seed, value, version, expected = case
    assert bucket(seed, value, version) == expected


@pytest.mark.parametrize("case", cases("getBucketRange"))
def test_bucket_ranges(case) -> None:
    """Count, coverage and weights give the expected ranges, to seven decimals."""
    _, (count, coverage, weights), expected = case
    ranges = bucket_ranges(count, coverage, weights)
    assert [[round(start, 7), round(end, 7)] for start, end in ranges] == expected


@pytest.mark.parametrize("case", cases("chooseVariation"))
def test_choose_variation(case) -> None:
    """A point chooses the first range that holds it."""
    _, point, ranges, expected = case
    assert choose_variation(point, ranges) == expected


@pytest.mark.parametrize("case", cases("inNamespace"))
def test_in_namespace(case) -> None:
    """A person is in a namespace's share or not."""
    _, value, (name, start, end), expected = case
    assert in_namespace(value, name, (start, end)) is expected


@pytest.mark.parametrize("case", cases("getEqualWeights"))
def test_equal_weights(case) -> None:
    """Equal weights, to eight decimals."""
    count, expected = case
    assert [round(weight, 8) for weight in equal_weights(count)] == expected


@pytest.mark.parametrize("case", cases("feature"))
def test_feature(case) -> None:
    """A feature has the expected value, source, rule and assignment."""
    _, context, key, expected = case
    if "contextualVariations" in json.dumps(context):
        pytest.skip(NOT_COVERED["contextualBandit"])
    if "forcedVariations" in context:
        pytest.skip("forcing a variation from outside comes with the contract issue")
    result = evaluate_one(context, key)
    assert result.value == expected["value"]
    assert SOURCES[result.reason] == expected["source"]
    assert (result.rule or "") == expected["ruleId"]
    assert is_truthy(result.value) is expected["on"] is not expected["off"]
    if "experimentResult" in expected:
        assert described(result) == described_expectation(expected["experimentResult"])


@pytest.mark.parametrize("case", cases("run"))
def test_run(case) -> None:
    """An experiment gives the expected value and says whether the person takes part."""
    _, context, experiment, value, in_experiment, hash_used = case
    web_or_later = {"url", "enabled", "qaMode", "forcedVariations", "groups", "overrides"} & set(context)
    web_or_later |= {"force", "status", "active", "url", "urlPatterns", "groups", "include"} & set(experiment)
    if web_or_later - {"active"} or experiment.get("active") is False:
        pytest.skip(f"not part of a feature's experiment rule: {', '.join(sorted(web_or_later))}")
    rules = [{name: part for name, part in experiment.items() if name != "active"}]
    feature = {"defaultValue": experiment["variations"][0], "rules": rules}
    features = {**context.get("features", {}), "the-feature": feature}
    result = evaluate_one({**context, "features": features}, "the-feature")
    assert result.value == value
    assert (result.reason is FeatureReason.SPLIT) is in_experiment is hash_used


def evaluate_one(context, key: str) -> FeatureResult:
    """One feature of a case's context."""
    part = {"features": context.get("features", {}), "savedGroups": context.get("savedGroups", {})}
    bundle, _ = parse_bundle({"features": part})
    attributes = context.get("attributes", {})
    if key in bundle.features:
        return evaluate_features(bundle, attributes)[key]
    return evaluate_feature(key, Scope(attributes, bundle.features))


def described(result: FeatureResult) -> dict[str, object]:
    """An assignment in the terms of the cases."""
    assignment = result.assignment
    assert assignment is not None
    return {
        "value": result.value,
        "key": assignment.key,
        "variationId": assignment.variation,
        "hashAttribute": assignment.hash_attribute,
        "hashValue": assignment.hash_value,
        "bucket": assignment.bucket,
    }


def described_expectation(expected) -> dict[str, object]:
    """What of a case's experiment result the evaluator states."""
    assert expected["inExperiment"]
    assert expected["hashUsed"]
    names = ("value", "key", "variationId", "hashAttribute", "hashValue", "bucket")
    return {name: expected[name] for name in names}

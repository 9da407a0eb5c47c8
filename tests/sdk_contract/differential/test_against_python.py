"""GrowthBook's Python SDK decides as we do, where attributes have the types that conditions on them expect.

It is the oracle that is always at hand; JavaScript's (see the module beside) is the one that is right, and is
asked about everything. Where the Python SDK 4.0.0 is known to differ from it, nothing is drawn here:

* it coerces less: a number beside a missing attribute, beside a text or an array;
* an empty object beside a path holds of everything;
* a rule that forces ``null`` does not apply;
* empty arrays and objects as hash attributes count as missing;
* a rollout excludes the bucket that its coverage names.
"""

from __future__ import annotations

from typing import Any

from growthbook import GrowthBook
from growthbook.core import evalCondition, gbhash, getBucketRanges, inNamespace
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import examples
from tests.sdk_contract.differential import drawn, ours, typed

from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.hashing import bucket, bucket_ranges, in_namespace

several = settings(deadline=None, max_examples=examples(150))


@several
@given(typed.conditions, typed.people, typed.groups)
def test_conditions(condition, attributes, groups) -> None:
    """A condition holds there when it holds here."""
    assert compile_condition(condition, groups).matches(attributes) is evalCondition(
        attributes, condition, groups
    )


@several
@given(typed.features, typed.people, typed.groups)
def test_features(features, attributes, groups) -> None:
    """Every feature has the same value, source, rule and variation."""
    client = GrowthBook(features=features, attributes=attributes, savedGroups=groups)
    assert ours.features(features, attributes, groups) == {
        name: _described(client, name) for name in features
    }


def _described(client: Any, name: str) -> dict[str, Any]:
    result = client.eval_feature(name)
    taken = result.experimentResult
    return {
        "value": result.value,
        "source": result.source,
        "rule": result.ruleId or None,
        "variation": None if taken is None else taken.variationId,
    }


@several
@given(st.text(drawn.LETTERS, max_size=8), st.text(max_size=12), st.integers(0, 3))
def test_buckets(seed, value, version) -> None:
    """Any seed and value fall into the same bucket to the last bit."""
    assert bucket(seed, value, version) == gbhash(seed, value, version)


@several
@given(st.integers(0, 6), st.floats(0, 1), st.none() | st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_bucket_ranges(count, coverage, weights) -> None:
    """Count, coverage and weights lead to the same ranges to the last bit."""
    assert list(bucket_ranges(count, coverage, weights)) == getBucketRanges(count, coverage, weights)


@several
@given(st.text(max_size=8), st.text(max_size=8), drawn.shares, drawn.shares)
def test_namespaces(value, name, start, end) -> None:
    """A value is in a share of a namespace there when it is here."""
    assert in_namespace(value, name, (start, end)) is inNamespace(value, [name, start, end])

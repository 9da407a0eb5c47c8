"""GrowthBook's JavaScript SDK decides as we do, for everything that GrowthBook's fields can say.

One Node process answers all questions. Where its answer differs from ours, ours is wrong, unless appendix A
says so.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.clients.node import node
from tests.sdk_contract.differential import drawn, ours

from herenow_sdk.conformance import reference
from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.patterns import UnfitPattern, compile_pattern

pytestmark = pytest.mark.slow
many = settings(deadline=None, max_examples=1500)


class JavaScript:
    """The oracle: a process that is asked one question at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, operation: str, **given_: Any) -> Any:
        """Its answer. Fails with what JavaScript threw."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"op": operation, "given": given_}) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert "threw" not in answer, answer
        return answer.get("result")


@pytest.fixture(scope="module", name="javascript")
def _javascript() -> Iterator[JavaScript]:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        node("oracle.mjs"), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield JavaScript(process)
        assert process.stdin is not None
        process.stdin.close()


def answered(operation: str, **given_: Any) -> Any:
    """What the reference answers to a vector's question."""
    return reference.answer(operation, given_)["result"]


@many
@given(drawn.conditions, drawn.people, drawn.groups)
def test_conditions(javascript, condition, attributes, groups) -> None:
    """A condition holds there when it holds here."""
    expected = javascript.ask("condition", condition=condition, attributes=attributes, groups=groups)
    assert compile_condition(condition, groups).matches(attributes) is expected


@many
@given(drawn.operators, drawn.values)
def test_operators(javascript, operators, value) -> None:
    """Operators judge any value alike."""
    condition, attributes = {"a": operators}, {"a": value}
    expected = javascript.ask("condition", condition=condition, attributes=attributes, groups={})
    assert compile_condition(condition).matches(attributes) is expected


@many
@given(drawn.features, drawn.people, drawn.groups)
def test_features(javascript, features, attributes, groups) -> None:
    """Every feature has the same value, source, rule and variation."""
    expected = javascript.ask("features", features=features, attributes=attributes, groups=groups)
    assert ours.features(features, attributes, groups) == expected


@many
@given(st.text(drawn.LETTERS, max_size=8), st.text(max_size=12), st.integers(0, 3))
def test_buckets(javascript, seed, value, version) -> None:
    """Any seed and value fall into the same bucket to the last bit."""
    assert answered("bucket", seed=seed, value=value, version=version) == javascript.ask(
        "bucket", seed=seed, value=value, version=version
    )


@many
@given(st.integers(0, 6), st.floats(-0.5, 1.5), st.none() | st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_bucket_ranges(javascript, count, coverage, weights) -> None:
    """Count, coverage and weights lead to the same ranges to the last bit."""
    asked = {"count": count, "coverage": coverage, "weights": weights}
    assert answered("bucket-ranges", **asked) == javascript.ask("bucket-ranges", **asked)


@many
@given(drawn.values, drawn.values)
def test_coercions(javascript, left, right) -> None:
    """Values have the same text, number and truth, and stand in the same relations."""
    assert answered("coerce", value=left) == javascript.ask("coerce", value=left)
    assert answered("relate", left=left, right=right) == javascript.ask("relate", left=left, right=right)


@many
@given(*[st.sampled_from(drawn.VERSIONS) | st.text("v0123.-+ab~ \n", max_size=9)] * 2)
def test_versions(javascript, left, right) -> None:
    """Versions stand in the same order."""
    assert answered("version-compare", left=left, right=right) == javascript.ask(
        "version-compare", left=left, right=right
    )


_atoms = st.sampled_from(
    [
        "a",
        "b",
        "k",
        "é",
        "σ",
        "ſ",
        r"\d",
        r"\w",
        r"\W",
        r"\s",
        ".",
        "[a-c]",
        "[^aé]",
        r"[\d-]",
        r"\u0130",
        r"\.",
        "(a|b)",
    ]
)
_repeats = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,3}", "*?", "{2,}"])
_pieces = st.tuples(_atoms, _repeats).map("".join) | st.sampled_from(
    ["^", "$", r"\b", r"\B", "(?=a)", "(?!b)", "|"]
)
_patterns = st.lists(_pieces, max_size=5).map("".join) | st.text("ab\\[](){}^$|?*+-.:=!dwsb,12", max_size=9)


@settings(deadline=None, max_examples=6000)
@given(_patterns, st.text("abkKéÉσςΣſsSİi\u212a1-. \n\u2028", max_size=7), st.booleans())
def test_patterns_of_the_subset(javascript, pattern, value, ignore_case) -> None:
    """Every pattern of the portable subset is found by JavaScript's engine where we find it."""
    try:
        compiled = compile_pattern(pattern, ignore_case=ignore_case)
    except UnfitPattern:
        assume(False)
    expected = javascript.ask("regex", pattern=pattern, value=value, ignore_case=ignore_case)
    assert compiled.searches(value) is expected

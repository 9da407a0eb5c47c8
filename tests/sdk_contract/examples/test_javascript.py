"""The worked example in plain JavaScript proves that the walk of CONFORMANCE.md works."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import OPERATORS, PATHS

from herenow_sdk.conformance import reference
from herenow_sdk.conformance.command import main
from herenow_sdk.conformance.shim import Shim
from herenow_sdk.conformance.strict_json import MAX_NUMBER, same

pytestmark = pytest.mark.slow

SHIM = Path(__file__).parents[3] / "sdk_contract" / "examples" / "javascript" / "shim.mjs"

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_NUMBER, MAX_NUMBER)
    | st.floats(-1e15, 1e15)
    | st.text(max_size=6)
    | st.sampled_from(["", "0", "1.2.3", "v1.2.3-rc.1", "id", "a+", "(a|b)+$", "🍔", "NaN", "0x10", "ß", "İ"])
)
names = st.sampled_from(["id", "tags", "a"])
references = st.fixed_dictionaries({"id": names | scalars}, optional={"attributeKey": names | scalars})
keys = st.sampled_from(OPERATORS) | st.sampled_from(PATHS)
values = st.recursive(
    scalars | references,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(keys, inner, max_size=3)
        | st.fixed_dictionaries({"$savedGroup": inner})
    ),
    max_leaves=12,
)
attributes = st.fixed_dictionaries({}, optional={"id": values, "tags": values, "a": values, "now": values})
conditions = st.dictionaries(
    keys | st.just("$savedGroup"),
    st.dictionaries(st.sampled_from(OPERATORS), values, max_size=2) | values,
    max_size=3,
)
groups = st.dictionaries(
    names,
    values
    | st.fixed_dictionaries(
        {"type": st.just("list"), "attributeKey": names, "values": st.lists(scalars, max_size=3)}
    )
    | st.fixed_dictionaries({"type": st.just("condition"), "condition": conditions}),
    max_size=3,
)


@pytest.fixture(name="node", scope="module")
def _node() -> str:
    """Node.js, or a failure that says what is missing."""
    node = shutil.which("node")
    assert node, "the JavaScript example needs Node.js 20 or newer: install it and run again"
    return node


@pytest.fixture(name="example", scope="module")
def _example(node):
    """The example as a running shim."""
    with Shim([node, str(SHIM)], timeout_s=30) as shim:
        yield shim


def test_it_conforms(node, tmp_path) -> None:
    """Every case for every SDK is answered as expected; what it lacks it says."""
    file = tmp_path / "report.json"
    status = main(["--exec", f"{node} {SHIM}", "--report", str(file)])
    report = json.loads(file.read_text())

    assert status == 0, report["failures"][:5]
    assert report["totals"]["passed"] >= 200
    assert not [suite for suite in report["suites"] if suite["capability"] is None and suite["skipped"]]


@settings(deadline=None, max_examples=600)
@given(conditions, attributes, groups)
def test_conditions_are_judged_as_the_reference_does(example, condition, person, saved) -> None:
    """Whatever the condition and the person, both implementations agree."""
    asked = {"condition": condition, "attributes": person, "groups": saved}
    answer = example.ask({"id": "x", "op": "condition", "given": asked, "capability": None})

    assert same(answer, reference.answer("condition", asked)), asked


@settings(deadline=None, max_examples=600)
@given(
    st.text("\\[](){}^$.|?*+-&~/<>=!:,adDwWsSbkPuxcpZ0159\n é", max_size=14),
    st.text("abz-Z09é\n ß🍔", max_size=8),
    st.booleans(),
)
def test_patterns_are_read_as_the_reference_does(example, pattern, value, ignore_case) -> None:
    """Whatever the pattern, both take it, refuse it and find it alike."""
    asked = {"pattern": pattern, "value": value, "ignore_case": ignore_case}
    answer = example.ask({"id": "x", "op": "regex", "given": asked, "capability": None})

    assert same(answer, reference.answer("regex", asked)), asked


@settings(deadline=None, max_examples=300)
@given(values, values, st.text(max_size=8), st.text(max_size=8), st.sampled_from([1, 2, 3]))
def test_primitives_are_computed_as_the_reference_does(example, left, right, seed, value, version) -> None:
    """Texts, numbers, relations, buckets and versions are the same to the last bit."""
    for operation, asked in {
        "coerce": {"value": left},
        "relate": {"left": left, "right": right},
        "version-compare": {"left": left, "right": right},
        "bucket": {"seed": seed, "value": value, "version": version},
    }.items():
        answer = example.ask({"id": "x", "op": operation, "given": asked, "capability": None})
        assert same(answer, reference.answer(operation, asked)), (operation, asked)

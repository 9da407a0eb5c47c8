"""Our validator's verdicts are a complete one's."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import quick

from herenow_sdk.conformance.schema import violations
from herenow_sdk.conformance.vectors import folder, read

SUITE_SCHEMA = read(folder() / "suite.schema.json")
CASE = {"id": "HSH-0001", "requirement": "5.1.1", "description": "one letter", "given": {}, "expect": None}
SUITE = {
    "suite": "hash",
    "operation": "hash",
    "capability": None,
    "prefix": "HSH",
    "last": 1,
    "notes": {},
    "cases": [CASE],
}
values = st.sampled_from(
    [None, True, 0, -1, 1, "", "x", "HSH-0001", [], ["a", "a"], {}, {"code": "X"}, [CASE]]
)


def agree(value) -> bool:
    """Whether both validators judge the value alike."""
    return jsonschema.Draft202012Validator(SUITE_SCHEMA).is_valid(value) is not any(
        violations(value, SUITE_SCHEMA)
    )


@quick
@given(st.sampled_from(sorted(SUITE)), values)
def test_suites_are_judged_alike(member, value) -> None:
    """A suite with one member changed to anything, or left out."""
    assert agree(SUITE | {member: value})
    assert agree({name: part for name, part in SUITE.items() if name != member})


@quick
@given(st.sampled_from([*CASE, "expect_error", "flags", "more"]), values)
def test_cases_are_judged_alike(member, value) -> None:
    """A case with one member changed to anything, or left out."""
    assert agree(SUITE | {"cases": [CASE | {member: value}]})
    assert agree(SUITE | {"cases": [{name: part for name, part in CASE.items() if name != member}]})


def test_an_unknown_keyword_is_an_error() -> None:
    """A check that checks nothing is worse than none."""
    with pytest.raises(KeyError):
        list(violations({}, {"minProperties": 1}))

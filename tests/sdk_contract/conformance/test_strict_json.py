"""JSON that every parser reads alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import quick

from herenow_sdk.conformance.strict_json import MAX_NUMBER, NotStrict, canonical, dump, parse, same

numbers = st.integers(-MAX_NUMBER, MAX_NUMBER) | st.floats(-1e15, 1e15)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "[Infinity]",
        '{"a": 1, "a": 2}',
        "9007199254740992",
        "1e400",
        "-1e16",
        "",
        "{",
        "[1,]",
        "[" * 100_000,
        "9" * 5000,
    ],
)
def test_what_parsers_read_differently_is_refused(text) -> None:
    """No constants beyond JSON, no member twice, no number that a double cannot tell from its neighbour."""
    with pytest.raises(NotStrict):
        parse(text)


@quick
@given(values)
def test_written_and_read_again_it_is_the_same(value) -> None:
    """Writing loses nothing, in one line of ASCII."""
    text = dump(value)

    assert text.isascii()
    assert "\n" not in text
    assert same(parse(text), value)


@quick
@given(values, values)
def test_the_same_is_an_equivalence(left, right) -> None:
    """Equality holds with itself and both ways round."""
    assert same(left, left)
    assert same(left, right) is same(right, left)


def test_numbers_truth_and_order() -> None:
    """1 is 1.0, true is not 1, the order of members is nothing, the order of items is."""
    assert same({"a": 1, "b": 2}, {"b": 2.0, "a": 1})
    assert not same(True, 1)
    assert not same([1, 2], [2, 1])
    assert not same({"a": None}, {})
    assert canonical({"b": 1, "a": 2}) == '{"a":2,"b":1}'

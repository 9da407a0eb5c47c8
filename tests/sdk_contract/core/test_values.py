"""JavaScript's coercions."""

from __future__ import annotations

import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.values import (
    MAX_DEPTH,
    identity_keys,
    is_truthy,
    json_text,
    number_text,
    relate,
    strictly_equal,
    to_number,
    to_text,
)

from .strategies import json_values, nested, quick, steady


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (123456789.125, "123456789.125"),
        (1e21, "1e+21"),
        (1.5e21, "1.5e+21"),
        (123456789012345680000.0, "123456789012345680000"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (-1.25e-9, "-1.25e-9"),
        (2**53 + 1, "9007199254740992"),
        (10**400, "Infinity"),
        (-(10**400), "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_number_text(value: float, text: str) -> None:
    """Numbers are written as JavaScript writes them."""
    assert number_text(value) == text


@steady
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_text_round_trips(value: float) -> None:
    """The shortest digits still name the same double."""
    assert float(number_text(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ([1, None, [2, "x"]], "1,,2,x"),
        ({"a": 1}, "[object Object]"),
        ([{}], "[object Object]"),
        ([], ""),
    ],
)
def test_to_text(value: object, text: str) -> None:
    """Values become text as by ``String(value)``."""
    assert to_text(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, 0),
        (True, 1),
        ("", 0),
        (" 12\n", 12),
        ("0x1F", 31),
        ("0b11", 3),
        ("-Infinity", -math.inf),
        ([], 0),
        (["7"], 7),
        (".5e1", 5),
        ("5.", 5),
        ("1e999", math.inf),
    ],
)
def test_to_number(value: object, number: float) -> None:
    """Values become numbers as by ``Number(value)``."""
    assert to_number(value) == number


@pytest.mark.parametrize("value", ["x", "1_000", "٣", "-0x1", "1e", {}, [1, 2], "infinity", "nan"])
def test_not_a_number(value: object) -> None:
    """What JavaScript does not read as a number is NaN, whatever Python would make of it."""
    assert math.isnan(to_number(value))


@pytest.mark.parametrize("value", [None, False, 0, 0.0, -0.0, "", math.nan])
def test_falsy(value: object) -> None:
    """These and only these are false."""
    assert not is_truthy(value)


@pytest.mark.parametrize("value", [[], {}, "0", "false", -1, math.inf, True])
def test_truthy(value: object) -> None:
    """Empty containers are true."""
    assert is_truthy(value)


def test_strict_equality_keeps_types_apart() -> None:
    """True is not 1, 1 is 1.0, and a container equals nothing, not even itself."""
    assert not strictly_equal(True, 1)
    assert strictly_equal(1, 1.0)
    assert strictly_equal(None, None)
    assert not strictly_equal("1", 1)
    assert not strictly_equal([], [])
    assert not strictly_equal(math.nan, math.nan)
    assert identity_keys([[], {}, math.nan]) == frozenset()


def test_text_is_ordered_by_utf16() -> None:
    """A character beyond the BMP sorts by its surrogates, below U+FFFF, unlike in Python."""
    assert relate(operator.lt, "🍔", "\uffff")
    assert "🍔" > "\uffff"


def test_relations_coerce() -> None:
    """Text and number compare as numbers, two texts as text, and NaN relates to nothing."""
    assert relate(operator.lt, "9", 10)
    assert relate(operator.gt, "9", "10")
    assert relate(operator.le, None, 0)
    assert not relate(operator.lt, "x", 1)
    assert not relate(operator.ge, "x", 1)
    assert relate(operator.lt, ["2"], 3)


def test_json_text_orders_index_keys_first() -> None:
    """Keys keep their order, except array indexes, which a JavaScript object lists first."""
    assert json_text({"b": 1, "10": 2, "a": 1.0, "2": None}) == '{"2":null,"10":2,"b":1,"a":1}'
    assert json_text({"a": 1, "b": 2}) != json_text({"b": 2, "a": 1})


@quick
@given(json_values)
def test_coercions_never_raise(value: object) -> None:
    """Every coercion has an answer for any JSON."""
    assert isinstance(to_text(value), str)
    assert isinstance(to_number(value), int | float)
    assert isinstance(json_text(value), str)
    assert isinstance(is_truthy(value), bool)


@pytest.mark.parametrize("kind", ["array", "a"])
def test_depth_is_bounded(kind: str) -> None:
    """Nesting far beyond what the stack would bear is cut, not followed."""
    deep = nested(MAX_DEPTH * 100, kind)
    assert len(to_text(deep)) < 100
    assert len(json_text(deep)) < 100 * MAX_DEPTH

"""Conditions, beyond what the third-party cases show."""

from __future__ import annotations

import pytest
from hypothesis import given

from herenow_sdk.core.conditions import MAX_CONDITION_DEPTH, compile_condition
from herenow_sdk.core.operators import OPERATORS

from .strategies import json_objects, json_values, nested, quick


def holds(condition: object, attributes: dict, groups: dict | None = None) -> bool:
    """Whether a condition holds."""
    return compile_condition(condition, groups or {}).matches(attributes)


def test_there_are_27_operators() -> None:
    """The table has every operator of the language."""
    assert len(OPERATORS) == 27


@pytest.mark.parametrize(
    ("literal", "value", "expected"),
    [
        ("5", 5, True),
        ("null", None, True),
        ("true", True, True),
        ("a,b", ["a", "b"], True),
        (5, "5", True),
        (0, None, True),
        (1, True, True),
        (True, "x", True),
        (False, 0, True),
        (False, None, False),
        (None, None, True),
        ({}, {}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ([1], [1.0], True),
    ],
)
def test_literals_coerce(literal: object, value: object, expected) -> None:
    """A literal compares with JavaScript's coercion for its type."""
    assert holds({"x": literal}, {"x": value}) is expected


@pytest.mark.parametrize(
    ("operators", "value", "expected"),
    [
        ({"$eq": 1}, True, False),
        ({"$ne": 1}, None, True),
        ({"$eq": []}, [], False),
        ({"$lt": 1}, None, True),
        ({"$gt": "10"}, "9", True),
        ({"$lte": 5}, "x", False),
        ({"$exists": 0}, None, True),
        ({"$in": [True]}, 1, False),
        ({"$in": ["b"]}, ["a", "b"], True),
        ({"$in": [["b"]]}, ["b"], False),
        ({"$nin": "b"}, "a", False),
        ({"$nini": "b"}, "a", False),
        ({"$ini": ["BURGER", 3]}, "burger", True),
        ({"$ini": [3]}, 3, True),
        ({"$all": [{"$gt": 3}, 9]}, [4, "9"], True),
        ({"$all": []}, "no array", False),
        ({"$alli": ["A"]}, ["a"], True),
        ({"$size": 0}, None, False),
        ({"$size": {"$gte": 2}}, [0, 0], True),
        ({"$elemMatch": {"$lt": 1}}, [0], True),
        ({"$elemMatch": {"$lt": 1}}, [None], False),
        ({"$elemMatch": {"kind": "x"}}, [{"kind": "x"}], True),
        ({"$elemMatch": {}}, [1], True),
        ({"$type": "null"}, None, True),
        ({"$type": "number"}, True, False),
        ({"$not": {"$in": ["a"]}}, None, True),
        ({"$not": "a"}, "a", False),
        ({"$vgte": "3.2"}, "3.10", True),
        ({"$regex": "^b"}, "ab", False),
        ({"$nonsense": 1}, 1, False),
    ],
)
def test_operators(operators: object, value: object, expected) -> None:
    """Each operator, where its rule is easy to get wrong."""
    assert holds({"x": operators}, {"x": value}) is expected


def test_saved_groups() -> None:
    """Membership is strict; an unknown group is empty, a damaged one fails both ways."""
    groups = {"vip": [1, "2"], "broken": 7}
    assert holds({"id": {"$inGroup": "vip"}}, {"id": "2"}, groups)
    assert not holds({"id": {"$inGroup": "vip"}}, {"id": "1"}, groups)
    assert holds({"id": {"$notInGroup": "none"}}, {"id": 1}, groups)
    assert not holds({"id": {"$notInGroup": "broken"}}, {"id": 7}, groups)


def test_paths_walk_objects_and_arrays() -> None:
    """A path goes through keys, indexes and an array's length; what is not there is null."""
    attributes = {"a": [{"b": "x"}], "n": None}
    assert holds({"a.0.b": "x", "a.length": 1, "a.1.b": None, "a.00.b": None, "n.m": None}, attributes)
    assert not holds({"a.constructor": {"$exists": True}}, attributes)


def test_paths_are_reported() -> None:
    """Every path read is known, wherever it stands; an element's own paths are not attributes."""
    condition = compile_condition(
        {
            "$or": [{"now.hour": 1}, {"$not": {"b": {"$exists": True}}}],
            "$nor": [{"c.d": 1}],
            "list": {"$elemMatch": {"inner": 1}},
        }
    )
    assert condition.paths == {"now.hour", "b", "c.d", "list"}


@pytest.mark.parametrize(
    "malformed", [None, 5, "x", [], {"$or": {}}, {"$and": 1}, {"$nor": None}, {"$not": 3}, {"$or": [1]}]
)
def test_wrong_shapes_fail_closed(malformed: object) -> None:
    """A condition of the wrong shape says so and matches nobody."""
    condition = compile_condition(malformed)
    assert condition.problems
    assert not condition.matches({})


def test_problems_say_where() -> None:
    """A problem names the trail of keys that leads to it."""
    condition = compile_condition({"$and": [{"city": {"$not": {"$regx": "x"}}}]})
    assert condition.problems == ("$and/city/$not/$regx: there is no such operator",)


def test_empty_junctions() -> None:
    """An empty ``$or`` and ``$and`` hold, an empty ``$nor`` does not."""
    assert holds({"$or": [], "$and": []}, {})
    assert not holds({"$nor": []}, {})


@pytest.mark.parametrize("kind", ["$not", "a", "$elemMatch", "$size"])
def test_depth_is_bounded(kind: str) -> None:
    """A condition nested without end is refused beyond the bound, and never exhausts the stack."""
    condition = compile_condition({"x": nested(20_000, kind)})
    assert isinstance(condition.matches({"x": nested(20_000, "array")}), bool)
    assert not compile_condition(nested(MAX_CONDITION_DEPTH - 1, "$not")).problems[1:]


@quick
@given(json_values, json_objects, json_values)
def test_any_json_is_a_condition(raw: object, attributes: dict, groups: object) -> None:
    """Whatever stands where a condition should, compiling and matching give an answer."""
    saved = groups if isinstance(groups, dict) else {}
    assert isinstance(compile_condition(raw, saved).matches(attributes), bool)
    assert isinstance(compile_condition({"x": raw}, saved).matches({"x": attributes}), bool)


@quick
@given(json_objects, json_objects)
def test_not_negates(raw: dict, attributes: dict) -> None:
    """``$not`` around a condition is its negation."""
    assert holds({"$not": raw}, attributes) is not holds(raw, attributes)

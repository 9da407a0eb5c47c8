"""Chapters 1 and 6: values as JavaScript sees them, conditions, regular expressions."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.paths import lookup, lookup_literal_first
from herenow_sdk.core.pattern_syntax import SlowPattern, UnfitPattern, read_pattern
from herenow_sdk.core.patterns import code_units, compile_pattern
from herenow_sdk.core.values import (
    is_truthy,
    number_text,
    relate,
    strictly_equal,
    to_number,
    to_text,
)

_RELATIONS: Final = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _coerce(given: Mapping[str, Any]) -> Any:
    """``{"value"}``: its text, the text of its number, its truth."""
    value = given["value"]
    return {"text": to_text(value), "number": number_text(to_number(value)), "truthy": is_truthy(value)}


def _relate(given: Mapping[str, Any]) -> Any:
    """``{"left", "right"}``: which of ``===``, ``<``, ``<=``, ``>``, ``>=`` hold."""
    left, right = given["left"], given["right"]
    equal = ["==="] if strictly_equal(left, right) else []
    return equal + [sign for sign, holds in _RELATIONS.items() if relate(holds, left, right)]


def _attribute(given: Mapping[str, Any]) -> Any:
    """``{"attributes", "path", "hashed"?}``: the value, ``null`` when missing; ``hashed`` as 5.2.5 has it."""
    read = lookup_literal_first if given.get("hashed") else lookup
    return read(given["path"])(given["attributes"])


def _condition(given: Mapping[str, Any]) -> Any:
    """``{"condition", "attributes", "groups"?}``: whether it holds."""
    return compile_condition(given["condition"], given.get("groups", {})).matches(given["attributes"])


def _condition_steps(given: Mapping[str, Any]) -> Any:
    condition = compile_condition(given["condition"], given.get("groups", {}))
    read = {path: lookup(path)(given["attributes"]) for path in sorted(condition.paths)}
    return {"attributes read": read, "not understood": condition.problems}


def _regex(given: Mapping[str, Any]) -> Any:
    """``{"pattern", "value", "ignore_case"?}``: whether it is found.

    Refused as ``SLOW_PATTERN`` or ``UNFIT_PATTERN``.
    """
    try:
        pattern = compile_pattern(given["pattern"], ignore_case=given.get("ignore_case", False))
    except UnfitPattern as unfit:
        raise Refused(_code(unfit)) from unfit
    return pattern.searches(given["value"])


def _regex_bound(given: Mapping[str, Any]) -> Any:
    """``{"pattern"}``: its choices, its power and the longest text that is searched."""
    try:
        portable = read_pattern(code_units(given["pattern"]))
    except UnfitPattern as unfit:
        raise Refused(_code(unfit)) from unfit
    return {"choices": portable.choices, "power": portable.power, "longest": portable.longest}


def _code(unfit: UnfitPattern) -> str:
    return "SLOW_PATTERN" if isinstance(unfit, SlowPattern) else "UNFIT_PATTERN"


OPERATIONS: Final[Mapping[str, Operation]] = {
    "coerce": _coerce,
    "relate": _relate,
    "attribute": _attribute,
    "condition": _condition,
    "regex": _regex,
    "regex-bound": _regex_bound,
}
STEPS: Final[Mapping[str, Operation]] = {"condition": _condition_steps, "regex": _regex_bound}

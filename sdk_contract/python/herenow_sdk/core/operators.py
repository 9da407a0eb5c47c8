"""The operators of the condition language, as a table from name to builder.

A builder takes what stands beside the operator, once, and returns the test that runs for every
evaluation. Expected values are prepared here (sets hashed, versions padded, patterns compiled), so a
test only reads the attribute. Semantics: GrowthBook SDK specification 0.8.0; where it would throw
(an unreadable pattern, a wrong shape) the test is ``never``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from herenow_sdk.core.patterns import UnfitPattern, compile_pattern
from herenow_sdk.core.values import (
    identity_key,
    identity_keys,
    is_array,
    is_number,
    is_truthy,
    relate,
    strictly_equal,
    to_text,
)
from herenow_sdk.core.versions import padded_version, version_key

Test = Callable[[Any], bool]
"""Judges one attribute value, or a whole attributes object."""


class Compiler(Protocol):
    """What an operator may ask of the condition being compiled."""

    def value_test(self, raw: Any, *, ignore_case: bool = False) -> Test:
        """The test of one value against a literal or an operator object."""

    def element_test(self, raw: Mapping[str, Any]) -> Test:
        """The test of an array's element against a condition or an operator object."""

    def group(self, name: Any) -> frozenset[Any] | None:
        """The identity keys of a saved group: empty when there is none of that name, ``None`` for no list."""

    def refuse(self, problem: str) -> Test:
        """Reports the problem and returns ``never``."""


Builder = Callable[[Any, Compiler], Test]


def never(_: Any) -> bool:
    """The test that nothing passes."""
    return False


def _equal(expected: Any, _: Compiler) -> Test:
    return lambda value: strictly_equal(value, expected)


def _exists(expected: Any, _: Compiler) -> Test:
    wanted = is_truthy(expected)
    return lambda value: (value is not None) is wanted


def _related(holds: Callable[[Any, Any], bool]) -> Builder:
    def build(expected: Any, _: Compiler) -> Test:
        if is_number(expected):
            return lambda value: (
                holds(value, expected) if type(value) is int else relate(holds, value, expected)
            )
        return lambda value: relate(holds, value, expected)

    return build


def _version_related(holds: Callable[[Any, Any], bool]) -> Builder:
    def build(expected: Any, _: Compiler) -> Test:
        key = version_key(expected)
        return lambda value: holds(version_key(value), key)

    return build


def _version_equal(expected: Any, _: Compiler) -> Test:
    padded = padded_version(expected)
    return lambda value: padded_version(value) == padded


def _negated(builder: Builder) -> Builder:
    def build(expected: Any, compiler: Compiler) -> Test:
        test = builder(expected, compiler)
        return lambda value: not test(value)

    return build


def membership(keys: frozenset[Any]) -> Test:
    """The test of a value, or of any element of an array, against identity keys."""

    def test(value: Any) -> bool:
        if type(value) is str:
            return value in keys
        if not is_array(value):
            return identity_key(value) in keys
        for element in value:  # noqa: SIM110 - a generator would double the cost of a hot path
            if (element if type(element) is str else identity_key(element)) in keys:
                return True
        return False

    return test


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _folded_membership(keys: frozenset[Any]) -> Test:
    member = membership(keys)
    return lambda value: member([_folded(part) for part in value] if is_array(value) else _folded(value))


def _any_of(*, ignore_case: bool, negate: bool) -> Builder:
    def build(expected: Any, compiler: Compiler) -> Test:
        if not is_array(expected):  # both the operator and its negation fail on a wrong shape
            return compiler.refuse("an array of values was expected")
        if ignore_case:
            member = _folded_membership(identity_keys(map(_folded, expected)))
        else:
            member = membership(identity_keys(expected))
        return (lambda value: not member(value)) if negate else member

    return build


def _in_group(*, negate: bool) -> Builder:
    def build(expected: Any, compiler: Compiler) -> Test:
        members = compiler.group(expected)
        if members is None:
            return compiler.refuse("the saved group is not a list")
        test = membership(members)
        return (lambda value: not test(value)) if negate else test

    return build


def _all_of(*, ignore_case: bool) -> Builder:
    def build(expected: Any, compiler: Compiler) -> Test:
        if not is_array(expected):
            return compiler.refuse("an array of values was expected")
        tests = tuple(compiler.value_test(part, ignore_case=ignore_case) for part in expected)
        return lambda value: is_array(value) and all(any(map(test, value)) for test in tests)

    return build


def _size(expected: Any, compiler: Compiler) -> Test:
    test = compiler.value_test(expected)
    return lambda value: is_array(value) and test(len(value))


def _element_match(expected: Any, compiler: Compiler) -> Test:
    if not isinstance(expected, Mapping):
        return compiler.refuse("$elemMatch takes a condition")
    test = compiler.element_test(expected)
    return lambda value: is_array(value) and any(part is not None and test(part) for part in value)


def _pattern(*, ignore_case: bool) -> Builder:
    def build(expected: Any, compiler: Compiler) -> Test:
        if not isinstance(expected, str):
            return compiler.refuse("a regular expression is a text")
        try:
            return compile_pattern(expected, ignore_case=ignore_case).searches
        except UnfitPattern as unfit:
            return compiler.refuse(f"the regular expression cannot be used: {unfit}")

    return build


def type_name(value: Any) -> str:
    """The name ``$type`` knows a value by (an absent attribute reads as ``null``)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if is_number(value):
        return "number"
    return "array" if is_array(value) else "object"


def _type(expected: Any, _: Compiler) -> Test:
    return lambda value: type_name(value) == expected


def _not(expected: Any, compiler: Compiler) -> Test:
    test = compiler.value_test(expected)
    return lambda value: not test(value)


OPERATORS: Final[Mapping[str, Builder]] = {
    "$eq": _equal,
    "$ne": _negated(_equal),
    "$lt": _related(operator.lt),
    "$lte": _related(operator.le),
    "$gt": _related(operator.gt),
    "$gte": _related(operator.ge),
    "$exists": _exists,
    "$in": _any_of(ignore_case=False, negate=False),
    "$nin": _any_of(ignore_case=False, negate=True),
    "$ini": _any_of(ignore_case=True, negate=False),
    "$nini": _any_of(ignore_case=True, negate=True),
    "$inGroup": _in_group(negate=False),
    "$notInGroup": _in_group(negate=True),
    "$all": _all_of(ignore_case=False),
    "$alli": _all_of(ignore_case=True),
    "$size": _size,
    "$elemMatch": _element_match,
    "$regex": _pattern(ignore_case=False),
    "$regexi": _pattern(ignore_case=True),
    "$type": _type,
    "$not": _not,
    "$veq": _version_equal,
    "$vne": _negated(_version_equal),
    "$vgt": _version_related(operator.gt),
    "$vgte": _version_related(operator.ge),
    "$vlt": _version_related(operator.lt),
    "$vlte": _version_related(operator.le),
}


def literal_text(expected: str, *, ignore_case: bool) -> Test:
    """Equality with a text: the value is compared as text, so 5 equals ``"5"``."""
    if ignore_case:
        folded = expected.lower()
        return lambda value: to_text(value).lower() == folded
    return lambda value: (value if type(value) is str else to_text(value)) == expected

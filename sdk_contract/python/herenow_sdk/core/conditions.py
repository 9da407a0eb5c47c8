"""Conditions over attributes, compiled once into closures.

A condition is a JSON object: every key is a dotted attribute path or one of ``$and``, ``$or``,
``$nor``, ``$not``, and all of them must hold. Beside a path stands a literal (compared with
JavaScript's coercions, see ``values``) or an object of operators (see ``operators``).

Compiling never raises. What cannot be understood is listed in ``problems`` and never matches: a part
of the wrong shape fails, closed, where a lenient reader would let everybody through. Authoring refuses
such conditions; on a device they can only come from damage.

>>> at_noon = compile_condition({"now.hour": {"$gte": 11, "$lt": 15}, "device.class": "phone"})
>>> at_noon.matches({"now": {"hour": 12}, "device": {"class": "phone"}})
True
>>> sorted(at_noon.paths)
['device.class', 'now.hour']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.operators import OPERATORS, Test, literal_text, membership, never
from herenow_sdk.core.paths import lookup
from herenow_sdk.core.values import (
    MAX_DEPTH,
    identity_keys,
    is_array,
    is_number,
    is_truthy,
    json_text,
    to_double,
    to_number,
    to_text,
)

MAX_CONDITION_DEPTH: Final = MAX_DEPTH // 2
"""Levels of nesting a condition may have; deeper parts never match."""

MAX_GROUP_REFERENCES: Final = 200
"""References to saved groups in one condition, those within groups counted; further ones match nobody."""

_NO_GROUPS: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition.

    ``raw`` is the JSON it came from, ``paths`` every attribute path it reads, ``problems`` what could
    not be understood, each with where. ``test`` is ``matches`` without the method call.
    """

    raw: Any
    paths: frozenset[str]
    problems: tuple[str, ...]
    test: Test = field(repr=False, compare=False)

    def matches(self, attributes: Mapping[str, Any]) -> bool:
        """Whether the attributes satisfy the condition. Never raises."""
        return self.test(attributes)


def compile_condition(raw: Any, saved_groups: Mapping[str, Any] = _NO_GROUPS) -> Condition:
    """Compile the JSON of a condition; ``saved_groups`` maps a group's id to the group.

    A group is an array of values, ``{"type": "list", "attributeKey", "values"}`` or ``{"type": "condition",
    "condition"}``.
    """
    compilation = _Compilation(saved_groups)
    test = compilation.condition(raw)
    return Condition(raw, frozenset(compilation.paths), tuple(compilation.problems), test)


class _Compilation:
    """One run of the compiler: what it has found so far, and where it is."""

    def __init__(self, saved_groups: Mapping[str, Any]) -> None:
        self.paths: set[str] = set()
        self.problems: list[str] = []
        self._saved_groups = saved_groups
        self._trail: list[str] = []
        self._references = 0
        self._resolving: list[str] = []
        self._elements = 0  # how many $elemMatch surround us: paths in there are the element's own

    def condition(self, raw: Any) -> Test:
        """The test of an attributes object against a condition."""
        if not isinstance(raw, Mapping):
            return self.refuse("a condition is an object")
        return _every([self._within(self._clause, key, part) for key, part in raw.items()])

    def value_test(self, raw: Any, *, ignore_case: bool = False) -> Test:
        """The test of one value against a literal or an operator object."""
        if isinstance(raw, str):
            return literal_text(raw, ignore_case=ignore_case)
        if isinstance(raw, bool):
            return lambda value: value is not None and is_truthy(value) is raw
        if raw is None:
            return lambda value: value is None
        if is_number(raw):
            expected = to_double(raw)
            return lambda value: to_number(value) == expected
        if _is_operator_object(raw):
            return _every([self._within(self._operator, key, part) for key, part in raw.items()])
        text = json_text(raw)
        return lambda value: json_text(value) == text

    def element_test(self, raw: Mapping[str, Any]) -> Test:
        """The test of an array's element, whose paths are its own."""
        self._elements += 1
        try:
            return self.value_test(raw) if _is_operator_object(raw) else self.condition(raw)
        finally:
            self._elements -= 1

    def group(self, name: Any) -> frozenset[Any] | None:
        """The identity keys of a saved group: empty for an unknown one, ``None`` for one that is no list."""
        entry = self._saved_groups.get(to_text(name), ())
        if isinstance(entry, Mapping) and entry.get("type") == "list":
            entry = entry.get("values")
        return identity_keys(entry) if is_array(entry) else None

    def refuse(self, problem: str) -> Test:
        """Notes the problem; the part never matches."""
        self.problems.append(f"{'/'.join(self._trail)}: {problem}" if self._trail else problem)
        return never

    def _clause(self, key: str, raw: Any) -> Test:
        if key == "$not":
            return _none([self.condition(raw)]) if isinstance(raw, Mapping) else self.condition(raw)
        if key == "$savedGroup":
            return self._saved_group(raw)
        if key in _JUNCTIONS:
            if not is_array(raw):
                return self.refuse("an array of conditions was expected")
            return _JUNCTIONS[key]([self.condition(part) for part in raw])
        if not self._elements:
            self.paths.add(key)
        return _reading(key, self.value_test(raw))

    def _saved_group(self, reference: Any) -> Test:
        """Who belongs to a typed group; nobody where the reference leads nowhere, or back to itself."""
        if not isinstance(reference, Mapping) or not isinstance(reference.get("id"), str):
            return self.refuse("a saved group is referred to by its id")
        name = reference["id"]
        entry = self._saved_groups.get(name)
        self._references += 1
        if name in self._resolving or self._references > MAX_GROUP_REFERENCES:
            return self.refuse("saved groups refer to each other in a circle, or too often")
        if not isinstance(entry, Mapping):
            return self.refuse("there is no such saved group")
        if entry.get("type") == "list":
            return self._listed(reference.get("attributeKey", entry.get("attributeKey")), entry.get("values"))
        if entry.get("type") != "condition" or not isinstance(entry.get("condition"), Mapping):
            return self.refuse("the saved group is neither a list nor a condition")
        self._resolving.append(name)
        try:
            return self.condition(entry["condition"])
        finally:
            self._resolving.pop()

    def _listed(self, attribute: Any, values: Any) -> Test:
        if not isinstance(attribute, str) or not is_array(values):
            return self.refuse("a saved group of type list needs an attribute and values")
        if not self._elements:
            self.paths.add(attribute)
        return _reading(attribute, membership(identity_keys(values)))

    def _operator(self, name: str, expected: Any) -> Test:
        builder = OPERATORS.get(name)
        if builder is None:
            return self.refuse("there is no such operator")
        return builder(expected, self)

    def _within(self, compile_part: Callable[[str, Any], Test], key: str, raw: Any) -> Test:
        if len(self._trail) >= MAX_CONDITION_DEPTH:
            return self.refuse(f"nested deeper than {MAX_CONDITION_DEPTH} levels")
        self._trail.append(key)
        try:
            return compile_part(key, raw)
        finally:
            self._trail.pop()


def _reading(path: str, test: Test) -> Test:
    read = lookup(path)
    parts = path.split(".")
    if len(parts) > 2:
        return lambda attributes: test(read(attributes))
    # nearly all paths have one or two parts: reading those in place saves a call for each clause
    head, tail = parts[0], parts[-1]
    if len(parts) == 1:
        return lambda attributes: test(attributes.get(head) if type(attributes) is dict else read(attributes))

    def clause(attributes: Any) -> bool:
        if type(attributes) is dict:
            outer = attributes.get(head)
            if type(outer) is dict:
                return test(outer.get(tail))
        return test(read(attributes))

    return clause


def _is_operator_object(raw: Any) -> bool:
    return isinstance(raw, Mapping) and bool(raw) and all(key.startswith("$") for key in raw)


def _every(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda value: first(value) and second(value)
    return lambda value: all(test(value) for test in tests)


def _some(tests: list[Test]) -> Test:
    if not tests:
        return lambda _: True  # an empty $or holds
    return lambda value: any(test(value) for test in tests)


def _none(tests: list[Test]) -> Test:
    some = _some(tests)
    return lambda value: not some(value)


_JUNCTIONS: Final[Mapping[str, Callable[[list[Test]], Test]]] = {"$and": _every, "$or": _some, "$nor": _none}

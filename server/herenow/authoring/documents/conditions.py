"""The grammar of conditions: which operators there are and what may stand behind each.

GrowthBook's conditions with nothing left to luck: where its evaluator quietly answers false (an unknown
operator, ``$in`` without a list, an empty object), a document is refused, since nobody ever means that.
Saved groups are left out: an audience is their named form here.

What a condition *means* (are its attributes known, can it ever match?) needs other documents, so that is
validation's part. The semantics themselves are the evaluator's, in ``herenow_sdk.core.conditions``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from marshmallow import ValidationError

from herenow.authoring.documents.faults import Fault, Path, name_of_type, one_of, unknown
from herenow.authoring.documents.values import Definitions, Described, JsonSchema

LOGICAL: Final = ("$and", "$or", "$nor", "$not")
_TYPES: Final = ("string", "number", "boolean", "array", "object", "null", "undefined")

_EXAMPLES: Final[Mapping[str, tuple[str, Any]]] = {
    "$eq": ("Equal, without any conversion.", "en-IN"),
    "$ne": ("Not equal.", "en-IN"),
    "$lt": ("Less than.", 600),
    "$lte": ("At most.", 7),
    "$gt": ("More than.", 3),
    "$gte": ("At least.", 3),
    "$exists": ("Whether the attribute has a value.", True),
    "$in": ("Any of these; for an attribute with several values, at least one in common.", ["burger"]),
    "$nin": ("None of these.", ["burger"]),
    "$ini": ("Any of these, whatever the case.", ["Burger"]),
    "$nini": ("None of these, whatever the case.", ["Burger"]),
    "$all": ("The list attribute holds all of these.", ["burger", "vegan"]),
    "$alli": ("The list attribute holds all of these, whatever the case.", ["Burger", "Vegan"]),
    "$size": ("The list attribute has this many values.", {"$gte": 2}),
    "$elemMatch": ("A value of the list attribute matches.", {"$regex": "^burger"}),
    "$regex": ("The text matches this regular expression anywhere.", "^Kandivali"),
    "$regexi": ("As $regex, whatever the case.", "^kandivali"),
    "$type": ("The attribute is of this JSON type.", "string"),
    "$not": ("The opposite.", {"$in": ["burger"]}),
    "$veq": ("The same version.", "3.2.1"),
    "$vne": ("Another version.", "3.2.1"),
    "$vgt": ("A later version.", "3.2.1"),
    "$vgte": ("This version or later.", "3.2.1"),
    "$vlt": ("An earlier version.", "3.2.1"),
    "$vlte": ("This version or earlier.", "3.2.1"),
}
OPERATORS: Final = tuple(_EXAMPLES)

_SCALAR: Final[JsonSchema] = {"type": ["string", "number", "boolean", "null"]}
_COMPARABLE: Final[JsonSchema] = {"type": ["string", "number"]}
_SCALARS: Final[JsonSchema] = {"type": "array", "minItems": 1, "items": _SCALAR}
_PATTERN: Final[JsonSchema] = {"type": "string", "minLength": 1, "maxLength": 500}
_VERSION: Final[JsonSchema] = {"type": "string", "minLength": 1, "maxLength": 100}


class Condition(Described):
    """A condition over attributes: members are joined with "and"."""

    expected = 'a condition such as {"intent.category": {"$in": ["burger"]}}'

    def json_schema(self, definitions: Definitions) -> JsonSchema:
        """A reference to the recursive definition."""
        return definitions.reference("condition", condition_schema(definitions))

    def check(self, value: Any) -> None:
        """Raise every fault of the grammar, each at its path."""
        errors: dict[Any, Any] = {}
        for path, fault in condition_faults(value):
            if not path:
                raise fault.error()
            below = errors
            for step in path[:-1]:
                below = below.setdefault(step, {})
            below[path[-1]] = [fault]
        if errors:
            raise ValidationError(errors)


def condition_faults(condition: Any) -> Iterator[tuple[Path, Fault]]:
    """The faults of a condition, with paths inside it."""
    if not isinstance(condition, dict):
        yield (), Fault("WRONG_TYPE", f"{name_of_type(condition)} stands here", Condition.expected)
        return
    for key, value in condition.items():
        if key == "$not":
            yield from _below(key, condition_faults(value))
        elif key in LOGICAL:
            yield from _below(key, _list_faults(value, condition_faults, "a list of conditions"))
        elif key.startswith("$") or not key:
            yield (key,), _misplaced(key)
        else:
            yield from _below(key, operand_faults(value))


def operand_faults(operand: Any) -> Iterator[tuple[Path, Fault]]:
    """The faults of what stands behind an attribute: a value, a list of values or operators."""
    if isinstance(operand, dict):
        yield from _operators_faults(operand)
    elif isinstance(operand, list):
        yield from _list_faults(operand, _scalar_faults, "a list of values")


def is_operators(operand: Any) -> bool:
    """Whether an operand is an object of operators, rather than a literal."""
    return isinstance(operand, dict) and any(key.startswith("$") for key in operand)


def _operators_faults(operators: Mapping[str, Any]) -> Iterator[tuple[Path, Fault]]:
    if not operators:
        yield (), Fault("EMPTY_CONDITION", "an empty object matches nothing", one_of(OPERATORS))
    for operator, operand in operators.items():
        if operator not in _OPERANDS:
            yield (operator,), unknown("UNKNOWN_OPERATOR", "operator", operator, OPERATORS)
        else:
            yield from _below(operator, _OPERANDS[operator](operand))


def _misplaced(key: str) -> Fault:
    if key in OPERATORS:
        return Fault("MISPLACED_OPERATOR", f"'{key}' belongs behind an attribute", '{"attribute": {"$…": …}}')
    return unknown("UNKNOWN_OPERATOR", "operator", key, LOGICAL)


def _list_faults(
    values: Any, faults: Callable[[Any], Iterator[tuple[Path, Fault]]], expected: str
) -> Iterator[tuple[Path, Fault]]:
    if not isinstance(values, list):
        yield (), Fault("WRONG_OPERAND", f"{name_of_type(values)} stands here", expected)
    elif not values:
        yield (), Fault("EMPTY_LIST", "an empty list decides nothing", f"{expected}, at least one")
    else:
        for index, value in enumerate(values):
            yield from _below(index, faults(value))


def _below(step: str | int, faults: Iterator[tuple[Path, Fault]]) -> Iterator[tuple[Path, Fault]]:
    for path, fault in faults:
        yield (step, *path), fault


def _scalar_faults(value: Any) -> Iterator[tuple[Path, Fault]]:
    if isinstance(value, dict | list):
        expected = "a string, a number, true, false or null"
        yield (), Fault("WRONG_OPERAND", f"{name_of_type(value)} stands here", expected)


def _scalars_faults(values: Any) -> Iterator[tuple[Path, Fault]]:
    return _list_faults(values, _scalar_faults, "a list of values")


def _comparable_faults(value: Any) -> Iterator[tuple[Path, Fault]]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        yield (), Fault("WRONG_OPERAND", f"{name_of_type(value)} stands here", "a number or a string")


def _flag_faults(value: Any) -> Iterator[tuple[Path, Fault]]:
    if not isinstance(value, bool):
        yield (), Fault("WRONG_OPERAND", f"{name_of_type(value)} stands here", "true or false")


def _text_faults(expected: str, maximum: int) -> Callable[[Any], Iterator[tuple[Path, Fault]]]:
    def faults(value: Any) -> Iterator[tuple[Path, Fault]]:
        if not isinstance(value, str) or not 1 <= len(value) <= maximum:
            wanted = f"{expected} of 1 to {maximum} characters"
            yield (), Fault("WRONG_OPERAND", f"{name_of_type(value)} stands here", wanted)

    return faults


def _type_faults(value: Any) -> Iterator[tuple[Path, Fault]]:
    if not isinstance(value, str) or value not in _TYPES:
        yield (), unknown("WRONG_OPERAND", "JSON type", str(value), _TYPES)


def _not_faults(value: Any) -> Iterator[tuple[Path, Fault]]:
    return operand_faults(value)


def _nested_faults(value: Any) -> Iterator[tuple[Path, Fault]]:
    """Behind ``$elemMatch``: operators for plain values, a condition for objects."""
    if isinstance(value, dict) and any(key in _OPERANDS and key != "$not" for key in value):
        return _operators_faults(value)
    if isinstance(value, dict) and set(value) == {"$not"} and not list(_operators_faults(value)):
        return iter(())
    return condition_faults(value)


def _size_faults(value: Any) -> Iterator[tuple[Path, Fault]]:
    if isinstance(value, dict):
        yield from _operators_faults(value)
    elif isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        yield (), Fault("WRONG_OPERAND", f"{name_of_type(value)} stands here", "a whole number, or operators")


_OPERANDS: Final[Mapping[str, Callable[[Any], Iterator[tuple[Path, Fault]]]]] = {
    **dict.fromkeys(("$eq", "$ne"), _scalar_faults),
    **dict.fromkeys(("$lt", "$lte", "$gt", "$gte"), _comparable_faults),
    **dict.fromkeys(("$in", "$nin", "$ini", "$nini", "$all", "$alli"), _scalars_faults),
    **dict.fromkeys(("$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte"), _text_faults("a version", 100)),
    **dict.fromkeys(("$regex", "$regexi"), _text_faults("a regular expression", 500)),
    "$exists": _flag_faults,
    "$size": _size_faults,
    "$elemMatch": _nested_faults,
    "$type": _type_faults,
    "$not": _not_faults,
}


def condition_schema(definitions: Definitions) -> JsonSchema:
    """The recursive JSON Schema of a condition."""
    here = {"$ref": "#/$defs/condition"}
    several = {"type": "array", "minItems": 1, "items": here}
    operand = definitions.reference("operand", _operand_schema(definitions))
    example = {"now.hour": {"$gte": 11}}
    return {
        "type": "object",
        "title": "a condition over attributes",
        "properties": {
            "$and": {**several, "description": "All of these hold.", "examples": [[example]]},
            "$or": {**several, "description": "At least one of these holds.", "examples": [[example]]},
            "$nor": {**several, "description": "None of these holds.", "examples": [[example]]},
            "$not": {**here, "description": "This does not hold.", "examples": [example]},
        },
        "patternProperties": {"^[^$]": operand},
        "additionalProperties": False,
    }


def _operand_schema(definitions: Definitions) -> JsonSchema:
    operators = definitions.reference("operators", _operators_schema())
    return {"anyOf": [_SCALAR, _SCALARS, operators], "title": "a value, a list of values or operators"}


def _operators_schema() -> JsonSchema:
    operators, condition = {"$ref": "#/$defs/operators"}, {"$ref": "#/$defs/condition"}
    shapes: dict[str, JsonSchema] = {
        **dict.fromkeys(("$eq", "$ne"), _SCALAR),
        **dict.fromkeys(("$lt", "$lte", "$gt", "$gte"), _COMPARABLE),
        **dict.fromkeys(("$in", "$nin", "$ini", "$nini", "$all", "$alli"), _SCALARS),
        **dict.fromkeys(("$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte"), _VERSION),
        **dict.fromkeys(("$regex", "$regexi"), _PATTERN),
        "$exists": {"type": "boolean"},
        "$size": {"anyOf": [{"type": "integer", "minimum": 0}, operators]},
        "$elemMatch": {"anyOf": [operators, condition]},
        "$type": {"enum": list(_TYPES)},
        "$not": {"$ref": "#/$defs/operand"},
    }
    properties = {
        operator: {**shapes[operator], "description": description, "examples": [example]}
        for operator, (description, example) in _EXAMPLES.items()
    }
    return {
        "type": "object",
        "title": "operators",
        "properties": properties,
        "minProperties": 1,
        "additionalProperties": False,
    }

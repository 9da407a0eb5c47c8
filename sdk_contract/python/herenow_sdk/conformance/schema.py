"""Holds a document against a JSON Schema: as much of draft 2020-12 as our own schemas use, no more.

The schemas are published beside the vectors for everybody's validator. This one exists because the
package depends on nothing; the tests hold its verdicts against a complete validator's. A keyword it
does not know is an error, for a check that checks nothing is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from herenow_sdk.conformance.strict_json import canonical

Schema = Mapping[str, Any]


def violations(value: Any, schema: Schema, root: Schema | None = None, at: str = "") -> Iterator[str]:
    """What is wrong, each with the JSON pointer of the place; nothing for a valid document.

    ``root`` holds the ``$defs`` that ``$ref`` names. Raises ``KeyError`` for a keyword unknown here.
    """
    root = schema if root is None else root
    for keyword, operand in schema.items():
        if keyword == "$ref":
            yield from violations(value, root["$defs"][operand.rpartition("/")[2]], root, at)
        elif keyword in _NESTED:
            yield from _NESTED[keyword](value, operand, schema, root, at)
        elif keyword not in _ANNOTATIONS and (fault := _FLAT[keyword](value, operand)):
            yield f"{at or '/'}: {fault}"


_ANNOTATIONS: Final = {"$schema", "$defs", "title", "description"}

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def _type(value: Any, expected: str | list[str]) -> str | None:
    names = [expected] if isinstance(expected, str) else expected
    if any(_is(value, name) for name in names):
        return None
    return f"must be of type {' or '.join(names)}"


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def _enum(value: Any, allowed: list[Any]) -> str | None:
    if any(canonical(value) == canonical(each) for each in allowed):
        return None
    return f"must be one of {canonical(allowed)}"


def _required(value: Any, names: list[str]) -> str | None:
    missing = [name for name in names if isinstance(value, dict) and name not in value]
    return f"lacks {', '.join(missing)}" if missing else None


def _pattern(value: Any, pattern: str) -> str | None:
    if not isinstance(value, str) or re.search(pattern.replace("$", r"\Z"), value):
        return None
    return f"{value!r} must match {pattern}"


def _min_length(value: Any, least: int) -> str | None:
    short = isinstance(value, str) and len(value) < least
    return f"must have {least} characters at least" if short else None


def _min_items(value: Any, least: int) -> str | None:
    return f"must have {least} items at least" if isinstance(value, list) and len(value) < least else None


def _minimum(value: Any, least: int) -> str | None:
    return f"must be {least} at least" if _is(value, "integer") and value < least else None


def _unique(value: Any, operand: bool) -> str | None:  # noqa: FBT001 - the keyword's operand
    twice = operand and isinstance(value, list) and len({canonical(item) for item in value}) < len(value)
    return "must not hold the same item twice" if twice else None


_FLAT: Final[Mapping[str, Callable[[Any, Any], str | None]]] = {
    "type": _type,
    "enum": _enum,
    "required": _required,
    "pattern": _pattern,
    "minLength": _min_length,
    "minItems": _min_items,
    "minimum": _minimum,
    "uniqueItems": _unique,
}


def _properties(value: Any, operand: Schema, _schema: Schema, root: Schema, at: str) -> Iterator[str]:
    for name, each in operand.items():
        if isinstance(value, dict) and name in value:
            yield from violations(value[name], each, root, f"{at}/{name}")


def _additional(value: Any, operand: Any, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        if name in schema.get("properties", {}):
            continue
        if operand is False:
            yield f"{at or '/'}: {name!r} is not known here"
        else:
            yield from violations(value[name], operand, root, f"{at}/{name}")


def _names(value: Any, operand: Schema, _schema: Schema, root: Schema, at: str) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        yield from violations(name, operand, root, f"{at}/{name}")


def _items(value: Any, operand: Schema, _schema: Schema, root: Schema, at: str) -> Iterator[str]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from violations(item, operand, root, f"{at}/{index}")


def _one_of(value: Any, operand: list[Schema], _schema: Schema, root: Schema, at: str) -> Iterator[str]:
    fitting = sum(not any(violations(value, each, root, at)) for each in operand)
    if fitting != 1:
        yield f"{at or '/'}: must fit exactly one of {canonical(operand)}, fits {fitting}"


_NESTED: Final[Mapping[str, Callable[[Any, Any, Schema, Schema, str], Iterator[str]]]] = {
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "oneOf": _one_of,
}

"""JSON values seen the way JavaScript sees them.

The condition language grew up in JavaScript, and its phones still evaluate it there or in a port of
it. So ``"5"`` equals the number 5, a missing number counts as 0, and text is ordered by UTF-16 code
units. These few coercions are the whole of that inheritance; every other module asks here and stays
plain Python.

A JSON value is ``dict | list | str | int | float | bool | None`` (a tuple counts as a list). Nothing
here raises, whatever it is given: what is nested deeper than ``MAX_DEPTH`` reads as an opaque object.
Source of each rule: ECMA-262 (abstract operations ToString, ToNumber, IsLessThan).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

MAX_DEPTH: Final = 48
"""Deeper nesting is never meant; the bound keeps hostile input from exhausting the stack."""

# tuples, because a union written in place would be built anew at every call
_NUMBERS: Final = (int, float)
_ARRAYS: Final = (list, tuple)
_CONTAINERS: Final = (dict, list, tuple, Mapping)

_SAFE_INTEGER: Final = 2**53
_OBJECT_TEXT: Final = "[object Object]"
_SPACE: Final = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INFINITY: Final = re.compile(r"[+-]?Infinity")
_RADIX: Final = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_ARRAY_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


def is_array(value: Any) -> bool:
    """Whether the value is a JSON array."""
    return isinstance(value, _ARRAYS)


def is_number(value: Any) -> bool:
    """Whether the value is a JSON number (in Python a boolean is an ``int``; here it is not)."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Whether the value is a number without a fraction that every language holds exactly (2.0 is 2)."""
    return is_number(value) and abs(value) < _SAFE_INTEGER and value == int(value)


def is_truthy(value: Any) -> bool:
    """JavaScript truth: ``null``, ``false``, 0, NaN and ``""`` are false; empty containers are true."""
    if not value:
        return isinstance(value, _CONTAINERS)
    return bool(value == value)  # NaN is unequal to itself


def to_double(value: float) -> float:
    """The number as an IEEE double would hold it; integers up to 2**53 stay ``int``."""
    if isinstance(value, int) and not -_SAFE_INTEGER <= value <= _SAFE_INTEGER:
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return value


def to_text(value: Any, depth: int = 0) -> str:
    """``String(value)``: arrays join with commas, objects all look alike."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _NUMBERS):
        return number_text(value)
    if is_array(value) and depth < MAX_DEPTH:
        return ",".join(["" if part is None else to_text(part, depth + 1) for part in value])
    return _OBJECT_TEXT


def number_text(value: float) -> str:
    """``Number.prototype.toString``: shortest digits, exponent only below 1e-6 and from 1e21 on.

    >>> number_text(1.0), number_text(1e-7), number_text(123456789012345680000.0)
    ('1', '1e-7', '123456789012345680000')
    """
    value = to_double(value)
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if value == 0:
        return "0"
    return _float_text(value)


def _float_text(value: float) -> str:
    sign, digit_tuple, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + int(exponent)
    if point > 21 or point < -5:
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        text = f"{mantissa}e{point - 1:+d}"
    elif point <= 0:
        text = "0." + "0" * -point + digits
    elif point >= len(digits):
        text = digits + "0" * (point - len(digits))
    else:
        text = digits[:point] + "." + digits[point:]
    return "-" + text if sign else text


def to_number(value: Any) -> float:
    """``Number(value)``: ``null`` and ``""`` are 0, what is no number is NaN."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, _NUMBERS):
        return to_double(value)
    if is_array(value):
        value = to_text(value)
    return _text_to_number(value) if isinstance(value, str) else math.nan


def _text_to_number(text: str) -> float:
    text = text.strip(_SPACE)
    if not text:
        return 0
    if _DECIMAL.fullmatch(text) or _INFINITY.fullmatch(text):
        return float(text)
    if _RADIX.fullmatch(text):
        return to_double(int(text, 0))
    return math.nan


def utf16_key(text: str) -> bytes:
    """A key that orders text by UTF-16 code units (Python orders by code point)."""
    return text.encode("utf-16-be", "surrogatepass")


def relate(holds: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    """``left holds right`` for one of ``<``, ``<=``, ``>``, ``>=``, given as the ``operator`` function.

    Two texts compare as text; everything else as numbers, where NaN relates to nothing.
    """
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return holds(utf16_key(left), utf16_key(right))
    return holds(to_number(left), to_number(right))


def _primitive(value: Any) -> Any:
    return to_text(value) if isinstance(value, _CONTAINERS) else value


_UNEQUAL: Final = object()


def identity_key(value: Any) -> Any:
    """A hashable key under which two values are equal exactly when JavaScript's ``===`` says so.

    Containers are equal to nothing there (two parses are two objects), and so is NaN; both get a
    key that ``is_member`` refuses.
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, _NUMBERS) and value == value:
        return to_double(value)
    return _UNEQUAL


def identity_keys(values: Any) -> frozenset[Any]:
    """The identity keys of an array, for ``is_member``."""
    return frozenset(identity_key(value) for value in values) - {_UNEQUAL}


def strictly_equal(left: Any, right: Any) -> bool:
    """``left === right``."""
    key = identity_key(left)
    return key is not _UNEQUAL and bool(key == identity_key(right))


def json_text(value: Any, depth: int = 0) -> str:
    """``JSON.stringify(value)``: key order counts, except that array-index keys come first, ascending."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        pairs = [f"{json.dumps(key)}:{json_text(value[key], depth + 1)}" for key in _own_keys(value)]
        return "{" + ",".join(pairs) + "}"
    if is_array(value) and depth < MAX_DEPTH:
        return "[" + ",".join([json_text(part, depth + 1) for part in value]) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return to_text(value, depth)


def _own_keys(value: Mapping[str, Any]) -> list[str]:
    indexes = sorted((key for key in value if _ARRAY_INDEX.fullmatch(key)), key=int)
    return indexes + [key for key in value if not _ARRAY_INDEX.fullmatch(key)]

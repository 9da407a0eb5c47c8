"""Typed reads out of untrusted JSON records.

Each function takes one member of a record and either gives it typed or raises ``Malformed`` saying
which member and what was expected. ``null`` counts as absent everywhere. Only ``bundle`` and its parsers
use these; they catch ``Malformed`` record by record.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.values import is_array, is_number

Record = Mapping[str, Any]


class Malformed(ValueError):
    """A record cannot be used; the message says why."""


def record(value: Any, what: str) -> Record:
    """The value as an object."""
    if not isinstance(value, Mapping):
        raise Malformed(f"{what} is not an object")
    return value


def optional_text(source: Record, key: str) -> str | None:
    """A text member, ``None`` when absent. Numbers are taken as their text by no one."""
    value = source.get(key)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"'{key}' is not a text")
    return value


def optional_number(source: Record, key: str) -> float | None:
    """A finite number member."""
    value = source.get(key)
    if value is None:
        return None
    return _finite(value, key)


def integer(source: Record, key: str, default: int | None = None) -> int:
    """An integer member; without a default it is required."""
    value = source.get(key, default)
    number = _finite(default if value is None else value, key)
    if number != int(number):
        raise Malformed(f"'{key}' is not a whole number")
    return int(number)


def array(source: Record, key: str) -> tuple[Any, ...]:
    """An array member, empty when absent."""
    value = source.get(key)
    if value is None:
        return ()
    if not is_array(value):
        raise Malformed(f"'{key}' is not an array")
    return tuple(value)


def optional_array(source: Record, key: str) -> tuple[Any, ...] | None:
    """An array member, ``None`` when absent."""
    return None if source.get(key) is None else array(source, key)


def members(source: Record, key: str) -> Record:
    """An object member, empty when absent."""
    value = source.get(key)
    return {} if value is None else record(value, f"'{key}'")


def bounds(value: Any, key: str) -> tuple[float, float]:
    """A pair of numbers."""
    if not is_array(value) or len(value) != 2:
        raise Malformed(f"'{key}' is not a pair of numbers")
    return _finite(value[0], key), _finite(value[1], key)


def numbers(values: tuple[Any, ...], key: str) -> tuple[float, ...]:
    """An array of numbers."""
    return tuple(_finite(value, key) for value in values)


def _finite(value: Any, key: str) -> float:
    if not is_number(value) or not math.isfinite(_bounded(value)):
        raise Malformed(f"'{key}' is not a number")
    return value  # type: ignore[no-any-return]


def _bounded(value: float) -> float:
    return value if abs(value) <= 2**53 else math.inf

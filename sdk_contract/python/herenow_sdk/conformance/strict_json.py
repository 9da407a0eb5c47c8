"""The JSON that vectors and shims speak, and when two values of it are the same.

It is read as strictly as what devices trust (``core.device.strict_json``), and written in ASCII.
"""

from __future__ import annotations

import json
from typing import Any

from herenow_sdk.core.device.strict_json import MAX_NUMBER, NotStrict
from herenow_sdk.core.device.strict_json import read_value as parse

__all__ = ["MAX_NUMBER", "NotStrict", "canonical", "dump", "parse", "same"]


def dump(value: Any) -> str:
    """One line in ASCII: what an editor or a transfer could normalise is escaped."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def canonical(value: Any) -> str:
    """The same text for the same value, whatever the order of members; 1 and 1.0 stay apart."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal: 1 is 1.0, true is not 1, the order of members is nothing.

    >>> same({"a": 1, "b": [True]}, {"b": [True], "a": 1.0}), same(True, 1), same([], {})
    (True, False, False)
    """
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if _kind(left) is not _kind(right):
        return False
    return bool(left == right)


def _kind(value: Any) -> type:
    if isinstance(value, bool):
        return bool
    return float if isinstance(value, int | float) else type(value)

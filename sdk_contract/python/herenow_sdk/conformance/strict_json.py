"""JSON as every language reads it, and when two JSON values are the same.

Vectors and shims speak the JSON that all parsers agree on: no NaN, no member twice, no number beyond
±(2^53 - 1), where the doubles of JavaScript stop telling neighbours apart (RFC 8259, section 6).
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

MAX_NUMBER: Final = 2**53 - 1
"""The largest magnitude a number may have."""


class NotStrict(ValueError):
    """The text is not JSON that every parser reads alike; the message says where it fails."""


def parse(text: str | bytes) -> Any:
    """The value that the text holds. Raises ``NotStrict``."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_constant,
        )
    except NotStrict:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrict(f"not JSON: {error}") from error


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise NotStrict(f"the member {next(name for name in names if names.count(name) > 1)!r} stands twice")
    return members


def _integer(digits: str) -> int:
    if len(digits) > len(str(MAX_NUMBER)) + 1 or abs(int(digits)) > MAX_NUMBER:
        raise NotStrict(f"the number {digits[:40]} is beyond ±(2^53 - 1)")
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise NotStrict(f"the number {digits[:40]} is beyond ±(2^53 - 1)")
    return value


def _constant(name: str) -> Any:
    raise NotStrict(f"{name} is not JSON")


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

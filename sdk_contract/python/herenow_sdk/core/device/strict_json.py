"""JSON as every parser reads it alike, out of bytes that somebody else wrote.

Two parsers that disagree about a text make two devices that disagree about a decision. So what a device
trusts or keeps is read strictly: UTF-8 without a byte order mark, no member twice (RFC 8259 section 4 leaves
open which one counts), no NaN, no number beyond ±(2^53 - 1), no nesting deeper than ``MAX_DEPTH``.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, TypeGuard

from herenow_sdk.core.values import MAX_DEPTH

MAX_NUMBER: Final = 2**53 - 1
"""The largest magnitude a number may have; beyond, doubles stop telling neighbours apart."""
_LONGEST: Final = len(f"-{MAX_NUMBER}")
_SHOWN: Final = 40


class NotStrict(ValueError):
    """The bytes are not strict JSON; the message says where, and may quote them."""


class DuplicateMember(NotStrict):
    """An object has a member twice."""


def read_value(content: str | bytes) -> Any:
    """The JSON value that the text holds, however deep. Raises ``NotStrict``."""
    try:
        return json.loads(
            content if isinstance(content, str) else content.decode("utf-8"),
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_constant,
        )
    except NotStrict:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrict(f"not JSON: {error}") from error


def read_object(content: bytes) -> dict[str, Any]:
    """The JSON object that the bytes hold. Raises as ``read_value``, and for what nests too deep."""
    value = read_value(content)
    if not isinstance(value, dict):
        raise NotStrict("not an object")
    if is_deeper(value, MAX_DEPTH):
        raise NotStrict(f"nested deeper than {MAX_DEPTH}")
    return value


def is_count(value: Any) -> TypeGuard[int]:
    """Whether the value is a whole number from 0 to ``MAX_NUMBER``, written without a point."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER


def is_deeper(value: Any, levels: int) -> bool:
    """Whether containers stand within each other more than ``levels`` times; the outermost is one."""
    stage = [value] if isinstance(value, dict | list | tuple) else []
    for _ in range(levels):
        stage = [part for each in stage for part in _parts(each) if isinstance(part, dict | list | tuple)]
    return bool(stage)


def _parts(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise DuplicateMember(f"the member {counts.most_common(1)[0][0][:_SHOWN]!r} stands twice")
    return members


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST or abs(int(digits)) > MAX_NUMBER:
        raise _too_large(digits)
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise _too_large(digits)
    return value


def _too_large(digits: str) -> NotStrict:
    return NotStrict(f"the number {digits[:_SHOWN]} is beyond ±(2^53 - 1)")


def _constant(name: str) -> Any:
    raise NotStrict(f"{name} is not JSON")

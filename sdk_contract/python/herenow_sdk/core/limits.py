"""How much a device reads of what it is given: bounds for every record of every part.

They are far beyond what anybody means and far below what hurts a phone. A record beyond a bound is
dropped like any other that is malformed; a part with too many records keeps the first by the bytes
of their names, so that every language keeps the same ones.

Specification: section 4.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.values import MAX_DEPTH, is_array

MAX_RECORDS: Final = 3000
"""Records of a part."""
MAX_RULES: Final = 200
"""Rules of a feature; pins or boosts of a placement."""
MAX_MEMBERS: Final = 10_000
"""Members of an object, elements of an array."""
MAX_TEXT: Final = 65_536
"""Code points of a text within a record."""
MAX_NAME: Final = 200
"""Code points of a record's name."""

_RULE_LISTS: Final = ("rules", "pins", "boosts")


def kept_names(records: Mapping[str, Any]) -> list[str]:
    """The names that are read, in their order; of too many, the first by bytes."""
    if len(records) <= MAX_RECORDS:
        return list(records)
    kept = set(sorted(records)[:MAX_RECORDS])
    return [name for name in records if name in kept]


def excess(name: str, record: Any) -> str | None:
    """Which bound the record is beyond, ``None`` for one within all."""
    if not 0 < len(name) <= MAX_NAME:
        return f"a name has 1 to {MAX_NAME} characters"
    if isinstance(record, Mapping):
        for key in _RULE_LISTS:
            if is_array(record.get(key)) and len(record[key]) > MAX_RULES:
                return f"more than {MAX_RULES} {key}"
    return _excess(record, MAX_DEPTH)


def _excess(value: Any, levels: int) -> str | None:
    if isinstance(value, str):
        return f"a text of more than {MAX_TEXT} characters" if len(value) > MAX_TEXT else None
    if not isinstance(value, Mapping) and not is_array(value):
        return None
    if levels == 0:
        return f"nested deeper than {MAX_DEPTH} levels"
    if len(value) > MAX_MEMBERS:
        return f"more than {MAX_MEMBERS} members"
    inner = value.values() if isinstance(value, Mapping) else value
    for part in inner:
        if part.__class__ not in _PLAIN and (fault := _excess(part, levels - 1)):
            return fault
    return None


_PLAIN: Final = frozenset({int, float, bool, type(None)})

"""Time zones as the contract has them: an offset and the changes of it that are known.

A device owns no zone database, so a release carries what its own says. The span is fixed, not counted from
today, so that the same documents always make the same parts; an offset after it is the last one known.

Rule: section 9.1 of the specification.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

_FIRST: Final = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
_END: Final = int(datetime(2041, 1, 1, tzinfo=UTC).timestamp())
"""Sixteen years: 32 summer times, and the 64 changes that a device reads leave room for odd zones."""
_DAY: Final = 86_400


def contract_zone(zone: ZoneInfo) -> dict[str, Any]:
    """``{"offset_s", "changes"?: [[instant, offset_s], …]}``, instants in epoch seconds."""
    changes = [list(change) for change in _changes(zone)]
    offset = {"offset_s": _offset(zone, _FIRST)}
    return offset | ({"changes": changes} if changes else {})


@cache
def _changes(zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Every change of the offset; two within one day would be taken for one."""
    found = []
    before = _offset(zone, _FIRST)
    for day in range(_FIRST, _END, _DAY):
        after = _offset(zone, day + _DAY)
        if after != before:
            found.append((_change_within(zone, day, day + _DAY), after))
        before = after
    return tuple(found)


def _change_within(zone: ZoneInfo, early: int, late: int) -> int:
    """The first second at which the offset is another than at ``early``."""
    before = _offset(zone, early)
    while late - early > 1:
        middle = (early + late) // 2
        early, late = (middle, late) if _offset(zone, middle) == before else (early, middle)
    return late


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())

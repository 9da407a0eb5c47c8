"""A record of the log as a row of a table: stable columns for analysts and for learning.

What a kind of beacon tells of items, places, fences, campaigns and money has a column of its own; everything
it told stands in ``properties`` as JSON. Local day, weekday and hour are those of the device's own clock: the
offset with which it told the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from herenow.storage.ports import DayRecord
from herenow_sdk.core.device.instants import read_instant

Facets = Mapping[str, Sequence[str]]
FacetsOf = Callable[[str], Facets]
"""The values by facet of an item, nothing for one that is not known."""
Row = dict[str, Any]

_DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000
_MONDAY_SHIFT: Final = 3  # 1 January 1970 was a Thursday
_TEXTS: Final = ("place", "fence", "campaign", "channel", "offer", "currency")
_TO_SECONDS: Final = len("2026-11-20T07:13:10")


def row_of(record: DayRecord, facets_of: FacetsOf) -> Row:
    """The row of a beacon; members that a foreign client told in another form are left out."""
    told = record.value
    properties: Mapping[str, Any] = told.get("properties") or {}
    at_ms = int(told.get("at_ms", told["received_ms"]))
    local_ms = at_ms + _offset_ms(told.get("at"))
    items = _items(properties)
    return {
        "who": record.partition.rpartition("#")[2],
        "position": record.position,
        "id": told.get("id"),
        "type": told.get("type"),
        "name": told.get("name"),
        "at_ms": at_ms,
        "received_ms": told["received_ms"],
        "local_day": local_ms // _DAY_MS,
        "local_weekday": (local_ms // _DAY_MS + _MONDAY_SHIFT) % 7,
        "local_hour": local_ms % _DAY_MS // _HOUR_MS,
        "item": items[0] if items else None,
        "items": items,
        **{name: _text(properties.get(name)) for name in _TEXTS},
        "value": _amount(properties.get("value")),
        "properties": json.dumps(properties, ensure_ascii=False, sort_keys=True),
        "facets": _facets(items, facets_of),
    }


def _items(properties: Mapping[str, Any]) -> list[str]:
    """The one item it is about, or those of the lines of an order, each once."""
    lines = properties.get("items")
    told = [properties.get("item"), *(lines if isinstance(lines, list) else ())]
    ids = [each.get("item") if isinstance(each, Mapping) else each for each in told]
    return list(dict.fromkeys(each for each in ids if isinstance(each, str)))


def _facets(items: Sequence[str], facets_of: FacetsOf) -> list[tuple[str, list[str]]]:
    """Values by facet of all items, as a map of Arrow: pairs."""
    found: dict[str, dict[str, None]] = {}
    for item in items:
        for facet, values in facets_of(item).items():
            found.setdefault(facet, {}).update(dict.fromkeys(values))
    return [(facet, list(values)) for facet, values in sorted(found.items())]


def _offset_ms(at: Any) -> int:
    instant = read_instant(at)
    local = read_instant(f"{at[:_TO_SECONDS]}Z") if instant is not None else None
    return 0 if instant is None or local is None else local - instant // 1000 * 1000


def _amount(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None

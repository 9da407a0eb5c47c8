"""What a record of the log teaches: read once, in the terms that folding counts in.

A record is a beacon as it was stored, with what the live release knew of what it names (``facets`` and
``categories`` of its items, ``form`` of its offer, ``foreign`` where its money is not the app's,
``utc_offset_s`` where the beacon names no offset): the log alone is enough to learn it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from herenow.profiles.learned.document import APP
from herenow_sdk.core.profile import Event
from herenow_sdk.core.profile.decay import UNIT
from herenow_sdk.core.profile.fold import MAX_VALUES, WEIGHTS

_DAY_S: Final = 86_400
_HOUR_S: Final = 3600
_MINUTE_S: Final = 60
_AREA_CHARS: Final = 4
_MAX_ITEMS: Final = 50
_ARRIVED: Final = frozenset({"fence_entered", "fence_crossed"})
_NO_ACT: Final = frozenset({"location", "region_seen", "sent", "delivered", "shown", "failed"})
"""Names that tell of nothing the person did."""
_SHOWN: Final[Mapping[str, str]] = {"email": "delivered", "sms": "delivered"}
"""What counts as an exposure on a channel, where it is not ``shown``."""
_ANSWERS: Final = frozenset({"opened", "acted"})
_STAGE_OF: Final[Mapping[str, str]] = {
    "item_impression": "seen",
    "item_tap": "viewed",
    "item_view": "viewed",
    "item_save": "viewed",
    "item_share": "viewed",
    "item_follow": "viewed",
    "cart_add": "carted",
    "purchase": "bought",
}
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One record. ``event`` says when and what; ``act`` whether the person did it.

    ``items`` it is about; ``place`` that was come to, ``area`` that it was in; ``exposure`` and ``answer``
    are the channel of a message shown or answered, ``message`` which; ``money`` that was spent.
    """

    event: Event
    at_ms: int
    act: bool
    items: tuple[str, ...] = ()
    stage: str | None = None
    place: str | None = None
    area: str | None = None
    exposure: str | None = None
    answer: str | None = None
    message: str = ""
    form: str | None = None
    categories: tuple[str, ...] = ()
    money: float = 0.0


def lesson(record: Mapping[str, Any]) -> Lesson | None:
    """What a record teaches; ``None`` when nothing: of an ``exposure``, and of a purchase that was none."""
    kind, name = record["type"], record["name"]
    told: Mapping[str, Any] = record.get("properties") or _NOTHING
    if kind == "exposure" or (kind == "behavior" and name == "purchase" and not _is_bought(told)):
        return None
    event = _event(kind, name, record)
    if kind == "message":
        return _message(event, told, record)
    if kind == "geo":
        return _whereabouts(event, told, record)
    return _behaviour(event, told, record)


def _event(kind: str, name: str, record: Mapping[str, Any]) -> Event:
    day, second = divmod(record["at_ms"] // 1000 + utc_offset_s(record), _DAY_S)
    weight = WEIGHTS.get(name, 0) * UNIT if kind == "behavior" else 0
    facets = record.get("facets") if weight else None
    read = {facet: tuple(values[:MAX_VALUES]) for facet, values in facets.items()} if facets else {}
    return Event(name, day, second // _HOUR_S, read, weight)


def utc_offset_s(record: Mapping[str, Any]) -> int:
    """Seconds east of UTC where it happened: as ``at`` says, else as was noted when it came in."""
    told = record["at"]
    if told[-1] in "Zz":
        return int(record.get("utc_offset_s", 0))
    seconds = int(told[-5:-3]) * _HOUR_S + int(told[-2:]) * _MINUTE_S
    return -seconds if told[-6] == "-" else seconds


def items_of(name: str, properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the items that a beacon is about, each once."""
    if name == "purchase":
        lines: Sequence[Any] = properties.get("items") or ()
        ids = (each.get("item") if isinstance(each, Mapping) else each for each in lines)
        return tuple(dict.fromkeys(each for each in ids if isinstance(each, str)))[:_MAX_ITEMS]
    item = properties.get("item")
    return (item,) if isinstance(item, str) else ()


def _is_bought(told: Mapping[str, Any]) -> bool:
    """Whether something was bought: items, or for money. A negative value is money given back."""
    value = told.get("value") or 0
    return value > 0 or (value == 0 and bool(told.get("items")))


def _behaviour(event: Event, told: Mapping[str, Any], record: Mapping[str, Any]) -> Lesson:
    name = event.name
    bought = name == "purchase"
    return Lesson(
        event,
        record["at_ms"],
        act=True,
        items=items_of(name, told) if name in WEIGHTS or name == "item_impression" else (),
        stage=_STAGE_OF.get(name),
        place=told.get("place") if bought else None,
        answer=APP if name == "session_start" else None,
        categories=tuple(record.get("categories", ())) if bought else (),
        money=float(told.get("value") or 0) if bought and not record.get("foreign") else 0.0,
    )


def _message(event: Event, told: Mapping[str, Any], record: Mapping[str, Any]) -> Lesson:
    name, channel = event.name, told.get("channel")
    return Lesson(
        event,
        record["at_ms"],
        act=name not in _NO_ACT,
        exposure=channel if channel and name == _SHOWN.get(channel, "shown") else None,
        answer=channel if name in _ANSWERS else None,
        message=told.get("message") or told.get("campaign") or "",
        form=record.get("form"),
    )


def _whereabouts(event: Event, told: Mapping[str, Any], record: Mapping[str, Any]) -> Lesson:
    name, cell = event.name, told.get("cell")
    place = None
    if name in _ARRIVED:
        place = told.get("place") or told.get("fence")
    elif name == "location":
        place = told.get("place") or cell
    area = cell[:_AREA_CHARS] if isinstance(cell, str) and len(cell) >= _AREA_CHARS else None
    return Lesson(event, record["at_ms"], act=name not in _NO_ACT, place=place, area=area)

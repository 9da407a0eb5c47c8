"""What the app declares of its beacons: events of its own, and how exactly a place is kept.

``events`` of ``app.json`` name an app's own beacons and what their properties may be. One that is declared is
judged by it, also when it bears a name that herenow knows: then both must agree. What is not declared passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.beacons.properties import (
    Choice,
    Flag,
    Instant,
    Item,
    Many,
    Members,
    Number,
    Property,
    Rule,
    Text,
)
from herenow.beacons.whereabouts import Exactness

_LARGEST: Final = 1e15
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Rules:
    """How beacons of one release are taken."""

    exactness: Exactness = Exactness.COARSE
    declared: Mapping[str, Members] = field(default_factory=dict)
    retention_days: int = 395

    @classmethod
    def of(cls, app: Mapping[str, Any]) -> Rules:
        """The rules of a valid ``app.json``; of an empty one, the default."""
        privacy = app.get("privacy", {})
        return cls(
            Exactness(privacy.get("location", cls().exactness)),
            {name: _members(told) for name, told in app.get("events", {}).items()},
            privacy.get("retention_days", cls().retention_days),
        )


def _members(event: Mapping[str, Any]) -> Members:
    properties = event.get("properties", {})
    return Members({name: _property(told) for name, told in properties.items()})


def _property(told: Mapping[str, Any]) -> Property:
    return Property(
        _RULES[told["type"]](told), told.get("description", ""), required=told.get("required", False)
    )


def _text(told: Mapping[str, Any]) -> Rule:
    return Choice(tuple(told["values"])) if "values" in told else Text(told.get("maximum", _LONGEST))


def _number(told: Mapping[str, Any], *, whole: bool = False) -> Rule:
    return Number(told.get("minimum", -_LARGEST), told.get("maximum", _LARGEST), whole=whole)


_RULES: Final[Mapping[str, Callable[[Mapping[str, Any]], Rule]]] = {
    "text": _text,
    "texts": lambda told: Many(_text(told)),
    "number": _number,
    "integer": lambda told: _number(told, whole=True),
    "boolean": lambda _: Flag(),
    "time": lambda _: Instant(),
    "item": lambda _: Item(),
}
TYPES: Final = tuple(_RULES)
"""The types of properties that an app may declare."""

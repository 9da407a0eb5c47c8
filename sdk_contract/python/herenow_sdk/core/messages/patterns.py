"""What starts a campaign and what calls it off: patterns over events. Specification: 11.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core import reading
from herenow_sdk.core.conditions import Condition, compile_condition
from herenow_sdk.core.messages.durations import duration, optional_duration
from herenow_sdk.core.reading import Malformed, Record

TRANSITIONS: Final = ("enter", "exit", "dwell", "cross")
Groups = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventPattern:
    """An event of this name whose properties satisfy the condition."""

    event: str
    condition: Condition | None = None

    def matches(self, name: str, properties: Mapping[str, Any]) -> bool:
        """Whether an event is one of these."""
        return self.event == name and (self.condition is None or self.condition.matches(properties))


@dataclass(frozen=True, slots=True)
class PlacePattern:
    """A transition at one fence, at a fence of a group, or, where neither is said, at any."""

    transition: str
    fence: str | None = None
    group: str | None = None
    dwell_s: int = 0


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts a campaign: exactly one of ``steps`` (events, in order), ``place``, ``stage``.

    With ``count`` above 1 there is one step, and it must happen that often; ``within`` (seconds) bounds the
    time from the first to the last of several.
    """

    steps: tuple[EventPattern, ...] = ()
    count: int = 1
    within: int | None = None
    place: PlacePattern | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class MissingEvent:
    """An event that must stay away for ``within`` seconds after the trigger."""

    pattern: EventPattern
    within: int


def parse_trigger(raw: Any, groups: Groups) -> Trigger | None:
    """Compile a trigger, ``None`` when absent. Raises ``Malformed``."""
    if raw is None:
        return None
    source = reading.record(raw, "'trigger'")
    kinds = [
        kind for kind in ("event", "sequence", "transition", "lifecycle") if source.get(kind) is not None
    ]
    if len(kinds) != 1:
        raise Malformed("'trigger' is not exactly one of event, sequence, transition, lifecycle")
    within = optional_duration(source.get("within"), "within")
    if kinds == ["event"]:
        count = reading.integer(source, "count", 1)
        if count < 1:
            raise Malformed("'count' is below 1")
        return Trigger((parse_event(source, groups),), count, within)
    if kinds == ["sequence"]:
        steps = tuple(parse_event(each, groups) for each in reading.array(source, "sequence"))
        if not steps:
            raise Malformed("'sequence' is empty")
        return Trigger(steps, within=within)
    if kinds == ["transition"]:
        return Trigger(place=_place(source))
    return Trigger(stage=reading.optional_text(source, "lifecycle"))


def parse_event(raw: Any, groups: Groups) -> EventPattern:
    """Compile an event pattern. Raises ``Malformed``."""
    source = reading.record(raw, "an event")
    event = reading.optional_text(source, "event")
    if event is None:
        raise Malformed("'event' is missing")
    condition = source.get("condition")
    return EventPattern(event, None if condition is None else compile_condition(condition, groups))


def parse_missing(raw: Any, groups: Groups) -> MissingEvent | None:
    """Compile an event that must stay away, ``None`` when absent. Raises ``Malformed``."""
    if raw is None:
        return None
    source = reading.record(raw, "'not_followed_by'")
    return MissingEvent(parse_event(source, groups), duration(source.get("within"), "within"))


def _place(source: Record) -> PlacePattern:
    transition = reading.optional_text(source, "transition")
    if transition not in TRANSITIONS:
        raise Malformed("'transition' is none of enter, exit, dwell, cross")
    minutes = reading.optional_number(source, "minutes") or 0
    if minutes < 0:
        raise Malformed("'minutes' is negative")
    group = reading.optional_text(source, "fence_group")
    return PlacePattern(transition, reading.optional_text(source, "fence"), group, int(minutes * 60))

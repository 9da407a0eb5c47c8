"""What a journey is: who enters it, what ends it, and its steps. Compiled from the part ``campaigns``.

The contract passes journeys over (SPEC 11.2.1): a phone that was off for a week cannot say which step
somebody is at. What a step says is an ordinary campaign, decided like every other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from herenow_sdk.core import reading
from herenow_sdk.core.conditions import Condition, compile_condition
from herenow_sdk.core.messages.durations import optional_duration
from herenow_sdk.core.messages.patterns import (
    EventPattern,
    MissingEvent,
    Trigger,
    parse_event,
    parse_missing,
    parse_trigger,
)
from herenow_sdk.core.messages.rules import Campaign, MessageRules
from herenow_sdk.core.reading import Malformed

KIND: Final = "journey"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A message (``campaign``), a wait (seconds) or a wait for an event, for whom ``condition`` holds.

    ``then`` and ``otherwise`` name the next step; the following one where they are ``None``.
    """

    id: str
    wait: int | None = None
    wait_for: MissingEvent | None = None
    campaign: str | None = None
    condition: Condition | None = None
    then: str | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """Who enters (``trigger``, ``audience``), what ends it at once (``cancel_on``), its steps in order.

    ``eligible_again`` seconds after having entered somebody may enter again; without it once ever.
    """

    id: str
    steps: tuple[Step, ...]
    trigger: Trigger | None = None
    audience: Condition | None = None
    cancel_on: tuple[EventPattern, ...] = ()
    eligible_again: int | None = None
    enabled: bool = True

    def step(self, name: str) -> Step | None:
        """The step of that id, ``None`` when a newer release has it no more."""
        return next((each for each in self.steps if each.id == name), None)

    def after(self, step: Step) -> Step | None:
        """The following step, ``None`` after the last."""
        at = next((at for at, each in enumerate(self.steps) if each.id == step.id), len(self.steps))
        return self.steps[at + 1] if at + 1 < len(self.steps) else None


@dataclass(frozen=True, slots=True)
class Journeys:
    """All journeys of a release by id, and the rules by which events let people in."""

    by_id: Mapping[str, Journey] = field(default_factory=dict)
    entrances: MessageRules = field(default_factory=MessageRules)

    def __bool__(self) -> bool:
        return bool(self.by_id)

    @property
    def events(self) -> frozenset[str]:
        """The names of the events that move anybody, beside those that let them in."""
        sent_away = (pattern.event for each in self.by_id.values() for pattern in each.cancel_on)
        steps = (step for each in self.by_id.values() for step in each.steps)
        awaited = (step.wait_for.pattern.event for step in steps if step.wait_for is not None)
        return frozenset((*sent_away, *awaited))

    @property
    def paths(self) -> frozenset[str]:
        """The attributes that audiences and branches read."""
        return frozenset().union(*(each.paths for each in self._conditions()))

    def _conditions(self) -> Iterator[Condition]:
        for journey in self.by_id.values():
            conditions = (journey.audience, *(step.condition for step in journey.steps))
            yield from (each for each in conditions if each is not None)


def parse_journeys(campaigns: Any, saved_groups: Mapping[str, Any]) -> Journeys:
    """The journeys of the part ``campaigns`` by id. One that cannot be read is left out alone."""
    found: dict[str, Journey] = {}
    for name, body in campaigns.items() if isinstance(campaigns, Mapping) else ():
        if isinstance(body, Mapping) and body.get("kind") == KIND:
            try:
                found[name] = _journey(name, body, saved_groups)
            except Malformed as problem:
                _log.warning("journey dropped", journey=name, problem=str(problem))
    entrances = {
        name: Campaign(
            name, ("in_app",), enabled=each.enabled, trigger=each.trigger, cancel_on=each.cancel_on
        )
        for name, each in found.items()
        if each.trigger is not None
    }
    return Journeys(found, MessageRules(entrances))


def _journey(name: str, raw: Mapping[str, Any], groups: Mapping[str, Any]) -> Journey:
    steps = tuple(_step(each, groups) for each in reading.array(raw, "steps"))
    if not steps:
        raise Malformed("'steps' is empty")
    audience = raw.get("audience")
    return Journey(
        name,
        steps,
        parse_trigger(raw.get("trigger"), groups),
        None if audience is None else compile_condition(audience, groups),
        tuple(parse_event(each, groups) for each in reading.array(raw, "cancel_on")),
        optional_duration(raw.get("eligible_again"), "eligible_again"),
        raw.get("enabled") is not False,
    )


def _step(raw: Any, groups: Mapping[str, Any]) -> Step:
    source = reading.record(raw, "a step")
    name = reading.optional_text(source, "id")
    if name is None:
        raise Malformed("a step has no 'id'")
    condition = source.get("condition")
    return Step(
        name,
        optional_duration(source.get("wait"), "wait"),
        parse_missing(source.get("wait_for"), groups),
        reading.optional_text(source, "campaign"),
        None if condition is None else compile_condition(condition, groups),
        reading.optional_text(source, "then"),
        reading.optional_text(source, "otherwise"),
    )

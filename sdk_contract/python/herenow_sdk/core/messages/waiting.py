"""Campaigns that were triggered and wait, and what events do to them.

``state.triggers`` is an array of ``{"campaign", "at", "received"?, "place"?, "radius_m"?, "cancelled_at"?,
"followed_by"?, "event"?}``; ``state.progress`` maps a campaign to the instants at which the steps of its
trigger happened so far. An event that calls a message off does so at once, not when its delay ends.
Specification: 11.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow_sdk.core.messages.listeners import listeners_of
from herenow_sdk.core.messages.patterns import Trigger
from herenow_sdk.core.messages.rules import Campaign, MessageRules
from herenow_sdk.core.values import is_array
from herenow_sdk.core.zones import is_instant

MAX_WAITING: Final = 500
"""Of more waiting triggers the last ones count."""
_MAY_BE_ABSENT: Final = ("received", "place", "radius_m", "cancelled_at", "followed_by", "event")
MAX_TEXT: Final = 200
"""UTF-16 code units of a text that is kept of an event; a longer one is not."""


@dataclass(slots=True, unsafe_hash=True)
class Waiting:
    """A trigger that happened ``at`` (epoch seconds) and was heard of at ``received``.

    ``event`` holds what the campaign's texts name of the event that completed it. Nobody changes one; it is
    not declared frozen because hundreds are read at once, and a frozen one takes six times as long to make.
    """

    campaign: str
    at: int
    received: int | None = None
    place: str | None = None
    radius_m: int | None = None
    cancelled_at: int | None = None
    followed_by: str | None = None
    event: Mapping[str, Any] | None = field(default=None, hash=False)

    def as_json(self) -> dict[str, Any]:
        """The trigger as it is kept."""
        told: dict[str, Any] = {"campaign": self.campaign, "at": self.at}
        for name in _MAY_BE_ABSENT:
            value = getattr(self, name)
            if value is not None:
                told[name] = value
        return told


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, a transition at a fence, or a change of lifecycle stage, ``at`` epoch seconds."""

    name: str | None
    at: int
    received: int | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    place: str | None = None
    groups: tuple[str, ...] = ()
    transition: str | None = None
    dwelt_s: int = 0
    radius_m: int | None = None
    stage: str | None = None
    silent: bool = False
    """It is a transition that says nothing (10.6, 10.10): it calls off and starts nothing."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits, oldest first, and how far the triggers of several steps are."""

    waiting: tuple[Waiting, ...] = ()
    progress: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def read_waiting(raw: Any) -> tuple[Waiting, ...]:
    """The waiting triggers; one without a campaign or an instant is passed over alone."""
    entries = raw[-MAX_WAITING:] if is_array(raw) else ()
    return tuple(filter(None, map(_waiting, entries)))


def read_pending(state: Any) -> Pending:
    """The waiting triggers and the progress that a state holds."""
    if not isinstance(state, Mapping):
        return Pending()
    raw = state.get("progress")
    progress = raw.items() if isinstance(raw, Mapping) else ()
    return Pending(
        read_waiting(state.get("triggers")),
        {
            name: tuple(int(at) for at in steps if is_instant(at))
            for name, steps in progress
            if isinstance(name, str) and is_array(steps)
        },
    )


def read_happening(raw: Any) -> Happening | None:
    """An event out of JSON; ``None`` without an instant."""
    if not isinstance(raw, Mapping) or not is_instant(raw.get("at")):
        return None
    properties = raw.get("properties")
    return Happening(
        _text(raw.get("name")),
        int(raw["at"]),
        _whole(raw.get("received")),
        properties if isinstance(properties, Mapping) else {},
        _text(raw.get("place")),
        _texts(raw.get("groups")),
        _text(raw.get("transition")),
        _whole(raw.get("dwelt_s")) or 0,
        _whole(raw.get("radius_m")),
        _text(raw.get("stage")),
        raw.get("silence") is not None,
    )


def observe(rules: MessageRules, pending: Pending, happened: Happening) -> Pending:
    """What waits after an event: called off, restarted, kept from asking, and newly triggered."""
    listeners, waiting = listeners_of(rules), pending.waiting
    if happened.name in listeners.touching:
        waiting = tuple(_touched(rules.campaigns.get(each.campaign), each, happened) for each in waiting)
    progress = dict(pending.progress)
    started: list[Waiting] = []
    place, stage = happened.place is not None, happened.stage is not None
    heard = listeners.of(happened.name, place=place, stage=stage, begun=pending.progress)
    for name, trigger in () if happened.silent else heard:
        complete, progress[name] = _advanced(trigger, progress.get(name, ()), happened)
        if complete and not _waits(waiting, name, happened.place):
            started.append(_started(rules.campaigns[name], happened))
    kept = {name: steps for name, steps in progress.items() if steps}
    return Pending((*waiting, *started)[-MAX_WAITING:], kept)


def _started(campaign: Campaign, happened: Happening) -> Waiting:
    return Waiting(
        campaign.id,
        happened.at,
        happened.received,
        happened.place,
        happened.radius_m,
        event=_kept(campaign, happened),
    )


def _kept(campaign: Campaign, happened: Happening) -> Mapping[str, Any] | None:
    """What the campaign keeps of an event; ``None`` when that is nothing."""
    told = {name: happened.properties.get(name) for name in campaign.keeps}
    return {name: value for name, value in told.items() if _is_keepable(value)} or None


def _is_keepable(value: Any) -> bool:
    """Whether it is a number, a boolean or a text that is not too long."""
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) <= 2 * MAX_TEXT
    return isinstance(value, (bool, int, float))


def _touched(campaign: Campaign | None, waiting: Waiting, happened: Happening) -> Waiting:
    """The waiting trigger after the event. What is no event, or came before the trigger, changes nothing."""
    if campaign is None or happened.name is None or happened.at < waiting.at or not _is_open(waiting):
        return waiting
    name, properties = happened.name, happened.properties
    if any(pattern.matches(name, properties) for pattern in campaign.cancel_on):
        trigger = None if happened.silent else campaign.trigger
        if trigger is None or not _advanced(trigger, (), happened)[0]:
            return replace(waiting, cancelled_at=happened.at)
        return replace(waiting, at=happened.at, event=_kept(campaign, happened))
    missing = campaign.not_followed_by
    if missing is None or happened.at > waiting.at + missing.within:
        return waiting
    return replace(waiting, followed_by=name) if missing.pattern.matches(name, properties) else waiting


def _advanced(trigger: Trigger, steps: tuple[int, ...], happened: Happening) -> tuple[bool, tuple[int, ...]]:
    """Whether the event completes the trigger, and the instants of the steps that count afterwards."""
    if not trigger.steps:
        return _is_place(trigger, happened) or _is_stage(trigger, happened), ()
    if trigger.within is not None:
        steps = _in_time(trigger, steps, happened.at)
    wanted = trigger.count if len(trigger.steps) == 1 else len(trigger.steps)
    expected = trigger.steps[min(len(steps), len(trigger.steps) - 1)]
    if happened.name is None or not expected.matches(happened.name, happened.properties):
        return False, steps
    steps = (*steps, happened.at)
    return (True, ()) if len(steps) >= wanted else (False, steps)


def _in_time(trigger: Trigger, steps: tuple[int, ...], at: int) -> tuple[int, ...]:
    """The steps that still count: a count forgets its oldest, a sequence begins anew."""
    within = trigger.within or 0
    if len(trigger.steps) == 1:
        return tuple(step for step in steps if at - step <= within)
    return steps if not steps or at - steps[0] <= within else ()


def _is_place(trigger: Trigger, happened: Happening) -> bool:
    place = trigger.place
    return (
        place is not None
        and happened.place is not None
        and place.transition == happened.transition
        and place.fence in (None, happened.place)
        and (place.group is None or place.group in happened.groups)
        and (place.transition != "dwell" or happened.dwelt_s >= place.dwell_s)
    )


def _is_stage(trigger: Trigger, happened: Happening) -> bool:
    return trigger.stage is not None and trigger.stage == happened.stage


def _waits(waiting: tuple[Waiting, ...], campaign: str, place: str | None) -> bool:
    return any(each.campaign == campaign and each.place == place and _is_open(each) for each in waiting)


def _is_open(waiting: Waiting) -> bool:
    return waiting.cancelled_at is None and waiting.followed_by is None


def _waiting(raw: Any) -> Waiting | None:
    if not isinstance(raw, (dict, Mapping)):
        return None
    campaign, at, event = raw.get("campaign"), raw.get("at"), raw.get("event")
    if not isinstance(campaign, str) or at is None or not is_instant(at):
        return None
    return Waiting(
        campaign,
        int(at),
        _whole(raw.get("received")),
        _text(raw.get("place")),
        _whole(raw.get("radius_m")),
        _whole(raw.get("cancelled_at")),
        _text(raw.get("followed_by")),
        None if event is None else _event(event),
    )


def _event(raw: Any) -> Mapping[str, Any] | None:
    told = raw.items() if isinstance(raw, Mapping) else ()
    return {name: value for name, value in told if isinstance(name, str) and _is_keepable(value)} or None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if is_array(value) else ()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return int(value) if value is not None and is_instant(value) else None

"""Where somebody is in a journey, and what moves them on.

Events move whoever waits for them, and end a journey, at once: nobody sits a wait out that has become
pointless. An event that a later step waits for is remembered: that step may have begun already, when a wait
ended and nobody has looked since. Time moves on whoever waits for it. A step that says something hands its
campaign over as a triggered message and waits until that is decided for good: shown, or capped, expired,
refused. In all of these somebody moves on; who is only held (quiet hours, a schedule) waits. Whoever is sent
away leaves at the next look, and what their journey had asked for and nobody has decided yet is called off.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from herenow.messaging.journeys.plan import Journey, Journeys, Step
from herenow_sdk.core.messages.waiting import Happening, Pending, Waiting, observe

MAX_MOVES: Final = 50
"""Steps somebody takes at one instant: a circle without a wait ends here, until the next look."""
RETRY_S: Final = 3600
_REMEMBERED: Final = 4
"""Instants of the events that a step waits for, the latest."""


class Ending(StrEnum):
    """How a walk came to its end."""

    FINISHED = "FINISHED"
    """After the last step."""
    SENT_AWAY = "SENT_AWAY"
    """By an event of ``cancel_on``."""
    WITHDRAWN = "WITHDRAWN"
    """The journey, or the step, is in no release any more, or is switched off."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Somebody at a ``step`` ``since`` an instant. ``said`` is when the step's message was triggered.

    ``met`` is when the events came, by step, that steps of the journey wait for; ``sent_away`` when one came
    that ends the journey. Instants in epoch seconds.
    """

    journey: str
    entered_at: int
    step: str
    since: int
    said: int | None = None
    met: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sent_away: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {name: value for name, value in asdict(self).items() if value not in (None, {})}


@dataclass(frozen=True, slots=True)
class Walked:
    """Who is where afterwards, what was triggered on the way, who came to which end, when to look again.

    A message that waits is looked at when it is due, and its journey with it.
    """

    walks: tuple[Walk, ...]
    triggered: tuple[Waiting, ...] = ()
    ended: tuple[tuple[Walk, Ending], ...] = ()
    due_at: int | None = None


def read_walks(raw: Any) -> tuple[Walk, ...]:
    """The walks that ``as_json`` told."""
    return tuple(Walk(**each) for each in raw or ())


def noticed(
    walks: Sequence[Walk], entering: Pending, journeys: Journeys, happened: Happening
) -> tuple[tuple[Walk, ...], Pending]:
    """What an event does: who waited for it waits no more, whom it sends away leaves, who may enter waits.

    ``entering`` are completed triggers of journeys; whether their people may enter is for ``entered`` to say.
    """
    moved = tuple(_moved(each, journeys, happened) for each in walks)
    return moved, observe(journeys.entrances, entering, happened)


def without_sent_away(
    waiting: Sequence[Waiting], walks: Sequence[Walk], journeys: Journeys
) -> tuple[Waiting, ...]:
    """What waits, with the messages called off that steps of those who were sent away had asked for."""
    off = {
        (step.campaign, walk.said): walk.sent_away
        for walk in walks
        if walk.sent_away is not None and walk.said is not None
        if (step := _step(walk, journeys)) is not None
    }
    return tuple(
        replace(each, cancelled_at=off.get((each.campaign, each.at))) if each.cancelled_at is None else each
        for each in waiting
    )


def entered(
    walks: Sequence[Walk],
    entries: Mapping[str, int],
    entering: Pending,
    journeys: Journeys,
    attributes: Mapping[str, Any],
) -> tuple[tuple[Walk, ...], dict[str, int], Pending]:
    """Lets in whom an audience holds and whose last entry (``entries``, by journey) is long enough ago.

    Nobody is in one journey twice. Afterwards nobody waits to enter.
    """
    inside, entries = list(walks), dict(entries)
    for each in entering.waiting:
        journey = journeys.by_id.get(each.campaign)
        if journey is None or not _may_enter(journey, entries, each.at, attributes):
            continue
        if each.cancelled_at is not None or any(_is_inside(walk, journey) for walk in inside):
            continue
        inside.append(Walk(journey.id, each.at, journey.steps[0].id, each.at))
        entries[journey.id] = each.at
    return tuple(inside), entries, replace(entering, waiting=())


def walked(
    walks: Sequence[Walk],
    journeys: Journeys,
    attributes: Mapping[str, Any],
    waiting: Collection[tuple[str, int]],
    now: int,
) -> Walked:
    """Everybody as far as they come by now; ``waiting`` are the messages (campaign, at) not decided yet."""
    stay: list[Walk] = []
    triggered: list[Waiting] = []
    ended: list[tuple[Walk, Ending]] = []
    due: list[int] = []
    for each in walks:
        journey = journeys.by_id.get(each.journey)
        if journey is None or not journey.enabled or each.sent_away is not None:
            ended.append((each, Ending.WITHDRAWN if each.sent_away is None else Ending.SENT_AWAY))
            continue
        walk, said = _onwards(each, journey, attributes, {*waiting}, now)
        triggered += said
        if isinstance(walk, Ending):
            ended.append((each, walk))
        else:
            stay.append(walk)
            due += _due(walk, journey, now)
    return Walked(tuple(stay), tuple(triggered), tuple(ended), min(due, default=None))


def _onwards(
    walk: Walk, journey: Journey, attributes: Mapping[str, Any], waiting: set[tuple[str, int]], now: int
) -> tuple[Walk | Ending, list[Waiting]]:
    said: list[Waiting] = []
    for _ in range(MAX_MOVES):
        step = journey.step(walk.step)
        if step is None:
            return Ending.WITHDRAWN, said
        if walk.said is None and step.campaign is not None and _holds(step, attributes):
            waiting.add((step.campaign, now))
            said.append(Waiting(step.campaign, now, now))
            walk = replace(walk, said=now)
        chosen = _left(walk, step, attributes, waiting, now)
        if chosen is None:
            return walk, said
        at, succeeded = chosen
        following = journey.step(name) if (name := _named(step, succeeded)) else journey.after(step)
        if following is None:
            return Ending.FINISHED, said
        walk = Walk(walk.journey, walk.entered_at, following.id, at, met=walk.met)
    return walk, said


def _left(
    walk: Walk, step: Step, attributes: Mapping[str, Any], waiting: Collection[tuple[str, int]], now: int
) -> tuple[int, bool] | None:
    """When the step was left and whether as hoped; ``None`` while somebody is still at it."""
    if walk.said is None and not _holds(step, attributes):
        return max(walk.since, 0), False
    if step.campaign is not None:
        return None if (step.campaign, walk.said) in waiting else (now, True)
    if step.wait_for is not None:
        over = walk.since + step.wait_for.within
        came = [each for each in walk.met.get(step.id, ()) if walk.since <= each <= over]
        if came:
            return max(min(came), walk.since), True
        return (over, False) if now > over else None
    over = walk.since + (step.wait or 0)
    return (over, True) if now >= over else None


def _named(step: Step, succeeded: bool) -> str | None:  # noqa: FBT001 - the outcome is the point
    return step.then if succeeded else step.otherwise


def _holds(step: Step, attributes: Mapping[str, Any]) -> bool:
    return step.condition is None or step.condition.matches(attributes)


def _due(walk: Walk, journey: Journey, now: int) -> list[int]:
    """When to look again; a message is looked after by itself."""
    step = journey.step(walk.step)
    if step is None or walk.said is not None:
        return []
    if step.wait_for is not None:
        return [walk.since + step.wait_for.within + 1]
    over = walk.since + (step.wait or 0)
    return [over if over > now else now + RETRY_S]  # later: a circle without a wait


def _moved(walk: Walk, journeys: Journeys, happened: Happening) -> Walk:
    if _is_sent_away(walk, journeys, happened):
        return replace(walk, sent_away=happened.at)
    met = _awaiting(walk, journeys, happened)
    if not met:
        return walk
    instants = {step: (*walk.met.get(step, ()), happened.at)[-_REMEMBERED:] for step in met}
    return replace(walk, met={**walk.met, **instants})


def _is_inside(walk: Walk, journey: Journey) -> bool:
    return walk.journey == journey.id and walk.sent_away is None


def _step(walk: Walk, journeys: Journeys) -> Step | None:
    journey = journeys.by_id.get(walk.journey)
    return journey.step(walk.step) if journey else None


def _is_sent_away(walk: Walk, journeys: Journeys, happened: Happening) -> bool:
    journey = journeys.by_id.get(walk.journey)
    over = walk.sent_away is not None or happened.at < walk.entered_at
    if journey is None or happened.name is None or over:
        return False
    name, properties = happened.name, happened.properties
    return any(pattern.matches(name, properties) for pattern in journey.cancel_on)


def _awaiting(walk: Walk, journeys: Journeys, happened: Happening) -> list[str]:
    """The steps that wait for what happened, the one where they are and those to come."""
    journey = journeys.by_id.get(walk.journey)
    if journey is None or happened.name is None or happened.at < walk.entered_at:
        return []
    name, properties = happened.name, happened.properties
    return [
        step.id
        for step in journey.steps
        if step.wait_for is not None and step.wait_for.pattern.matches(name, properties)
    ]


def _may_enter(journey: Journey, entries: Mapping[str, int], at: int, attributes: Mapping[str, Any]) -> bool:
    last = entries.get(journey.id)
    if last is not None and (journey.eligible_again is None or at < last + journey.eligible_again):
        return False
    return journey.enabled and (journey.audience is None or journey.audience.matches(attributes))

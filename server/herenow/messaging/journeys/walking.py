"""Where somebody is in a journey, and what moves them on.

Events move whoever waits for them, and end a journey, at once: nobody sits a wait out that has become
pointless. Time moves on whoever waits for it. A step that says something hands its campaign over as a
triggered message and waits until that is decided for good: shown, or capped, expired, refused. In all of
these somebody moves on; who is only held (quiet hours, a schedule) waits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from herenow.messaging.journeys.plan import Journey, Journeys, Step
from herenow_sdk.core.messages.waiting import Happening, Pending, Waiting, observe

MAX_MOVES: Final = 50
"""Steps somebody takes at one instant: a circle without a wait ends here, until the next look."""
RETRY_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Walk:
    """Somebody at a ``step`` ``since`` an instant. ``said`` is when the step's message was triggered.

    ``came`` says that the event which the step waits for has come. Instants in epoch seconds.
    """

    journey: str
    entered_at: int
    step: str
    since: int
    said: int | None = None
    came: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {name: value for name, value in asdict(self).items() if value not in (None, False)}


@dataclass(frozen=True, slots=True)
class Walked:
    """Who is where afterwards, what was triggered on the way, who came to an end, and when to look again."""

    walks: tuple[Walk, ...]
    triggered: tuple[Waiting, ...] = ()
    ended: tuple[str, ...] = ()
    due_at: int | None = None


def read_walks(raw: Any) -> tuple[Walk, ...]:
    """The walks that ``as_json`` told."""
    return tuple(Walk(**each) for each in raw or ())


def noticed(
    walks: Sequence[Walk], entering: Pending, journeys: Journeys, happened: Happening
) -> tuple[tuple[Walk, ...], Pending]:
    """What an event does: who waited for it waits no more, whom it sends away is gone, who may enter waits.

    ``entering`` are completed triggers of journeys; whether their people may enter is for ``entered`` to say.
    """
    kept = [each for each in walks if not _is_sent_away(each, journeys, happened)]
    moved = tuple(
        replace(each, came=True) if _is_awaited(each, journeys, happened) else each for each in kept
    )
    return moved, observe(journeys.entrances, entering, happened)


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
        if any(walk.journey == journey.id for walk in inside):
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
    ended: list[str] = []
    due: list[int] = []
    for each in walks:
        journey = journeys.by_id.get(each.journey)
        if journey is None or not journey.enabled:
            ended.append(each.journey)
            continue
        walk, said = _onwards(each, journey, attributes, {*waiting}, now)
        triggered += said
        if walk is None:
            ended.append(each.journey)
        else:
            stay.append(walk)
            due.append(_due(walk, journey, now))
    return Walked(tuple(stay), tuple(triggered), tuple(ended), min(due, default=None))


def _onwards(
    walk: Walk, journey: Journey, attributes: Mapping[str, Any], waiting: set[tuple[str, int]], now: int
) -> tuple[Walk | None, list[Waiting]]:
    said: list[Waiting] = []
    for _ in range(MAX_MOVES):
        step = journey.step(walk.step)
        if step is None:
            return None, said
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
            return None, said
        walk = Walk(walk.journey, walk.entered_at, following.id, at)
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
        if walk.came:
            return now, True
        over = walk.since + step.wait_for.within
        return (over, False) if now > over else None
    over = walk.since + (step.wait or 0)
    return (over, True) if now >= over else None


def _named(step: Step, succeeded: bool) -> str | None:  # noqa: FBT001 - the outcome is the point
    return step.then if succeeded else step.otherwise


def _holds(step: Step, attributes: Mapping[str, Any]) -> bool:
    return step.condition is None or step.condition.matches(attributes)


def _due(walk: Walk, journey: Journey, now: int) -> int:
    step = journey.step(walk.step)
    if step is None or walk.said is not None:
        return now + RETRY_S  # its message is looked after by itself
    if step.wait_for is not None:
        return walk.since + step.wait_for.within + 1
    return max(walk.since + (step.wait or 0), now + 1)


def _is_sent_away(walk: Walk, journeys: Journeys, happened: Happening) -> bool:
    journey = journeys.by_id.get(walk.journey)
    if journey is None or happened.name is None or happened.at < walk.entered_at:
        return False
    name, properties = happened.name, happened.properties
    return any(pattern.matches(name, properties) for pattern in journey.cancel_on)


def _is_awaited(walk: Walk, journeys: Journeys, happened: Happening) -> bool:
    journey = journeys.by_id.get(walk.journey)
    step = journey.step(walk.step) if journey else None
    if step is None or step.wait_for is None or happened.name is None:
        return False
    in_time = walk.since <= happened.at <= walk.since + step.wait_for.within
    return in_time and step.wait_for.pattern.matches(happened.name, happened.properties)


def _may_enter(journey: Journey, entries: Mapping[str, int], at: int, attributes: Mapping[str, Any]) -> bool:
    last = entries.get(journey.id)
    if last is not None and (journey.eligible_again is None or at < last + journey.eligible_again):
        return False
    return journey.enabled and (journey.audience is None or journey.audience.matches(attributes))

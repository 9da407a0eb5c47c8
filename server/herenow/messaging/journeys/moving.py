"""A person's journeys at the moment of a decision: who is let in, who goes on, what is written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.messaging.journeys.journeying import Journeying
from herenow.messaging.journeys.plan import Journeys
from herenow.messaging.journeys.walking import Ending, Walk, entered, walked
from herenow.messaging.records import Record
from herenow.messaging.state import Kept
from herenow_sdk.core.messages.identity import trigger_name
from herenow_sdk.core.messages.waiting import MAX_WAITING, Pending, Waiting

ENTERED: Final = "entered"
LEFT: Final = "left"
"""Outcomes of a journey, beside those of messages."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What is kept afterwards, with what was triggered among what waits; ``due`` is when to look again."""

    kept: Kept
    records: tuple[Record, ...] = ()
    due: tuple[int, ...] = ()


def moved_on(kept: Kept, journeys: Journeys, attributes: Mapping[str, Any], now: int) -> Moved:
    """Everybody as far as they come by now. Whoever is at a message waits until it is decided for good."""
    before = kept.journeying
    if not before:
        return Moved(kept)
    walks, entries, entering = entered(before.walks, before.entries, before.entering, journeys, attributes)
    on_the_way = (*kept.pending.waiting, *(each.waiting for each in kept.handing))
    found = walked(walks, journeys, attributes, {(each.campaign, each.at) for each in on_the_way}, now)
    triggered = tuple(_new(found.triggered, on_the_way))
    waiting = tuple(sorted((*kept.pending.waiting, *triggered), key=lambda each: each.at))
    after = replace(
        kept,
        pending=Pending(waiting[-MAX_WAITING:], kept.pending.progress),
        journeying=Journeying(found.walks, entries, entering),
    )
    let_in = (each for each in walks if each not in before.walks)
    records = (
        *(_record(each, ENTERED, ENTERED.upper(), now) for each in let_in),
        *(_ended(walk, ending, now) for walk, ending in found.ended),
    )
    due = (*([] if found.due_at is None else [found.due_at]), *(now for _ in triggered))
    return Moved(after, records, due)


def _new(triggered: Iterable[Waiting], known: Iterable[Waiting]) -> Iterator[Waiting]:
    """Each message once, though two journeys should say it at the same instant."""
    names = {trigger_name(each) for each in known}
    for each in triggered:
        if (name := trigger_name(each)) not in names:
            names.add(name)
            yield each


def _ended(walk: Walk, ending: Ending, now: int) -> Record:
    return _record(walk, LEFT, ending.value, now)


def _record(walk: Walk, outcome: str, reason: str, now: int) -> Record:
    told = {"campaign": walk.journey, "at": walk.entered_at, "outcome": outcome, "reason": reason}
    return Record(now, told | {"step": walk.step})

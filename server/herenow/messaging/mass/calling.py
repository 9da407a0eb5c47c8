"""Reaches everybody on the roll for the occurrences that are under way: a message each is triggered.

Nobody is sent anything here. Whoever an occurrence is for gets a trigger, due when their own clock says so;
what becomes of it is decided for them as late as the channel allows, as for every triggered message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.errors import Gone, Unavailable
from herenow.launch.local_time import named_zone
from herenow.launch.serving import ServingSet
from herenow.messaging.asking import ON_DEVICE
from herenow.messaging.mass.occurrences import Occurrence, occurrences
from herenow.messaging.mass.runs import Portion, Run, Runs, State, paced
from herenow.messaging.moments import zone_in_contract
from herenow.messaging.people import Person
from herenow.messaging.service import Parts
from herenow.messaging.state import Kept
from herenow.messaging.store import Change, Loaded
from herenow.profiles.installation import Installation
from herenow.profiles.roll import SHARDS, Roll
from herenow.scope import Scope
from herenow.storage.ports import VersionConflict
from herenow_sdk.core.messages.durations import read_duration
from herenow_sdk.core.messages.identity import message_id, trigger_name
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.messages.waiting import Pending, Waiting
from herenow_sdk.core.zones import UTC, Zone

MASS: Final = "mass"
BATCH: Final = 20
"""People of one transaction."""


@dataclass(frozen=True, slots=True)
class Called:
    """What one turn did: people looked at, messages triggered."""

    people: int = 0
    messages: int = 0

    def plus(self, people: int, messages: int) -> Called:
        """With more."""
        return Called(self.people + people, self.messages + messages)


@dataclass(frozen=True, slots=True)
class _Call:
    """An occurrence under way and its campaign."""

    run: Run
    occurrence: Occurrence
    campaign: Campaign
    pace: Mapping[str, Any]


class MassCaller:
    """One worker's part in the mass campaigns of an app; ``name`` tells it from other workers."""

    def __init__(self, parts: Parts, runs: Runs, roll: Roll, *, name: str) -> None:
        self._parts = parts
        self._runs = runs
        self._roll = roll
        self._name = name

    def turn(self, scope: Scope, *, limit: int = 1_000_000) -> Called:
        """Go on with everything under way, at most about ``limit`` people."""
        done = Called()
        try:
            serving = self._parts.serving.current(scope)
        except Unavailable:
            return done
        for call in self._under_way(serving):
            for shard in range(SHARDS):
                if done.people >= limit:
                    return done
                portion = self._runs.claim(scope, call.run, shard, self._name, int(self._parts.clock()))
                if portion is not None:
                    done = self._through(serving, call, portion, done, limit)
        return done

    def _under_way(self, serving: ServingSet) -> Iterator[_Call]:
        now, home = int(self._parts.clock()), _home(serving)
        for name, document in serving.documents.get("campaigns.json", {}).items():
            campaign = serving.bundle.messages.campaigns.get(name)
            if campaign is None or document.get("kind") != MASS or not campaign.enabled:
                continue
            for each in occurrences(campaign, home, now):
                published = serving.pointer.published_at
                begun = Run(each.campaign, each.name, each.begins, each.ends, State.RUNNING, published)
                run = self._runs.begin(serving.scope, begun)
                if run.state is State.RUNNING:
                    yield _Call(run, each, campaign, document.get("pace", {}))

    def _through(
        self, serving: ServingSet, call: _Call, portion: Portion, done: Called, limit: int
    ) -> Called:
        """A shard, page by page, until it is through, taken over, or called off."""
        following: Portion | None = portion
        while following is not None and done.people < limit:
            if not self._runs.is_running(serving.scope, call.run):
                return done
            names = self._roll.page(serving.scope, following.shard, following.cursor)
            called = self._page(serving, call, names.ids)
            now = int(self._parts.clock())
            following = self._runs.advance(
                serving.scope, following, names.cursor, len(names.ids), self._name, now
            )
            done = done.plus(len(names.ids), called)
        return done

    def _page(self, serving: ServingSet, call: _Call, ids: Sequence[str]) -> int:
        """Trigger the messages of those whom it is for; how many that were."""
        meant = [each for installation_id in ids if (each := self._meant(serving, call, installation_id))]
        if not meant:
            return 0
        first = self._runs.take_numbers(serving.scope, call.run, len(meant))
        numbered = list(enumerate(meant, first))
        for start in range(0, len(numbered), BATCH):
            self._trigger(serving, call, numbered[start : start + BATCH])
        return len(meant)

    def _meant(self, serving: ServingSet, call: _Call, installation_id: str) -> Installation | None:
        """The installation, if the occurrence is for its person and can reach them."""
        known = self._parts.installations.get(serving.scope, installation_id)
        if known is None or known.signed_out or known.suppressed:
            return None
        person, now = Person.of(serving.scope, known), int(self._parts.clock())
        moment = self._parts.moment(serving, known, person, now, present=False)
        if (moment.reach | ON_DEVICE).isdisjoint(call.campaign.channels):
            return None
        audience = call.campaign.audience
        return known if audience is None or audience.matches(moment.attributes) else None

    def _trigger(
        self, serving: ServingSet, call: _Call, numbered: Sequence[tuple[int, Installation]]
    ) -> None:
        now = int(self._parts.clock())
        keep_until = self._parts.keep_until(serving.scope, now)
        changes = [each for number, known in numbered if (each := self._change(serving, call, number, known))]
        distinct = list({each.loaded.person: each for each in changes}.values())
        if self._parts.store.write_all(distinct, now, keep_until) is not None:
            return
        for number, known in numbered:
            self._alone(serving, call, number, known, keep_until)

    def _alone(
        self, serving: ServingSet, call: _Call, number: int, known: Installation, keep_until: int
    ) -> None:
        """One person by themselves, again where somebody was faster."""
        for _ in range(5):
            change = self._change(serving, call, number, known)
            if change is None:
                return
            with suppress(VersionConflict):
                try:
                    self._parts.store.write(change, int(self._parts.clock()), keep_until)
                except Gone:
                    return
                return

    def _change(self, serving: ServingSet, call: _Call, number: int, known: Installation) -> Change | None:
        """What is kept with the message triggered; ``None`` when it was before, or was not to be."""
        person = Person.of(serving.scope, known)
        loaded = self._parts.store.load(person, known.id)
        per_s = read_duration(call.pace.get("per")) or 0
        begins = call.occurrence.at(_zone(known, serving))
        if call.occurrence.day is not None and begins < call.run.since:
            return None
        at = paced(begins, number, call.pace.get("max"), per_s)
        waiting = Waiting(call.campaign.id, at, int(self._parts.clock()))
        if _was_called(loaded, person, call, waiting):
            return None
        return Change(loaded, _with(loaded.kept, waiting, call.run, int(self._parts.clock())))


def _was_called(loaded: Loaded, person: Person, call: _Call, waiting: Waiting) -> bool:
    """Whether this occurrence has reached them: it waits, or was given or sent since it began."""
    kept, begins = loaded.kept, call.occurrence.begins
    said = [
        (each.campaign, each.at) for each in (*kept.pending.waiting, *(each.waiting for each in kept.handing))
    ]
    said += [(each.campaign, each.at) for each in (*kept.ledger, *kept.withheld)]
    since = any(name == waiting.campaign and at >= begins for name, at in said)
    return since or message_id(person.seed, waiting) in kept.given


def _with(kept: Kept, waiting: Waiting, run: Run, now: int) -> Kept:
    due = max(waiting.at, now)
    pending = Pending((*kept.pending.waiting, waiting), kept.pending.progress)
    told = {name: each for name, each in kept.told.items() if name != trigger_name(waiting)}
    due_at = due if kept.due_at is None else min(kept.due_at, due)
    runs = {**kept.runs, trigger_name(waiting): run.name}
    return replace(kept, pending=pending, told=told, due_at=due_at, runs=runs)


def _home(serving: ServingSet) -> Zone:
    return serving.bundle.messages.policy.zone or UTC


def _zone(known: Installation, serving: ServingSet) -> Zone:
    """The person's zone, else the app's."""
    named = named_zone(known.context.get("time_zone"))
    return (zone_in_contract(named) if named else None) or _home(serving)

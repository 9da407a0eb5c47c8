"""The worker: looks after whom something is due for, decides as late as can be, and hands messages over.

Three writes stand around a hand-off. The entry of a person is claimed; the message is reserved (it counts
against every cap from then on); what the courier answered is written down. Wherever a worker is killed, an
entry stands in the index, and another one goes on from what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from herenow.errors import Gone, Unavailable
from herenow.launch.serving import ServingSet
from herenow.measures.outcomes import Tally
from herenow.messaging.drafting import Draft, Drafting
from herenow.messaging.due import SHARDS, Claim, DueIndex, shard_of
from herenow.messaging.leaving import Leaving
from herenow.messaging.seams import HandedOver
from herenow.messaging.service import Parts, give_back
from herenow.messaging.settling import Answered, Settling
from herenow.messaging.store import Loaded
from herenow.profiles.persons import Persons
from herenow.scope import Scope
from herenow.storage.ports import VersionConflict

_log = structlog.get_logger(__name__)
BATCH: Final = 20
"""People of one transaction."""
CLAIMED: Final = 100
"""People claimed at once: few enough to be done with long before a claim ends."""
CALLED_OFF: Final = "called_off"
"""What became of a message that was not to leave any more when its turn came."""
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: people looked after, and messages by what became of them."""

    people: int = 0
    results: Mapping[str, int] = field(default_factory=dict)

    def plus(self, people: int, results: Iterable[str] = ()) -> Turn:
        """With more."""
        counted = dict(self.results)
        for each in results:
            counted[each] = counted.get(each, 0) + 1
        return Turn(self.people + people, counted)


class Worker:
    """One worker among several; ``name`` tells it from the others."""

    def __init__(self, parts: Parts, index: DueIndex, persons: Persons, *, name: str) -> None:
        self._parts = parts
        self._index = index
        self._name = name
        self._drafting = Drafting(parts, persons)
        self._leaving = Leaving(parts, self._drafting)
        self._settling = Settling(parts)

    def turn(self, scope: Scope, *, limit: int = 1_000_000) -> Turn:
        """Look after everybody for whom something is due now, at most about ``limit`` people."""
        done, shard, idle = Turn(), shard_of(self._name), 0
        while idle < SHARDS and done.people < limit:
            try:
                serving = self._parts.serving.current(scope)
            except Unavailable:
                return done
            now = int(self._parts.clock())
            claims = self._index.claim(scope, shard, self._name, now, CLAIMED)
            for start in range(0, len(claims), BATCH):
                done = self._looked_after(serving, claims[start : start + BATCH], done)
            if len(claims) < CLAIMED:  # nothing more, or another worker is at it: on to the next
                shard, idle = (shard + 1) % SHARDS, idle + 1
            else:
                idle = 0
        return done

    def _looked_after(self, serving: ServingSet, claims: Sequence[Claim], done: Turn) -> Turn:
        now = int(self._parts.clock())
        drafts = [draft for each in claims if (draft := self._draft(serving, each, now)) is not None]
        expires_at = self._parts.keep_until(serving.scope, now)
        changes = [each.change for each in drafts]
        written = self._parts.store.write_all(changes, now, expires_at) if len(drafts) > 1 else None
        if written is None:
            kept = [self._alone(serving, draft, now) for draft in drafts]
        else:
            kept = list(zip(drafts, written, strict=True))
        results: list[str] = []
        answered: list[Answered] = []
        came = Tally()
        for pair in kept:
            if pair is None:
                continue
            draft, loaded = pair
            came.add(draft.following.tally)
            if draft.outgoing:
                answers = [(each.handing, self._leaving.handed(draft, each)) for each in draft.outgoing]
                results += [
                    each.result if isinstance(each, HandedOver) else CALLED_OFF for _, each in answers
                ]
                answered.append(Answered(loaded, answers, replace(draft.following, tally=came)))
        self._settling.settle(serving, answered)
        self._parts.count(serving.scope, came)
        return done.plus(len(claims), results)

    def _draft(self, serving: ServingSet, claim: Claim, now: int) -> Draft | None:
        draft = self._drafting.draft(serving, claim, now)
        if draft is None:
            self._index.release(claim)
        return draft

    def _alone(self, serving: ServingSet, draft: Draft, now: int) -> tuple[Draft, Loaded] | None:
        """One person's change by itself, decided again where somebody was faster."""
        claim = draft.change.claim
        for _ in range(_ATTEMPTS):
            expires_at = self._parts.keep_until(serving.scope, now)
            try:
                return draft, self._parts.store.write(draft.change, now, expires_at)
            except VersionConflict:
                again = None if claim is None else self._drafting.draft(serving, claim, now, draft.reserved)
                if again is None:
                    return None
                give_back(self._parts, again.change.loaded.person, draft.reserved, again.change.kept)
                draft = again
            except Gone:
                return None
        _log.warning("left for the next turn", scope=str(serving.scope))
        return None

"""The worker: looks after whom something is due for, decides as late as can be, and hands messages over.

Three writes stand around a hand-off. The entry of a person is claimed; the message is reserved (it counts
against every cap from then on); what the courier answered is written down. Wherever a worker is killed, an
entry stands in the index, and another one goes on from what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import structlog

from herenow.errors import Gone, Unavailable
from herenow.launch.serving import ServingSet
from herenow.measures.outcomes import Tally
from herenow.messaging.asking import Moment
from herenow.messaging.due import SHARDS, Claim, DueIndex, shard_of
from herenow.messaging.following import Following
from herenow.messaging.handing import Settled, called_off, settled, taken_over
from herenow.messaging.moments import arrives_until, following_of
from herenow.messaging.people import Person
from herenow.messaging.records import Record
from herenow.messaging.seams import HandedOver, Letter, Occasion, Result, Unwritten
from herenow.messaging.service import Parts, Reserved, caught_up, give_back, in_words, looked_at, staged_by
from herenow.messaging.state import Handing, Kept
from herenow.messaging.store import Change, Loaded
from herenow.profiles.installation import Installation
from herenow.profiles.persons import Persons
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, VersionConflict
from herenow_sdk.core.messages.waiting import Pending

_log = structlog.get_logger(__name__)
BATCH: Final = 20
"""People of one transaction."""
CLAIMED: Final = 100
"""People claimed at once: few enough to be done with long before a claim ends."""
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


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """A message to hand over, as it was reserved."""

    handing: Handing
    content: Mapping[str, Any] | None
    ends: int


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was decided for one person, not yet written."""

    change: Change
    installation: Installation | None
    moment: Moment | None
    following: Following
    outgoing: tuple[_Outgoing, ...] = ()
    reserved: Reserved = field(default_factory=Reserved)


@dataclass(frozen=True, slots=True)
class _Settling:
    """The couriers' answers about the messages of one person."""

    loaded: Loaded
    answers: Sequence[tuple[Handing, HandedOver | None]]
    following: Following


class Worker:
    """One worker among several; ``name`` tells it from the others."""

    def __init__(self, parts: Parts, index: DueIndex, persons: Persons, *, name: str) -> None:
        self._parts = parts
        self._index = index
        self._persons = persons
        self._name = name

    def turn(self, scope: Scope, *, limit: int = 1_000_000) -> Turn:
        """Look after everybody for whom something is due now, at most about ``limit`` people."""
        done = Turn()
        try:
            serving = self._parts.serving.current(scope)
        except Unavailable:
            return done
        shard, idle = shard_of(self._name), 0
        while idle < SHARDS and done.people < limit:
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
        settling: list[_Settling] = []
        came = Tally()
        for pair in kept:
            if pair is None:
                continue
            draft, loaded = pair
            came.add(draft.following.tally)
            if draft.outgoing:
                answers = [(each.handing, self._handed(serving, draft, each)) for each in draft.outgoing]
                results += [answer.result if answer else "called_off" for _, answer in answers]
                settling.append(_Settling(loaded, answers, replace(draft.following, tally=came)))
        self._settle(serving, settling)
        self._parts.count(serving.scope, came)
        return done.plus(len(claims), results)

    def _draft(
        self, serving: ServingSet, claim: Claim, now: int, reserved: Reserved | None = None
    ) -> _Draft | None:
        """What is decided for one person now, not yet written; ``None`` for one of whom nothing is kept.

        ``reserved`` is what was taken for their messages when that was decided before.
        """
        person = claim.person
        loaded = self._parts.store.load(person)
        if loaded.version == ABSENT:
            self._index.release(claim)
            return None
        installation = self._installation(person, loaded.kept)
        if installation is None:
            nothing = replace(loaded.kept, due_at=None)
            return _Draft(Change(loaded, nothing, claim=claim), None, None, Following({}, ()))
        moment = self._parts.moment(serving, installation, person, now, present=False)
        over, again = taken_over(loaded.kept, now)
        following = following_of(serving, installation)
        kept, _ = caught_up(self._parts, over.kept, serving, _sources(person, over.kept), now, following)
        reserved = reserved or Reserved()
        looked = looked_at(
            self._parts, staged_by(kept, moment), moment, serving, installation, person, reserved, following
        )
        after = looked.drawn.kept
        fresh = [each for each in after.handing if each.message in looked.contents]
        outgoing = [self._outgoing(each, looked.contents[each.message], moment) for each in fresh]
        outgoing += [
            self._outgoing(each, self._words(serving, installation, person, each, moment), moment)
            for each in again
        ]
        change = Change(loaded, after, (*over.records, *looked.drawn.records), claim)
        following.recorded(change.records)
        return _Draft(change, installation, moment, following, tuple(outgoing), reserved)

    def _alone(self, serving: ServingSet, draft: _Draft, now: int) -> tuple[_Draft, Loaded] | None:
        """One person's change by itself, decided again where somebody was faster."""
        claim = draft.change.claim
        for _ in range(_ATTEMPTS):
            expires_at = self._parts.keep_until(serving.scope, now)
            try:
                return draft, self._parts.store.write(draft.change, now, expires_at)
            except VersionConflict:
                again = None if claim is None else self._draft(serving, claim, now, draft.reserved)
                if again is None:
                    return None
                give_back(self._parts, again.change.loaded.person, draft.reserved, again.change.kept)
                draft = again
            except Gone:
                return None
        _log.warning("left for the next turn", scope=str(serving.scope))
        return None

    def _handed(self, serving: ServingSet, draft: _Draft, outgoing: _Outgoing) -> HandedOver | None:
        """The courier's answer; ``None`` when an event called the message off just before."""
        handing, installation = outgoing.handing, draft.installation
        person, now = draft.change.loaded.person, int(self._parts.clock())
        if installation is None or draft.moment is None:
            return HandedOver(Result.REFUSED, "GONE")
        if outgoing.content is None:
            return HandedOver(Result.REFUSED, "UNWRITABLE")
        if now >= handing.until:
            return HandedOver(Result.RETRY_LATER, "TOO_SLOW")  # somebody else looks after it by now
        if self._touched(serving, person, draft.change.kept, handing, now) is not None:
            return None
        if outgoing.ends <= now:
            return HandedOver(Result.RETRY_LATER, "TOO_LATE_TO_ARRIVE")
        letter = Letter(
            handing.message,
            handing.waiting.campaign,
            handing.channel,
            outgoing.content,
            outgoing.ends,
            handing.silent,
        )
        return self._parts.couriers.hand_off(installation, person, letter, now)

    def _touched(
        self, serving: ServingSet, person: Person, kept: Kept, handing: Handing, now: int
    ) -> Handing | None:
        """The message as events changed it that came in since it was reserved; ``None`` where none did."""
        alone = replace(kept, pending=Pending((handing.waiting,), {}), items={}, lent=())
        nothing = Following({}, ())  # what is read here is read again, and counted then
        after, _ = caught_up(self._parts, alone, serving, _sources(person, kept), now, nothing)
        if not after.pending.waiting:
            return None
        waiting = after.pending.waiting[0]
        off = waiting.cancelled_at is not None or waiting.followed_by is not None
        return replace(handing, waiting=waiting) if off or waiting.at != handing.waiting.at else None

    def _settle(self, serving: ServingSet, settling: Sequence[_Settling]) -> None:
        """Write down what became of messages, and count it."""
        now = int(self._parts.clock())
        expires_at = self._parts.keep_until(serving.scope, now)
        changes = [_change(each.loaded, each.answers, now) for each in settling]
        if len(changes) > 1 and self._parts.store.write_all(changes, now, expires_at) is not None:
            self._give_back(changes)
            for change, each in zip(changes, settling, strict=True):
                _count(change, each, now)
            return
        for change, each in zip(changes, settling, strict=True):
            self._settle_alone(change, each, now, expires_at)

    def _settle_alone(self, change: Change, settling: _Settling, now: int, expires_at: int) -> None:
        for _ in range(_ATTEMPTS):
            with suppress(VersionConflict):
                self._parts.store.write(change, now, expires_at)
                self._give_back([change])
                _count(change, settling, now)
                return
            loaded = self._parts.store.load(settling.loaded.person)
            if loaded.version == ABSENT:
                return  # erased meanwhile
            change = _change(loaded, settling.answers, now)

    def _give_back(self, changes: Iterable[Change]) -> None:
        """Offers of messages that did not leave."""
        for each in changes:
            before = each.loaded.kept
            left = {handing.message for handing in before.handing}.difference(each.kept.given)
            give_back(self._parts, each.loaded.person, Reserved(left), each.kept)

    def _words(
        self,
        serving: ServingSet,
        installation: Installation,
        person: Person,
        handing: Handing,
        moment: Moment,
    ) -> Mapping[str, Any] | None:
        """The words of a message that is handed over again."""
        occasion = Occasion(
            serving,
            installation,
            person,
            moment.attributes,
            handing.message,
            handing.waiting.campaign,
            handing.channel,
            moment.clock.now,
            handing.item,
            handing.waiting.place,
            handing.offer,
            event=handing.waiting.event,
        )
        written = in_words(self._parts, occasion, set())
        return None if isinstance(written, Unwritten) else written.content

    def _outgoing(self, handing: Handing, content: Mapping[str, Any] | None, moment: Moment) -> _Outgoing:
        ends = arrives_until(moment.rules, moment, handing.channel, handing.expires_at)
        return _Outgoing(handing, content, ends)

    def _installation(self, person: Person, kept: Kept) -> Installation | None:
        """The installation that somebody was last heard of by; ``None`` when they are gone or have left."""
        ids = [person.installation_id] if person.installation_id else self._devices(person, kept)
        for each in ids:
            found = self._parts.installations.get(person.scope, each)
            if found is not None and not found.signed_out and not found.suppressed:
                return found
        return None

    def _devices(self, person: Person, kept: Kept) -> list[str]:
        ids = self._persons.installations_of(person.scope, person.subject or "")

        def last_heard(installation_id: str) -> int:
            heard = kept.heard.get(installation_id)
            return heard.received_ms if heard else 0

        return sorted(ids, key=last_heard, reverse=True)


def _change(loaded: Loaded, answers: Sequence[tuple[Handing, HandedOver | None]], now: int) -> Change:
    """What is kept after the answers of all couriers."""
    kept, records = loaded.kept, list[Record]()
    for handing, answer in answers:
        after: Settled
        if answer is None:
            off = replace(handing.waiting, cancelled_at=now)
            after = called_off(kept, handing, off, now)
        else:
            after = settled(kept, handing, answer, now)
        kept, records = after.kept, [*records, *after.records]
    return Change(loaded, kept, records)


def _count(change: Change, settling: _Settling, now: int) -> None:
    """What became of messages, and which of earlier ones had somebody silence the app before this one."""
    settling.following.recorded(change.records)
    for handing, answer in settling.answers:
        for _ in range(answer.dead if answer else 0):
            settling.following.silenced(change.kept.followed, handing.channel, now, but=handing.message)


def _sources(person: Person, kept: Kept) -> list[str]:
    """Every log that somebody was heard of by."""
    known = [*kept.heard, *(each for each in (person.installation_id, person.subject) if each)]
    return list(dict.fromkeys(known))

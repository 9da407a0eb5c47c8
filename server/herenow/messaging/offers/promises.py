"""Makes promises, frees them, takes word that they were used, and returns those that end unused.

A message has one promise however often it is asked for. All that makes one is a single transaction with
conditions: the promise itself, how many its person has had, the code out of the pool, the appointment at
which it ends. So no code is ever promised twice, and no person has more than their share, whoever asks at
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from herenow.clock import Clock
from herenow.identity.subjects import subject_mark
from herenow.launch.serving import ServingSet
from herenow.messaging.offers.appointments import Appointment, Appointments
from herenow.messaging.offers.codes import Codes, Free
from herenow.messaging.offers.counts import Counted, OfferCounts
from herenow.messaging.offers.promised import PREFIX, Promised, State, had, had_key, promise_key
from herenow.messaging.offers.terms import PURCHASE, REDEEMED, Terms, terms_of
from herenow.messaging.people import Person
from herenow.messaging.seams import NotPromised, Occasion, Promise
from herenow.scope import Scope
from herenow.storage.ports import (
    ABSENT,
    Check,
    Delete,
    Document,
    Documents,
    Key,
    LogRecord,
    Put,
    VersionConflict,
    Write,
    walk,
)

OVER: Final = "OFFER_OVER"
PER_PERSON: Final = "OFFER_HAD"
SPENT: Final = "BUDGET_SPENT"
NO_CODE: Final = "NO_CODE_LEFT"
BUSY: Final = "OFFER_BUSY"
_ATTEMPTS: Final = 20


class Use(StrEnum):
    """What came of word that an offer was used."""

    TAKEN = "taken"
    TOLD_BEFORE = "told_before"
    """By this very event."""
    TAKEN_BEFORE = "taken_before"
    EXPIRED = "expired"
    NOT_THEIRS = "not_theirs"
    """The code is one of the offer's, and was not promised to this person."""
    UNKNOWN_CODE = "unknown_code"
    NOT_PROMISED = "not_promised"


@dataclass(frozen=True, slots=True)
class Word:
    """That an offer was used: with which code, if that is told, ``at`` which instant, by which event."""

    offer: str
    code: str | None
    at: int
    event: str


def word_of(serving: ServingSet, record: Mapping[str, Any]) -> tuple[Terms, Word] | None:
    """What a stored beacon says of an offer's use, with the offer's terms; ``None`` where it says nothing."""
    offer = record.get("properties", {}).get("offer")
    terms = terms_of(serving, offer) if isinstance(offer, str) else None
    if terms is None or record["name"] not in {terms.event, REDEEMED, PURCHASE}:
        return None
    code = record["properties"].get("code")
    told = code if isinstance(code, str) else None
    return terms, Word(offer, told, record["at_ms"] // 1000, record["id"])


class StockedPromises:
    """The promises of a store."""

    def __init__(self, documents: Documents, *, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock
        self.counts = OfferCounts(documents)
        self.codes = Codes(documents, self.counts)
        self._appointments = Appointments(documents)

    def reserve(self, occasion: Occasion) -> Promise | NotPromised:
        """Promise ``occasion.offer`` to ``occasion.message``, or tell why not."""
        offer = occasion.offer or ""
        terms = terms_of(occasion.serving, offer)
        if terms is None or (terms.until is not None and terms.until <= occasion.now):
            return NotPromised(OVER)
        made = self._documents.get(promise_key(occasion.person, occasion.message))
        if made is not None and made.value["offer"] == offer:
            return _again(Promised.from_json(made.value))
        if made is not None:  # it was decided again, and makes another offer now
            self.give_back(occasion.person, occasion.message)
        scope, budget = occasion.serving.scope, terms.budget
        held = self.counts.count(scope, offer, Counted.HELD)
        within = budget is None or held <= budget
        reserved, is_new = self._made(occasion, offer, terms) if within else (NotPromised(SPENT), False)
        if not is_new:
            self.counts.count(scope, offer, Counted.HELD, -1)
        return reserved

    def _made(self, occasion: Occasion, offer: str, terms: Terms) -> tuple[Promise | NotPromised, bool]:
        """The promise, and whether it was made just here: then it stays counted."""
        scope, until = occasion.serving.scope, terms.ends(occasion.now)
        for _ in range(_ATTEMPTS):
            share = self._share(occasion, offer)
            if terms.per_person is not None and share.had >= terms.per_person:
                return NotPromised(PER_PERSON), False
            free = self.codes.free(scope, offer, occasion.message)[:1] if terms.pooled else []
            if terms.pooled and not free:
                return NotPromised(NO_CODE), False
            code = free[0].code if free else terms.fixed
            promised = Promised(offer, occasion.now, until, code, pooled=terms.pooled)
            with suppress(VersionConflict):
                self._documents.transact(list(self._making(occasion, promised, share, free)))
                return Promise(code, until), True
            made = self._documents.get(promise_key(occasion.person, occasion.message))
            if made is not None:  # somebody else has just made it
                return _again(Promised.from_json(made.value)), False
        return NotPromised(BUSY), False

    def _share(self, occasion: Occasion, offer: str) -> _Share:
        """How many they have had: as a person, and by this device before they were known."""
        person = occasion.person
        alone = Person.alone(person.scope, occasion.installation.id)
        keys = list(dict.fromkeys([had_key(person, offer), had_key(alone, offer)]))
        found = self._documents.batch_get(keys)
        own = found.get(keys[0])
        return _Share(keys[0], own, sum(had(found.get(key)) for key in keys))

    def _making(
        self, occasion: Occasion, promised: Promised, share: _Share, free: Sequence[Free]
    ) -> Iterator[Write]:
        person, message = occasion.person, occasion.message
        yield self._alive(person)
        yield Put(promise_key(person, message), promised.as_json(), ABSENT)
        yield Put(share.key, {"had": had(share.own) + 1}, share.own.version if share.own else ABSENT)
        for each in free:
            yield from self.codes.taking(person.scope, promised.offer, each, message)
        if promised.until is not None:
            yield self._appointments.make(person, message, promised.until, occasion.now)

    def _alive(self, person: Person) -> Check:
        """That nobody erases them meanwhile."""
        if person.subject is not None:
            return Check(subject_mark(person.scope, person.subject), ABSENT)
        own = Key(person.partition, "installation")
        stored = self._documents.get(own)
        return Check(own, stored.version if stored else 1)  # who is gone meets a conflict

    def give_back(self, person: Person, message: str) -> None:
        """Free what was kept for a message that is not shown after all; nothing happens when nothing was."""
        for _ in range(_ATTEMPTS):
            stored = self._documents.get(promise_key(person, message))
            if stored is None:
                return
            promised = Promised.from_json(stored.value)
            if promised.state is not State.OPEN:
                return
            share = self._documents.get(had_key(person, promised.offer))
            writes: list[Write] = [Delete(stored.key, stored.version)]
            writes += self._freed(person, message, promised)
            if share is not None:
                writes.append(Put(share.key, {"had": max(had(share) - 1, 0)}, share.version))
            with suppress(VersionConflict):
                self._documents.transact(writes)
                self.counts.count(person.scope, promised.offer, Counted.HELD, -1)
                return

    def sweep(self, scope: Scope) -> int:
        """Return every promise that has ended unused; how many they were."""
        return sum(self._returned(each) for each in self._appointments.due(scope, int(self._clock())))

    def _returned(self, due: Appointment) -> bool:
        stored = self._documents.get(promise_key(due.person, due.message))
        promised = Promised.from_json(stored.value) if stored else None
        if stored is None or promised is None or promised.state is not State.OPEN:
            self._documents.delete_if(due.entry)
            return False
        writes: list[Write] = [
            Put(stored.key, replace(promised, state=State.RETURNED).as_json(), stored.version),
            *self._freed(due.person, due.message, promised),
        ]
        try:
            self._documents.transact(writes)
        except VersionConflict:
            return False  # used at this moment, or returned by another worker
        self.counts.count(due.person.scope, promised.offer, Counted.HELD, -1)
        self.counts.count(due.person.scope, promised.offer, Counted.RETURNED)
        return True

    def _freed(self, person: Person, message: str, promised: Promised) -> Iterator[Write]:
        """The writes that give code and appointment back."""
        if promised.until is not None:
            yield self._appointments.cancelled(person, message, promised.until)
        if promised.pooled and promised.code is not None:
            yield from self.codes.returning(person.scope, promised.offer, promised.code)

    def heard(
        self, serving: ServingSet, people: Sequence[Person], records: Iterable[LogRecord], *, by_backend: bool
    ) -> None:
        """Take word of used offers out of beacons. ``people`` is one person in all that they are kept as.

        Reading the same again changes nothing.
        """
        offers: Mapping[str, Any] = serving.documents.get("offers.json", {})
        if not offers:
            return
        for record in records:
            found = word_of(serving, record.value)
            if found is not None and (by_backend or not found[0].by_backend):
                self.use(people, *found)

    def use(self, people: Sequence[Person], terms: Terms, word: Word) -> Use:
        """Note that one of these used an offer; what came of it. The same word again changes nothing."""
        for _ in range(_ATTEMPTS):
            theirs = [each for person in people for each in self._promises(person, word)]
            if any(promised.used_by == word.event for _, promised in theirs):
                return Use.TOLD_BEFORE
            in_time = [each for each in theirs if _is_open(each[1], word.at)]
            if not in_time:
                return self._why_not(people[0].scope, [promised for _, promised in theirs], terms, word)
            stored, promised = min(in_time, key=lambda each: each[1].at)
            with suppress(VersionConflict):
                self._documents.transact(list(_using(stored, promised, word)))
                self.counts.count(people[0].scope, word.offer, Counted.REDEEMED)
                return Use.TAKEN
        return Use.NOT_PROMISED

    def _promises(self, person: Person, word: Word) -> list[tuple[Document, Promised]]:
        kept = walk(self._documents, person.partition, prefix=PREFIX)
        promises = [(each, Promised.from_json(each.value)) for each in kept]
        return [
            (stored, each)
            for stored, each in promises
            if each.offer == word.offer and word.code in (None, each.code)
        ]

    def _why_not(self, scope: Scope, theirs: Sequence[Promised], terms: Terms, word: Word) -> Use:
        if any(each.state is State.REDEEMED for each in theirs):
            return Use.TAKEN_BEFORE
        if theirs:
            return Use.EXPIRED
        if word.code is None:
            return Use.NOT_PROMISED
        known = word.code == terms.fixed or self.codes.knows(scope, word.offer, word.code)
        return Use.NOT_THEIRS if known else Use.UNKNOWN_CODE


@dataclass(frozen=True, slots=True)
class _Share:
    """Where a person's share of an offer stands, and how many they have had with all their devices."""

    key: Key
    own: Document | None
    had: int


def _again(promised: Promised) -> Promise | NotPromised:
    """A promise that was made before."""
    if promised.state is State.RETURNED:
        return NotPromised(OVER)
    return Promise(promised.code, promised.until)


def _is_open(promised: Promised, at: int) -> bool:
    return promised.state is State.OPEN and (promised.until is None or at <= promised.until)


def _using(stored: Document, promised: Promised, word: Word) -> Iterator[Write]:
    """The writes of a use. The appointment stays: whoever keeps it finds nothing to return."""
    used = replace(promised, state=State.REDEEMED, used_by=word.event)
    yield Put(stored.key, used.as_json(), stored.version)

"""When to look again: one entry a person, in the minute in which something of theirs is due.

There is no scan in the stores, so time itself is a key: ``due-messages#<shard>#<minute>``. A cursor for each
shard tells the first minute that may still hold anything, and goes on only over minutes that are over and
empty: nothing due is passed over, however long no worker ran. A claim is a conditional write that ends by
itself, so what a killed worker had claimed is taken over.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from herenow.messaging.people import Person
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Document, Documents, Key, Put, VersionConflict, walk

SHARDS: Final = 8
MINUTE_S: Final = 60
CLAIM_S: Final = 60
"""A worker that has not done with what it claimed by then counts as dead."""
LATE_MINUTES: Final = 3
"""Minutes that a cursor stays behind: the clocks of processes differ."""
SCOPES: Final = "herenow#system#messages"
"""Where stands which apps have messages, so that a worker for all of them needs no scan."""
_ROOM: Final = "due-messages"
_CURSOR: Final = "from"
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """A person to look after, and the entry that says so as this worker claimed it."""

    person: Person
    entry: Key
    version: int


def due_key(person: Person, due_at: int) -> Key:
    """Where a person's entry stands."""
    return Key(_partition(person.scope, shard_of(person.room), due_at // MINUTE_S), person.room)


def due_entry(person: Person, due_at: int) -> Put:
    """The entry, claimed by nobody."""
    return Put(due_key(person, due_at), {"person": person.room, "at": due_at})


def shard_of(room: str) -> int:
    """The shard of a person: spreads the many who are due in one minute."""
    return zlib.crc32(room.encode()) % SHARDS


class DueIndex:
    """Reads and claims what is due."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._begun: set[Scope] = set()

    def begin(self, scope: Scope, now: int) -> None:
        """See to it that cursors exist before the first entry of a scope is written."""
        if scope in self._begun:
            return
        self._documents.put_if(Key(SCOPES, str(scope)), {})
        for shard in range(SHARDS):
            with suppress(VersionConflict):
                first = {"minute": now // MINUTE_S - LATE_MINUTES}
                self._documents.put_if(_cursor(scope, shard), first, version=ABSENT)
        self._begun.add(scope)

    def claim(self, scope: Scope, shard: int, worker: str, now: int, limit: int) -> list[Claim]:
        """Claim at most ``limit`` entries of a shard that are due and nobody else's; move its cursor."""
        stored = self._documents.get(_cursor(scope, shard))
        if stored is None:
            return []
        claimed: list[Claim] = []
        first, last = stored.value["minute"], now // MINUTE_S
        passed = first
        for minute in range(first, last + 1):
            found = False
            for page in self._pages(_partition(scope, shard, minute)):
                found = True
                claimed += self._claimed(scope, page, worker, now, limit - len(claimed))
                if len(claimed) >= limit:
                    break
            if not found and passed == minute and minute < last - LATE_MINUTES:
                passed = minute + 1
            if len(claimed) >= limit:
                break
        if passed > first:
            with suppress(VersionConflict):
                self._documents.put_if(stored.key, {"minute": passed}, version=stored.version)
        return claimed

    def release(self, claim: Claim) -> None:
        """Take away an entry that has nothing to say any more."""
        with suppress(VersionConflict):
            self._documents.delete_if(claim.entry, version=claim.version)

    def forget(self, person: Person) -> None:
        """Take away the entry of somebody who is erased: it names them."""
        stored = self._documents.get(person.state)
        due_at = stored.value.get("due_at") if stored else None
        if due_at is not None:
            self._documents.delete_if(due_key(person, due_at))

    def _pages(self, partition: str) -> Iterator[Sequence[Document]]:
        cursor: str | None = None
        while True:
            page = self._documents.query(partition, limit=_PAGE, cursor=cursor)
            if page.documents:
                yield page.documents
            cursor = page.cursor
            if cursor is None:
                return

    def _claimed(
        self, scope: Scope, entries: Sequence[Document], worker: str, now: int, limit: int
    ) -> list[Claim]:
        free = [
            each for each in entries if each.value["at"] <= now and each.value.get("claimed_until", 0) <= now
        ][:limit]
        if not free:
            return []
        puts = [_claim_of(each, worker, now) for each in free[:100]]
        try:
            self._documents.transact(puts)
        except VersionConflict:  # somebody else is at this page: they see to it
            return []
        return [_taken(scope, put) for put in puts]


def scopes_with_messages(documents: Documents) -> list[Scope]:
    """Every app and environment in which a message ever waited."""
    return [Scope(*each.key.sort.split("/")) for each in walk(documents, SCOPES)]


def _claim_of(entry: Document, worker: str, now: int) -> Put:
    claimed = {**entry.value, "claimed_by": worker, "claimed_until": now + CLAIM_S}
    return Put(entry.key, claimed, entry.version)


def _taken(scope: Scope, put: Put) -> Claim:
    return Claim(Person(scope, str(put.value["person"])), put.key, (put.version or 0) + 1)


def _partition(scope: Scope, shard: int, minute: int) -> str:
    return scope.partition(f"{_ROOM}#{shard}#{minute}")


def _cursor(scope: Scope, shard: int) -> Key:
    return Key(scope.partition(f"{_ROOM}#{shard}"), _CURSOR)

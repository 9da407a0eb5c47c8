"""What is kept of people about messages, written with the records and the entry of when it is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from herenow.errors import Gone
from herenow.identity.subjects import subject_mark
from herenow.messaging.due import Claim, DueIndex, due_entry, due_key
from herenow.messaging.mass.counting import moves
from herenow.messaging.mass.runs import Runs
from herenow.messaging.people import Person
from herenow.messaging.records import Record
from herenow.messaging.state import Kept, merged
from herenow.storage.ports import (
    ABSENT,
    MAX_TRANSACTION,
    Check,
    Delete,
    Document,
    Documents,
    Key,
    Put,
    VersionConflict,
    Write,
)

_ROOM_LEFT: Final = MAX_TRANSACTION - 10
"""Records in the transaction of a decision; the others of a very long one follow by themselves."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is kept, the version it was read at, and what of a joining installation goes with the write."""

    person: Person
    kept: Kept
    version: int
    joined: Document | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision leaves behind. ``claim`` is the entry it was due by."""

    loaded: Loaded
    kept: Kept
    records: Sequence[Record] = ()
    claim: Claim | None = None


class MessageStore:
    """The messages of all people of a store."""

    def __init__(self, documents: Documents, due: DueIndex) -> None:
        self._documents = documents
        self._due = due
        self._runs = Runs(documents)

    def load(self, person: Person, installation_id: str = "") -> Loaded:
        """What is kept; of an installation that has joined a person also what was kept of it before."""
        alone = Person.alone(person.scope, installation_id) if installation_id else person
        if alone == person:
            stored = self._documents.get(person.state)
            return _loaded(person, stored, None)
        found = self._documents.batch_get([person.state, alone.state])
        return _loaded(person, found.get(person.state), found.get(alone.state))

    def write(self, change: Change, now: int, expires_at: int) -> Loaded:
        """Keep a change. Raises ``VersionConflict`` when somebody was faster, ``Gone`` for who is erased."""
        kept = _dated(change.kept, now)
        if kept.due_at is not None:
            self._due.begin(change.loaded.person.scope, now)
        person = change.loaded.person
        puts = [each.put(person, expires_at) for each in _once(change.records, person)]
        state = [*self._state(change.loaded, kept, expires_at), *_moved(change, kept)]
        self._documents.transact([*state, *puts[:_ROOM_LEFT]])
        for start in range(_ROOM_LEFT, len(puts), MAX_TRANSACTION):
            self._documents.transact(puts[start : start + MAX_TRANSACTION])
        self._count([change], now)
        return Loaded(person, kept, change.loaded.version + 1)

    def write_all(self, changes: Sequence[Change], now: int, expires_at: int) -> list[Loaded] | None:
        """Keep the changes of several people in one transaction; ``None`` when none of them could be kept."""
        writes: list[Write] = []
        after: list[Loaded] = []
        for each in changes:
            kept = _dated(each.kept, now)
            if kept.due_at is not None:
                self._due.begin(each.loaded.person.scope, now)
            person = each.loaded.person
            puts = [record.put(person, expires_at) for record in _once(each.records, person)]
            writes += [*self._state(each.loaded, kept, expires_at), *_moved(each, kept), *puts]
            after.append(Loaded(person, kept, each.loaded.version + 1))
        if len(writes) > MAX_TRANSACTION:
            return None
        try:
            self._documents.transact(writes)
        except (VersionConflict, ValueError):
            return None
        self._count(changes, now)
        return after

    def _count(self, changes: Sequence[Change], now: int) -> None:
        """Where messages of runs stand now. After the write: a lost race counts nothing."""
        touched = [each for each in changes if each.loaded.kept.runs or each.kept.runs]
        if touched:
            moved = moves((each.loaded.kept, each.kept, each.records) for each in touched)
            self._runs.moved(touched[0].loaded.person.scope, moved, now)

    def _state(self, loaded: Loaded, kept: Kept, expires_at: int) -> Iterator[Write]:
        yield Put(loaded.person.state, kept.as_json(), loaded.version, expires_at)
        if loaded.version == ABSENT:
            yield self._alive(loaded.person)
        if loaded.joined is not None:
            yield Delete(loaded.joined.key, loaded.joined.version)

    def _alive(self, person: Person) -> Check:
        """That nobody erases them meanwhile. Raises ``Gone`` (ERASED)."""
        if person.subject is not None:
            return Check(subject_mark(person.scope, person.subject), ABSENT)
        own = self._documents.get(Key(person.partition, "installation"))
        if own is None:
            raise Gone("this installation was erased", code="ERASED")
        return Check(own.key, own.version)


def _loaded(person: Person, stored: Document | None, joining: Document | None) -> Loaded:
    kept = Kept.from_json(stored.value) if stored else Kept()
    if joining is not None:
        kept = merged(kept, Kept.from_json(joining.value))
    return Loaded(person, kept, stored.version if stored else ABSENT, joining)


def _dated(kept: Kept, now: int) -> Kept:
    """With an instant of the future: an entry is never put into a minute that may be over."""
    return kept if kept.due_at is None or kept.due_at >= now else replace(kept, due_at=now)


def _moved(change: Change, kept: Kept) -> Iterator[Write]:
    """The entry in the minute in which it is due now, and none in the one before."""
    person, before = change.loaded.person, change.loaded.kept.due_at
    old = {due_key(person, before)} if before is not None else set()
    old |= {change.claim.entry} if change.claim is not None else set()
    joined = change.loaded.joined
    if joined is not None and joined.value.get("due_at") is not None:
        room = joined.key.partition.removeprefix(person.scope.partition(""))
        old.add(due_key(Person(person.scope, room), joined.value["due_at"]))
    new = None if kept.due_at is None else due_entry(person, kept.due_at)
    yield from (Delete(key) for key in sorted(old) if new is None or key != new.key)
    if new is not None and (kept.due_at != before or change.claim is not None or joined is not None):
        yield new


def _once(records: Sequence[Record], person: Person) -> list[Record]:
    """One record of a key: two writes of one transaction may not meet."""
    return list({each.key(person): each for each in records}.values())

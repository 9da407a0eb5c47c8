"""When promises end: an entry each, in the hour after which it may be returned.

A use that is told late still counts: a promise ends for its person at its time, and goes back to the others
a day later. A cursor tells the first hour that may still hold anything; it goes on only over hours that are
over and empty, so nothing is passed over however long nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from herenow.messaging.people import Person
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Delete, Documents, Key, Put, VersionConflict, walk

GRACE_S: Final = 86_400
"""So long after its end a promise waits for word that it was used."""
HOUR_S: Final = 3600
_ROOM: Final = "due-offers"
_CURSOR: Final = "from"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A promise that may be returned, and the entry that says so."""

    person: Person
    message: str
    entry: Key


class Appointments:
    """Makes them, and finds those that are due."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._begun: set[Scope] = set()

    def make(self, person: Person, message: str, until: int, now: int) -> Put:
        """The entry for a promise. Sees to it that a cursor exists before the first one is written."""
        if person.scope not in self._begun:
            with suppress(VersionConflict):
                first = {"hour": now // HOUR_S}
                self._documents.put_if(_cursor(person.scope), first, version=ABSENT)
            self._begun.add(person.scope)
        return Put(_key(person, message, until), {"person": person.room, "message": message})

    def cancelled(self, person: Person, message: str, until: int) -> Delete:
        """The write by which an entry goes."""
        return Delete(_key(person, message, until))

    def due(self, scope: Scope, now: int) -> Iterator[Appointment]:
        """Every entry that is due; the cursor moves over what is over and empty."""
        stored = self._documents.get(_cursor(scope))
        if stored is None:
            return
        first, current = int(stored.value["hour"]), now // HOUR_S
        passed = first
        for hour in range(first, current):
            entries = list(walk(self._documents, _hour(scope, hour)))
            for each in entries:
                yield Appointment(Person(scope, each.value["person"]), each.value["message"], each.key)
            if not entries and passed == hour and hour < current - 1:
                passed = hour + 1
        if passed > first:
            with suppress(VersionConflict):
                self._documents.put_if(stored.key, {"hour": passed}, version=stored.version)


def _key(person: Person, message: str, until: int) -> Key:
    return Key(_hour(person.scope, (until + GRACE_S) // HOUR_S), f"{person.room}#{message}")


def _hour(scope: Scope, hour: int) -> str:
    return scope.partition(f"{_ROOM}#{hour}")


def _cursor(scope: Scope) -> Key:
    return Key(scope.partition(_ROOM), _CURSOR)

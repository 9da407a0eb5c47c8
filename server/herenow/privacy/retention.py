"""Retention: after the policy's days what a person did is forgotten.

There is no scan in the stores, so an appointment is kept: when an installation's log begins, it is put down
in the partition of the month in which its oldest record will be too old. Whoever comes along from then on
(the installation with new beacons, or ``herenow events expire``) forgets what is too old and makes the next
appointment. So there is one at a time for each installation, and an erasure knows where it stands.

Of people who are no installation, whom a backend or another vendor's client tells about, there is no such
appointment: the log's own days tell ``herenow events expire`` of whom it holds something too old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from herenow.clock import Clock
from herenow.privacy.records import Logs
from herenow.profiles.installation import Installation
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.ports import Check, Delete, Document, Documents, Key, Put, VersionConflict, Write, walk

DAY_S: Final = 86_400
MAX_DAYS: Final = 3650
"""Longest that a policy may keep anything: so far back appointments are looked for."""
SORT: Final = "retention"
_REMEMBERED: Final = 50_000


class Retention:
    """Makes appointments and keeps them. ``days_of`` tells the policy's days of a scope."""

    def __init__(
        self,
        documents: Documents,
        logs: Logs,
        installations: Installations,
        *,
        clock: Clock,
        days_of: Callable[[Scope], int],
    ) -> None:
        self._documents = documents
        self._logs = logs
        self._installations = installations
        self._clock = clock
        self._days_of = days_of
        self._seen: dict[tuple[Scope, str], int] = {}

    def heard(self, scope: Scope, installation: Installation) -> None:
        """See to the log of an installation that has just told something: once a day in each process."""
        today, who = int(self._clock()) // DAY_S, (scope, installation.id)
        if self._seen.get(who) == today:
            return
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()  # forgetting costs one read each
        appointment = self._appointment(scope, installation.id)
        if appointment is None or appointment.value["day"] <= today:
            self._keep(scope, installation, appointment)
        self._seen[who] = today

    def expire(self, scope: Scope) -> tuple[int, int]:
        """Forget all that is too old: of how many installations and people, and how many records."""
        now = int(self._clock())
        today = now // DAY_S
        installations = records = 0
        for due in self._due(scope, today):
            known = self._installations.get(scope, due.key.sort)
            if known is None:
                self._documents.delete_if(due.key)
                continue
            gone = self._keep(scope, known, self._appointment(scope, known.id))
            installations, records = installations + (gone > 0), records + gone
        oldest_ms = (now - self._days_of(scope) * DAY_S) * 1000
        for sender in self._logs.older(scope, oldest_ms):
            gone = self._of_sender(scope, sender, oldest_ms)
            installations, records = installations + (gone > 0), records + gone
        return installations, records

    def heard_of(self, scope: Scope, subject: str) -> None:
        """See to the log of a person who is no installation: once a day in each process."""
        now, who = int(self._clock()), (scope, subject)
        if self._seen.get(who) == now // DAY_S:
            return
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._of_sender(scope, subject, (now - self._days_of(scope) * DAY_S) * 1000)
        self._seen[who] = now // DAY_S

    def _of_sender(self, scope: Scope, sender_id: str, oldest_ms: int) -> int:
        """Forget what came in before; with the last record goes what was learned. How many there were."""
        gone = self._logs.forget_before(scope, sender_id, oldest_ms)
        if gone and not self._logs.read(scope, sender_id, 0, 1):
            self._logs.unlearn(scope, sender_id)
        return gone

    def cancel(self, scope: Scope, installation_id: str) -> None:
        """Take the appointment out of its month, for an erasure that deletes the rest."""
        appointment = self._appointment(scope, installation_id)
        if appointment is not None:
            self._documents.delete_if(_month(scope, appointment.value["day"], installation_id))

    def _keep(self, scope: Scope, known: Installation, kept: Document | None) -> int:
        """Forget what is too old and make the next appointment; how many records went."""
        now, days = int(self._clock()), self._days_of(scope)
        gone = self._logs.forget_before(scope, known.id, (now - days * DAY_S) * 1000)
        oldest = self._logs.read(scope, known.id, 0, 1)
        if not oldest:
            self._logs.unlearn(scope, known.id)
        day = oldest[0].value["received_ms"] // 1000 // DAY_S + days + 1 if oldest else None
        try:
            self._documents.transact(list(self._moved(scope, known, kept, day)))
        except VersionConflict:
            return (
                gone  # another process was faster, or the installation has changed: the next one sees to it
            )
        return gone

    def _moved(
        self, scope: Scope, known: Installation, kept: Document | None, day: int | None
    ) -> Iterator[Write]:
        """The writes that move the appointment to ``day``, unless the installation is erased meanwhile."""
        own = _own(scope, known.id)
        before = None if kept is None else _month(scope, kept.value["day"], known.id)
        after = None if day is None else _month(scope, day, known.id)
        if before is not None and before != after:
            yield Delete(before)
        if day is None or after is None:
            yield Delete(own)
            return
        yield Check(self._installations.put(scope, known).key, known.version)
        yield Put(own, {"day": day})
        yield Put(after, {"day": day})

    def _due(self, scope: Scope, today: int) -> Iterator[Document]:
        months = dict.fromkeys(_month(scope, day, "").partition for day in range(today - MAX_DAYS, today + 1))
        for partition in months:
            for each in list(walk(self._documents, partition)):
                if each.value["day"] <= today:
                    yield each

    def _appointment(self, scope: Scope, installation_id: str) -> Document | None:
        return self._documents.get(_own(scope, installation_id))


def _own(scope: Scope, installation_id: str) -> Key:
    return Key(scope.partition(f"installation#{installation_id}"), SORT)


def _month(scope: Scope, day: int, installation_id: str) -> Key:
    month = datetime.fromtimestamp(day * DAY_S, UTC).strftime("%Y-%m")
    return Key(scope.partition(f"due#{month}"), installation_id or "-")

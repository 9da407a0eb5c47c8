"""Beacons of people who are no installation: from a customer's backend, or from another vendor's client.

They bear ids in place of numbers. A batch may speak of many people: each has a log of their own, and what is
wrong with one record costs neither its neighbours nor other people.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from herenow.beacons.ids import IdSets, Known
from herenow.beacons.judging import Received, Refused, id_of, judge_one, refused
from herenow.beacons.marks import log_partition
from herenow.beacons.model import DoorFault, Outcome, Rejection, Sender
from herenow.beacons.people import People
from herenow.beacons.service import Beacons
from herenow.canonical import canonical_json
from herenow.clock import Clock
from herenow.errors import Unavailable
from herenow.scope import Scope
from herenow.storage.ports import Documents, EventLog, VersionConflict

_ATTEMPTS: Final = 5
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Told:
    """One record: where it stood in its batch, whose it is (``None``: it does not say), the beacon."""

    index: int
    subject: str | None
    beacon: Any


class ForeignBeacons:
    """Takes beacons by subject."""

    def __init__(
        self, documents: Documents, log: EventLog, beacons: Beacons, people: People, *, clock: Clock
    ) -> None:
        self._log = log
        self._ids = IdSets(documents, log)
        self._beacons = beacons
        self._people = people
        self._clock = clock

    def accept(
        self, scope: Scope, batch: Sequence[Told], sent_at: Any = None, *, history: bool = False
    ) -> Outcome:
        """Store what counts; durable when this returns. The same again adds nothing.

        ``history`` takes what is as old as the app keeps anything, for people known long before. Raises
        ``Unavailable`` when the log cannot be written: then some of it may be stored, and the batch can
        be sent again.
        """
        received_ms = int(self._clock() * 1000)
        rules = self._beacons.rules(scope)
        oldest = received_ms - rules.retention_days * _DAY_MS if history else None
        received = Received(received_ms, sent_at, rules, oldest)
        outcomes = [self._of_one(scope, subject, told, received) for subject, told in _by_subject(batch)]
        return Outcome(
            sum(each.accepted for each in outcomes),
            sum(each.duplicates for each in outcomes),
            tuple(sorted((every for each in outcomes for every in each.rejected), key=lambda it: it.index)),
        )

    def forget(self, scope: Scope, subject: str) -> int:
        """Let nobody read a subject's beacons any more; how many there were."""
        return self._log.forget(log_partition(scope, subject))

    def _of_one(
        self, scope: Scope, subject: str | None, batch: Sequence[Told], received: Received
    ) -> Outcome:
        if subject is None:
            return _all_refused(batch, refused(DoorFault.NO_SUBJECT))
        person = self._people.read(scope, subject)
        if person.erased:
            return _all_refused(batch, refused(DoorFault.ERASED))
        sender = Sender(subject, person.consent, numbered=False)
        now = received.at_ms // 1000
        for _ in range(_ATTEMPTS):
            known = self._ids.read(scope, subject, now, whole=received.oldest_ms is not None)
            records, outcome = _judged(batch, sender, known, received)
            if not records:
                return outcome
            with suppress(VersionConflict):  # another request about the person: see what it stored
                self._log.append(log_partition(scope, subject), records.values(), after=known.position)
                self._ids.keep(scope, subject, known, records, now)
                return outcome
        raise Unavailable("The person's events come in too many ways at once")


def beacon_id(told: Any, otherwise: Any) -> str:
    """A beacon's id made of a foreign one: a UUID stays, any other text becomes one, always the same.

    Without an id it is made of ``otherwise``, so that the same content repeated is recognised.
    """
    if isinstance(told, str) and _UUID.fullmatch(told.lower()):
        return told.lower()
    seed = told.encode() if isinstance(told, str) and told else canonical_json(otherwise)
    digest = hashlib.sha256(seed).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _judged(
    batch: Sequence[Told], sender: Sender, known: Known, received: Received
) -> tuple[Mapping[str, Mapping[str, Any]], Outcome]:
    """The new records by id, and what to answer once they are stored."""
    records: dict[str, Mapping[str, Any]] = {}
    rejected: list[Rejection] = []
    duplicates = 0
    for told in batch:
        judged = judge_one(told.beacon, sender, received)
        if isinstance(judged, Refused):
            rejected.append(_rejection(told, judged))
        elif judged["id"] in records or known.holds(judged["id"]):
            duplicates += 1
        elif len(records) >= known.room:
            rejected.append(_rejection(told, refused(DoorFault.TOO_MANY_TODAY)))
        else:
            records[judged["id"]] = judged
    return records, Outcome(len(records), duplicates, tuple(rejected))


def _by_subject(batch: Sequence[Told]) -> Sequence[tuple[str | None, Sequence[Told]]]:
    found: defaultdict[str | None, list[Told]] = defaultdict(list)
    for told in batch:
        found[told.subject].append(told)
    return tuple(found.items())


def _all_refused(batch: Sequence[Told], why: Refused) -> Outcome:
    return Outcome(0, 0, tuple(_rejection(told, why) for told in batch))


def _rejection(told: Told, why: Refused) -> Rejection:
    return Rejection(told.index, id_of(told.beacon), why.code.value, why.detail)

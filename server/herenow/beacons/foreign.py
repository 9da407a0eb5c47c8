"""Beacons of people who are no installation: from a customer's backend, or from another vendor's client.

They bear ids in place of numbers. A batch may speak of many people: each has a log of their own, and what is
wrong with one record costs neither its neighbours nor other people.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.beacons.ids import NOTHING, IdSets, Known
from herenow.beacons.judging import Received, Refused, cautions, id_of, judge_one, refused
from herenow.beacons.marks import log_partition
from herenow.beacons.model import Caution, DoorFault, Outcome, Rejection, Sender
from herenow.beacons.people import People
from herenow.beacons.service import Beacons, Noting
from herenow.canonical import canonical_json
from herenow.clock import Clock
from herenow.errors import Unavailable
from herenow.scope import Scope
from herenow.storage.ports import Append, Documents, EventLog, VersionConflict

_ATTEMPTS: Final = 5
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Told:
    """One record: where it stood in its batch, whose it is (``None``: it does not say), the beacon."""

    index: int
    subject: str | None
    beacon: Any


@dataclass(frozen=True, slots=True)
class _Judged:
    """One subject's part of a batch: the answer, and the new records by id after what was known."""

    subject: str | None
    outcome: Outcome
    records: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    known: Known = NOTHING
    consent: Mapping[str, str] = field(default_factory=dict)

    @property
    def sender_id(self) -> str:
        """The subject, of whom there are records."""
        return self.subject or ""

    def append_to(self, scope: Scope, noting: Noting) -> Append:
        """What the log is asked to take."""
        partition = log_partition(scope, self.sender_id)
        return Append(partition, noting(scope, tuple(self.records.values()), {}), self.known.position)


class ForeignBeacons:
    """Takes beacons by subject.

    ``taken`` is told of whom something was stored; ``settle``, before that, by which consent it was judged.
    """

    def __init__(
        self,
        documents: Documents,
        log: EventLog,
        beacons: Beacons,
        people: People,
        *,
        clock: Clock,
        taken: Callable[[Scope, str], object] = lambda _, __: None,
        settle: Callable[[Scope, str, Mapping[str, str]], object] = lambda _, __, ___: None,
    ) -> None:
        self._log = log
        self._ids = IdSets(documents, log)
        self._beacons = beacons
        self._people = people
        self._clock = clock
        self.taken = taken
        self._settle = settle

    def accept(
        self, scope: Scope, batch: Sequence[Told], sent_at: Any = None, *, history: bool = False
    ) -> Outcome:
        """Store what counts; durable when this returns. The same again adds nothing.

        ``history`` takes what is as old as the app keeps anything, for people known long before, and does not
        warn of items that are gone. Raises
        ``Unavailable`` when the log cannot be written: then some of it may be stored, and the batch can
        be sent again.
        """
        received_ms = int(self._clock() * 1000)
        rules = self._beacons.rules(scope)
        oldest = received_ms - rules.retention_days * _DAY_MS if history else None
        has_item = None if history else self._beacons.items_of(scope)
        received = Received(received_ms, sent_at, rules, oldest, has_item)
        waiting = _by_subject(batch)
        outcomes: list[Outcome] = []
        for attempt in range(_ATTEMPTS):
            judged = [
                self._judged(scope, subject, told, received, again=attempt > 0) for subject, told in waiting
            ]
            conflicts = self._stored(scope, [each for each in judged if each.records], received)
            outcomes += [each.outcome for each in judged if each.subject not in conflicts]
            waiting = [(subject, told) for subject, told in waiting if subject in conflicts]
            if not waiting:
                return _summed(outcomes)
        raise Unavailable("People's events come in too many ways at once")

    def _judged(
        self, scope: Scope, subject: str | None, batch: Sequence[Told], received: Received, *, again: bool
    ) -> _Judged:
        """What is to be stored of one subject, and answered once it is."""
        if subject is None:
            return _Judged(subject, _all_refused(batch, refused(DoorFault.NO_SUBJECT)))
        person = self._people.read(scope, subject)
        if person.erased:
            return _Judged(subject, _all_refused(batch, refused(DoorFault.ERASED)))
        whole = received.oldest_ms is not None
        known = self._ids.read(scope, subject, received.at_ms // 1000, whole=whole, to_end=again)
        return _of_known(batch, Sender(subject, person.consent, numbered=False), known, received)

    def _stored(self, scope: Scope, judged: Sequence[_Judged], received: Received) -> set[str | None]:
        """Store it with one wait for the log; of whom somebody else stored something meanwhile."""
        appends = [each.append_to(scope, self._beacons.noted) for each in judged]
        conflicts: set[str | None] = set()
        for each, told in zip(judged, self._log.append_each(appends), strict=True):
            if isinstance(told, VersionConflict):
                conflicts.add(each.subject)
            else:
                self._ids.keep(scope, each.sender_id, each.known, each.records, received.at_ms // 1000)
                self._settle(scope, each.sender_id, each.consent)
                self.taken(scope, each.sender_id)
        return conflicts


def beacon_id(told: Any, otherwise: Any) -> str:
    """A beacon's id made of a foreign one: a UUID stays, any other text becomes one, always the same.

    Without an id it is made of ``otherwise``, so that the same content repeated is recognised.
    """
    if isinstance(told, str) and _UUID.fullmatch(told.lower()):
        return told.lower()
    seed = told.encode() if isinstance(told, str) and told else canonical_json(otherwise)
    digest = hashlib.sha256(seed).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _of_known(batch: Sequence[Told], sender: Sender, known: Known, received: Received) -> _Judged:
    records: dict[str, Mapping[str, Any]] = {}
    rejected: list[Rejection] = []
    warnings: list[Caution] = []
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
            warnings += cautions(told.index, judged, received)
    outcome = Outcome(len(records), duplicates, tuple(rejected), tuple(warnings))
    return _Judged(sender.id, outcome, records, known, sender.consent)


def _summed(outcomes: Sequence[Outcome]) -> Outcome:
    """Of all subjects together, what is told of single ones by their place in the batch."""
    return Outcome(
        sum(each.accepted for each in outcomes),
        sum(each.duplicates for each in outcomes),
        tuple(sorted((every for each in outcomes for every in each.rejected), key=lambda it: it.index)),
        tuple(sorted((every for each in outcomes for every in each.warnings), key=lambda it: it.index)),
    )


def _by_subject(batch: Sequence[Told]) -> Sequence[tuple[str | None, Sequence[Told]]]:
    found: defaultdict[str | None, list[Told]] = defaultdict(list)
    for told in batch:
        found[told.subject].append(told)
    return tuple(found.items())


def _all_refused(batch: Sequence[Told], why: Refused) -> Outcome:
    return Outcome(0, 0, tuple(_rejection(told, why) for told in batch))


def _rejection(told: Told, why: Refused) -> Rejection:
    return Rejection(told.index, id_of(told.beacon), why.code.value, why.detail)

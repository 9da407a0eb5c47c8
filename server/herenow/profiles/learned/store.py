"""Learned profiles: read, kept up with the log, and rebuilt from it.

The log is the truth and a profile a fold over it: one that is lost, damaged or of another version is made
again by reading. What is stored says how far it read, so a crash between log and profile is repaired by
whoever comes next, and of two who fold at once the faster stores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from herenow.identity.subjects import subject_partition
from herenow.profiles.installation import Installation
from herenow.profiles.learned.document import NOTHING, Learned
from herenow.profiles.learned.folding import caught_up
from herenow.profiles.learned.merging import summed, told
from herenow.profiles.learned.packing import restored, stored
from herenow.scope import Scope
from herenow.storage.ports import (
    ABSENT,
    Check,
    Document,
    Documents,
    EventLog,
    Key,
    Put,
    VersionConflict,
    walk,
)

SORT: Final = "profile"
"""In the partition of the installation or the person, so that export and erasure cover it."""
_CUSTOMER: Final = "customer"
_LINK: Final = "installation#"
_DEVICE: Final = "installation"
_PAGE: Final = 1000
_MOST_DEVICES: Final = 50
"""Devices of one person that are summed; the first by their ids."""

_DIGEST: Final = 16

PartitionOf = Callable[[Scope, str], str]
ConsentOf = Callable[[Scope, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a replay found: how many records, whether they teach what is stored, whether anything was."""

    records: int
    same: bool
    stored: bool


_NOT_LEARNED: Final = Difference(0, same=True, stored=False)


@dataclass(frozen=True, slots=True)
class _Source:
    """Whose log it is, and what must be unchanged for a first profile of it to be stored."""

    sender: str
    unchanged: Check


class Profiles:
    """The learned profiles of a store.

    ``partition_of`` names the log of an installation or person, ``consent_of`` tells what a person allows.
    """

    def __init__(
        self, documents: Documents, log: EventLog, *, partition_of: PartitionOf, consent_of: ConsentOf
    ) -> None:
        self._documents = documents
        self._log = log
        self._partition_of = partition_of
        self._consent_of = consent_of

    def read(self, scope: Scope, installation: Installation) -> Learned:
        """What is known of the installation's person: of all their devices, and of what the backend told.

        Nothing where the person does not allow it, or has signed out of this device.
        """
        if not learns(installation.consent) or installation.signed_out:
            return NOTHING
        if installation.belongs_to is not None:
            return self._person(scope, installation.belongs_to.subject)
        key = _own(scope, installation.id)
        return self._fold(scope, key, self._documents.get(key), _of_device(scope, installation))

    def learn(self, scope: Scope, installation: Installation) -> bool:
        """Fold what an installation told since; whether there was anything. Nothing without consent."""
        if not learns(installation.consent):
            return False
        key = _own(scope, installation.id)
        held = self._documents.get(key)
        grown = self._fold(scope, key, held, _of_device(scope, installation))
        return grown.at != (held.value.get("at") if held else 0)

    def learn_of(self, scope: Scope, subject: str) -> None:
        """Fold what a backend told of a person since; without consent, delete what was learned."""
        key, customer = _theirs(scope, subject), _customer(scope, subject)
        found = self._documents.batch_get([key, customer])
        if learns(self._consent_of(scope, subject)):
            self._fold(scope, key, found.get(key), _of_backend(scope, subject, found.get(customer)))
        elif key in found:
            self._documents.delete_if(key)

    def token(self, scope: Scope, installation: Installation) -> str:
        """Another whenever what ``read`` sums is another: of each of the person's devices, of the backend."""
        if not learns(installation.consent) or installation.signed_out:
            return ""
        if installation.belongs_to is None:
            key = _own(scope, installation.id)
            return _edition(self._documents.batch_get([key]).get(key))
        subject = installation.belongs_to.subject
        ids = self._devices(scope, subject)
        devices = [_own(scope, each) for each in ids]
        keys = [*devices, _theirs(scope, subject), _customer(scope, subject)]
        found = self._documents.batch_get(keys)
        editions = ".".join(_edition(found.get(key)) for key in keys)
        return f"{editions}.{_digest(ids)}" if len(ids) > 1 else editions

    def replay(self, scope: Scope, installation: Installation, *, keep: bool = True) -> Difference:
        """Learn an installation again from the first record of its log; ``keep`` stores what differs."""
        key, source = _own(scope, installation.id), _of_device(scope, installation)
        return self._replay(scope, key, source, keep=keep) if learns(installation.consent) else _NOT_LEARNED

    def replay_of(self, scope: Scope, subject: str, *, keep: bool = True) -> Difference:
        """Learn again what a backend told of a person; as ``replay``."""
        customer = self._documents.get(_customer(scope, subject))
        source = _of_backend(scope, subject, customer)
        allowed = learns(self._consent_of(scope, subject))
        return self._replay(scope, _theirs(scope, subject), source, keep=keep) if allowed else _NOT_LEARNED

    def _replay(self, scope: Scope, key: Key, source: _Source, *, keep: bool) -> Difference:
        held = self._documents.get(key)
        known = restored(held.value) if held else None
        through = known.at if known is not None else None
        anew, records = self._from(scope, source.sender, NOTHING, through)
        same = known == anew if known is not None else not anew.knows
        if keep and not same:
            self._keep(key, anew, held, source.unchanged)
        return Difference(records, same, held is not None)

    def _person(self, scope: Scope, subject: str) -> Learned:
        """The sum over the devices of a person that let us learn, and the backend's part."""
        theirs = {each.key.sort: each for each in walk(self._documents, subject_partition(scope, subject))}
        ids = [sort.removeprefix(_LINK) for sort in theirs if sort.startswith(_LINK)][:_MOST_DEVICES]
        found = self._documents.batch_get([key(scope, each) for each in ids for key in (_own, _device)])
        parts = []
        for each in ids:
            device, key = found.get(_device(scope, each)), _own(scope, each)
            if device is not None and learns(device.value["consent"]):
                source = _Source(each, Check(device.key, device.version))
                parts.append(self._fold(scope, key, found.get(key), source))
        return summed([*parts, *self._backend(scope, subject, theirs)])

    def _devices(self, scope: Scope, subject: str) -> list[str]:
        """The ids of the devices that are summed."""
        links = walk(self._documents, subject_partition(scope, subject), prefix=_LINK)
        return [each.key.sort.removeprefix(_LINK) for each in links][:_MOST_DEVICES]

    def _backend(self, scope: Scope, subject: str, theirs: Mapping[str, Document]) -> Sequence[Learned]:
        customer = theirs.get(_CUSTOMER)
        if not learns(self._consent_of(scope, subject)):
            return ()
        source = _of_backend(scope, subject, customer)
        log = self._fold(scope, _theirs(scope, subject), theirs.get(SORT), source)
        return log, _told(customer.value) if customer else NOTHING

    def _fold(self, scope: Scope, key: Key, held: Document | None, source: _Source) -> Learned:
        """The profile caught up with the log; stored when that changed it and it fits."""
        known = (restored(held.value) if held else None) or NOTHING
        grown, records = self._from(scope, source.sender, known, None)
        if records:
            self._keep(key, grown, held, source.unchanged)
        return grown

    def _from(self, scope: Scope, sender: str, known: Learned, through: int | None) -> tuple[Learned, int]:
        """The profile after the records that follow it (up to a position), and how many those were."""
        partition, records = self._partition_of(scope, sender), 0
        while page := self._log.consume(partition, known.at, limit=_PAGE):
            wanted = [each for each in page if through is None or each.position <= through]
            known = caught_up(known, wanted)
            records += len(wanted)
            if len(wanted) < len(page) or len(page) < _PAGE:
                break
        return known, records

    def _keep(self, key: Key, learned: Learned, held: Document | None, unchanged: Check) -> None:
        """Store it; somebody faster is fine, and what does not fit just now waits for the next guard.

        The first time it must still be allowed: a withdrawal or an erasure meanwhile deleted what there was.
        """
        document = stored(learned)
        if document is None:
            return
        with suppress(VersionConflict):
            if held is not None:
                self._documents.put_if(key, document, version=held.version)
            else:
                self._documents.transact([Put(key, document, ABSENT), unchanged])


def _digest(ids: Sequence[str]) -> str:
    """Which devices they are, so that one in place of another is another sum."""
    return sha256(" ".join(ids).encode()).hexdigest()[:_DIGEST]


def learns(consent: Mapping[str, str]) -> bool:
    """Whether a person allows to be learned of: personalization granted, analytics not denied."""
    return consent.get("personalization") == "granted" and consent.get("analytics") != "denied"


def _own(scope: Scope, installation_id: str) -> Key:
    return Key(scope.partition(f"installation#{installation_id}"), SORT)


def _theirs(scope: Scope, subject: str) -> Key:
    return Key(subject_partition(scope, subject), SORT)


def _customer(scope: Scope, subject: str) -> Key:
    return Key(subject_partition(scope, subject), _CUSTOMER)


def _device(scope: Scope, installation_id: str) -> Key:
    return Key(scope.partition(f"installation#{installation_id}"), _DEVICE)


def _of_device(scope: Scope, installation: Installation) -> _Source:
    return _Source(installation.id, Check(_device(scope, installation.id), installation.version))


def _of_backend(scope: Scope, subject: str, customer: Document | None) -> _Source:
    version = customer.version if customer else ABSENT
    return _Source(subject, Check(_customer(scope, subject), version))


def _told(customer: Mapping[str, Any]) -> Learned:
    """The tastes of a person's document, each facet as old as it is told to be, else as the document is."""
    since = customer.get("liked_at", {})
    tastes = customer["tastes"]
    return told(tastes, {facet: since.get(facet, customer["updated_at"]) for facet in tastes})


def _edition(held: Document | None) -> str:
    """How far a profile had read; of what a backend told, when it told it."""
    return "" if held is None else str(held.value.get("at", held.value.get("updated_at", "")))

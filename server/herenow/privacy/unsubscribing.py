"""Ending a channel by the link of a message: what the person would have said in the app, on every device.

Consent to the channel is withdrawn of each installation and of the person as the app's backend knows them.
That, when, and by which campaign's link stays in the partition of whose it is; the campaign's measures count
it as harm, once for a change of mind.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from herenow.beacons.people import People
from herenow.channels.unsubscribing import Unsubscription
from herenow.clock import Clock
from herenow.errors import Conflict, Gone
from herenow.identity.subjects import subject_mark, subject_partition
from herenow.measures.counters import Counters
from herenow.measures.outcomes import Moment, Outcome, Tally
from herenow.privacy.consent import Consents
from herenow.privacy.withdrawal import DENIED
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Check, Documents, Key, Put, VersionConflict

_SORT: Final = "unsubscribed#"
_ATTEMPTS: Final = 5


class Unsubscribing:
    """Carries out what a link says."""

    def __init__(
        self,
        documents: Documents,
        installations: Installations,
        persons: Persons,
        people: People,
        consents: Consents,
        counters: Counters,
        *,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._installations = installations
        self._persons = persons
        self._people = people
        self._consents = consents
        self._counters = counters
        self._clock = clock

    def end(self, told: Unsubscription) -> None:
        """Withdraw consent to the channel; again is safe, and nothing of who was erased comes back.

        Raises ``Conflict`` when others keep changing what is written.
        """
        now = int(self._clock())
        record = {"at": now, "campaign": told.campaign}
        subject = told.recipient.subject
        ended = subject is not None and self._of_person(told, subject, record)
        for each in self._devices(told):
            with suppress(Gone):
                ended |= self._of_device(told, each, record if subject is None else None)
        if ended:
            tally = Tally()
            tally.count(told.campaign, Moment.of(now, 0), Outcome.UNSUBSCRIBED)
            self._counters.add(told.scope, tally)

    def _devices(self, told: Unsubscription) -> list[str]:
        whom = told.recipient
        ids = set(self._persons.installations_of(told.scope, whom.subject)) if whom.subject else set()
        return sorted(ids | ({whom.installation} if whom.installation else set()))

    def _of_person(self, told: Unsubscription, subject: str, record: dict[str, Any]) -> bool:
        """Whether the channel had not been denied before, as the backend knows them."""
        known = self._people.read(told.scope, subject)
        if known.erased:
            return False  # or suppressed: everything is denied
        self._people.change(told.scope, subject, {told.channel: DENIED}, {})
        kept = Put(Key(subject_partition(told.scope, subject), f"{_SORT}{told.channel}"), record)
        with suppress(VersionConflict):  # erased meanwhile
            self._documents.transact([kept, Check(subject_mark(told.scope, subject), ABSENT)])
        return known.consent.get(told.channel) != DENIED

    def _of_device(self, told: Unsubscription, installation_id: str, record: dict[str, Any] | None) -> bool:
        """Whether the channel had not been denied before on this device."""
        ended = False
        for _ in range(_ATTEMPTS):
            found = self._installations.get(told.scope, installation_id)
            if found is None:
                return False
            ended |= found.consent.get(told.channel) != DENIED
            changed = self._consents.change(told.scope, found, {told.channel: DENIED})
            if record is None:
                return ended
            kept = Put(_device_key(told.scope, installation_id, told.channel), record)
            with suppress(VersionConflict):
                self._documents.transact([kept, self._installations.check(told.scope, changed)])
                return ended
        raise Conflict("the installation is being changed by other requests", detail="Try again.")


def _device_key(scope: Scope, installation_id: str, channel: str) -> Key:
    return Key(scope.partition(f"installation#{installation_id}"), f"{_SORT}{channel}")

"""Erasure, of one device or of a person with all their devices, and suppression.

A mark that says no more than when stands first, so that nothing comes back while the rest is deleted, and
nothing later. Every step can be repeated; what was interrupted is finished by asking again. At the end
``scrub`` has the stores leave nothing readable of what was deleted, in old pages and journals neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from herenow.channels.addresses import Addresses
from herenow.clock import Clock
from herenow.identity.subjects import subject_mark, subject_partition
from herenow.privacy.consent import Consents
from herenow.privacy.records import Logs
from herenow.privacy.retention import Retention
from herenow.profiles.installation import Installation
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations, Receipt
from herenow.scope import Scope
from herenow.storage.ports import Documents, walk

_RECEIPT_CHARS: Final = 16


class Erasures:
    """Erases, suppresses and lifts. ``forget_due`` takes away where it stands that messages are due."""

    def __init__(
        self,
        documents: Documents,
        logs: Logs,
        installations: Installations,
        persons: Persons,
        consents: Consents,
        retention: Retention,
        addresses: Addresses,
        *,
        clock: Clock,
        scrub: Callable[[], None],
        forget_due: Callable[[Scope, str], None],
    ) -> None:
        self._documents = documents
        self._forget_due = forget_due
        self._logs = logs
        self._installations = installations
        self._persons = persons
        self._consents = consents
        self._retention = retention
        self._addresses = addresses
        self._clock = clock
        self._scrub = scrub

    def device(self, scope: Scope, installation: Installation) -> Receipt:
        """Erase an installation: what it holds, its log, its link to a person. Its id never comes back."""
        receipt = self._erase(scope, installation.id)
        if installation.belongs_to is not None:
            self._persons.unlink(scope, installation.belongs_to.subject, installation.id)
        self._scrub()
        return receipt

    def person(self, scope: Scope, subject: str, *, last: str = "", claims: Sequence[str] = ()) -> Receipt:
        """Erase a person with all their installations; nothing of them is taken any more.

        ``last`` is the installation that asks: while anything is left it can ask again. ``claims`` are the
        pseudonyms under which clients that prove nobody speak of them; they go as well.
        """
        now = int(self._clock())
        records = sum(self._person(scope, each, now, last) for each in (*claims, subject))
        self._scrub()
        return Receipt(subject[:_RECEIPT_CHARS], now, records)

    def suppress(self, scope: Scope, subject: str, *, claims: Sequence[str] = ()) -> bool:
        """Take nothing more of a person, as if they had denied everything on every device.

        What the backend told stays until it asks for an erasure.
        """
        for each in (*claims, subject):
            self._mark(scope, each, {"suppressed_at": int(self._clock())})
        for each in self._persons.installations_of(scope, subject):
            self._consents.suppress(scope, each, suppressed=True)
        return True

    def lift(self, scope: Scope, subject: str, *, claims: Sequence[str] = ()) -> bool:
        """Let a person be known again, also one who was erased: nothing returns of what was."""
        for each in (*claims, subject):
            self._documents.delete_if(subject_mark(scope, each))
        for each in self._persons.installations_of(scope, subject):
            self._consents.suppress(scope, each, suppressed=False)
        return False

    def is_suppressed(self, scope: Scope, subject: str) -> bool:
        """Whether nothing is taken of a person, by an erasure or on request."""
        return self._documents.get(subject_mark(scope, subject)) is not None

    def _person(self, scope: Scope, subject: str, now: int, last: str) -> int:
        """Erase all that lies under a pseudonym; how many records there were."""
        self._mark(scope, subject, {"erased_at": now})
        records = 0
        while links := self._persons.installations_of(scope, subject):
            for each in sorted(links, key=lambda installation: installation == last):
                records += self._erase(scope, each).records
                self._persons.unlink(scope, subject, each)
        self._forget_due(scope, subject)
        records += self._logs.forget(scope, subject) + self._documents_of(scope, subject)
        records += self._logs.forget(scope, subject)  # what came in before the mark stood
        self._mark(scope, subject, {"erased_at": now, "records": records})
        return records

    def _erase(self, scope: Scope, installation_id: str) -> Receipt:
        # the log first, so that who is interrupted can ask again; and after, for what came in meanwhile
        records = self._logs.forget(scope, installation_id)
        self._retention.cancel(scope, installation_id)
        self._forget_due(scope, installation_id)
        self._addresses.release(scope, installation_id)
        receipt = self._installations.erase(scope, installation_id)
        records += receipt.records + self._logs.forget(scope, installation_id)
        return Receipt(receipt.id, receipt.erased_at, records)

    def _documents_of(self, scope: Scope, subject: str) -> int:
        keys = [each.key for each in walk(self._documents, subject_partition(scope, subject))]
        for key in keys:
            self._documents.delete_if(key)
        return len(keys)

    def _mark(self, scope: Scope, subject: str, told: dict[str, Any]) -> None:
        key = subject_mark(scope, subject)
        stood = self._documents.get(key)
        self._documents.put_if(key, {**(stood.value if stood else {}), **told})

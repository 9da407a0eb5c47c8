"""Consent as a person changes it, with all that follows.

What a device told stands on what was said there; what a backend told, on the latest word of the person
wherever that was said. So a word of a device may take from both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from herenow.beacons.people import People
from herenow.clock import Clock
from herenow.errors import Forbidden
from herenow.privacy.records import Logs
from herenow.privacy.withdrawal import DENIED, OF_THE_LOG, consenting, lost_between, withdrawn
from herenow.profiles.consent import PURPOSES
from herenow.profiles.installation import Installation
from herenow.profiles.store import Installations
from herenow.scope import Scope


def _nothing() -> None:
    """Of stores that keep no old pages."""


@dataclass(frozen=True, slots=True)
class Consents:
    """Changes what installations' people allow."""

    installations: Installations
    people: People
    logs: Logs
    clock: Clock
    scrub: Callable[[], None] = _nothing
    """Leaves nothing readable in the stores of what was deleted."""

    def change(self, scope: Scope, installation: Installation, change: Mapping[str, str]) -> Installation:
        """Apply what the person says; what a withdrawn purpose allowed to keep is gone when this returns.

        Saying it again is safe, and finishes what was interrupted. Raises ``Forbidden`` (SUPPRESSED) for
        anything but a denial while the person is suppressed.
        """
        if installation.suppressed and set(change.values()) - {DENIED}:
            raise Forbidden(
                "nothing is kept of this user",
                code="SUPPRESSED",
                detail="Your backend suppressed the user and can lift that.",
            )
        now = int(self.clock())
        changed = self.installations.change(scope, installation, lambda held: consenting(held, change, now))
        theirs = changed.belongs_to
        lost = self._take(scope, changed.id, withdrawn(changed.consent, change))
        lost |= theirs is not None and self._take_of_person(scope, theirs.subject, change)
        if lost:
            self.scrub()
        return changed

    def said_of(self, scope: Scope, words: Mapping[str, Iterable[str]]) -> None:
        """After something was said of people: the purposes of each, by their pseudonyms.

        Of what a backend told goes what the person no longer allows. Saying it again finishes what was
        interrupted.
        """
        lost = [self._take_of_person(scope, subject, purposes) for subject, purposes in words.items()]
        if any(lost):
            self.scrub()

    def joined(self, scope: Scope, subject: str) -> None:
        """After a device joined a person: its word may be the latest of theirs."""
        self.said_of(scope, {subject: OF_THE_LOG})

    def settle_person(self, scope: Scope, subject: str, judged: Mapping[str, str]) -> None:
        """After what a backend told was stored, judged by this consent: what was withdrawn meanwhile goes."""
        self._take(scope, subject, lost_between(judged, self.people.consent(scope, subject)))

    def settle(self, scope: Scope, judged: Installation) -> None:
        """After beacons were stored that were judged by ``judged``: what was withdrawn meanwhile goes again.

        Either the withdrawal or the erasure has seen them in the log, or this sees that it was made.
        """
        now = self.installations.get(scope, judged.id)
        if now is None:
            self.logs.forget(scope, judged.id)
            self.installations.erase(scope, judged.id)
            return
        self._take(scope, now.id, lost_between(judged.consent, now.consent))

    def suppress(self, scope: Scope, installation_id: str, *, suppressed: bool) -> None:
        """Deny everything for an installation until that is lifted; the person then decides anew."""
        found = self.installations.get(scope, installation_id)
        if found is None:
            return

        def marked(held: Installation) -> Installation:
            theirs = held.belongs_to
            marked = (
                held if theirs is None else replace(held, belongs_to=replace(theirs, suppressed=suppressed))
            )
            return consenting(marked, denials, int(self.clock())) if suppressed else marked

        denials = dict.fromkeys(PURPOSES, DENIED)
        changed = self.installations.change(scope, found, marked)
        if suppressed and self._take(scope, changed.id, withdrawn(changed.consent, denials)):
            self.scrub()

    def _take_of_person(self, scope: Scope, subject: str, purposes: Iterable[str]) -> bool:
        return self._take(scope, subject, withdrawn(self.people.consent(scope, subject), purposes))

    def _take(self, scope: Scope, sender_id: str, purposes: frozenset[str]) -> bool:
        """Take these purposes out of a log; whether there are any."""
        if purposes:
            self.logs.withdraw(scope, sender_id, purposes)
        return bool(purposes)

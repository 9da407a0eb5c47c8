"""Consent as a person changes it, with all that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from herenow.clock import Clock
from herenow.errors import Forbidden
from herenow.privacy.records import Logs
from herenow.privacy.withdrawal import DENIED, consenting, lost_between, withdrawn
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
        return self._withdrawn(scope, changed, change)

    def settle(self, scope: Scope, judged: Installation) -> None:
        """After beacons were stored that were judged by ``judged``: what was withdrawn meanwhile goes again.

        Either the withdrawal or the erasure has seen them in the log, or this sees that it was made.
        """
        now = self.installations.get(scope, judged.id)
        if now is None:
            self.logs.forget(scope, judged.id)
            self.installations.erase(scope, judged.id)
            return
        lost = lost_between(judged.consent, now.consent)
        if lost:
            self.logs.withdraw(scope, now.id, lost)

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
        if suppressed:
            self._withdrawn(scope, changed, denials)

    def _withdrawn(self, scope: Scope, installation: Installation, change: Mapping[str, str]) -> Installation:
        lost = withdrawn(installation.consent, change)
        if lost:
            self.logs.withdraw(scope, installation.id, lost)
            self.scrub()
        return installation

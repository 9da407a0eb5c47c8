"""Leases over the wire: lent with a config to a device that decides by itself, given back with the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog

from herenow.errors import Gone, Unavailable
from herenow.launch.local_time import named_zone
from herenow.messaging.leasing import Returned, lend, taken_back
from herenow.messaging.moments import decides_alone, zone_in_contract
from herenow.messaging.people import Person
from herenow.messaging.service import Parts
from herenow.messaging.state import Kept
from herenow.messaging.store import Change
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow.storage.ports import VersionConflict

_log = structlog.get_logger(__name__)
_ATTEMPTS: Final = 5
_OF_THE_CONTRACT: Final[tuple[str, ...]] = ("triggers", "progress", "ledger")


@dataclass(frozen=True, slots=True)
class Lending:
    """Lends slots of caps, and takes back what was not used."""

    parts: Parts

    def lent(self, scope: Scope, installation: Installation) -> dict[str, Any]:
        """What a device needs that decides about messages by itself: ``state`` as the contract reads it.

        Empty for another device, and where there is nothing to say.
        """
        if not decides_alone(installation.context):
            return {}
        try:
            serving = self.parts.serving.current(scope)
            rules = serving.bundle.messages
            if not rules.campaigns:
                return {}
            now = int(self.parts.clock())
            leases: dict[str, Any] = {}
            zone = named_zone(installation.context.get("time_zone"))
            local = zone_in_contract(zone) if zone else None

            def lending(kept: Kept) -> Kept:
                nonlocal leases
                kept, leases = lend(kept, rules, installation.id, local, now)
                return kept

            told = self._changed(scope, installation, now, lending).as_json()
        except (Gone, Unavailable) as error:
            _log.warning("nothing lent", scope=str(scope), error=error.code)
            return {}
        state = {name: told[name] for name in _OF_THE_CONTRACT if name in told}
        return {**state, "leases": leases, "person": Person.of(scope, installation).seed}

    def take_back(self, scope: Scope, installation: Installation, told: Sequence[Returned]) -> None:
        """Free what the device did not use. Never raises: it tells again until it is lent anew."""
        if not told:
            return
        try:
            self._changed(
                scope,
                installation,
                int(self.parts.clock()),
                lambda kept: taken_back(kept, installation.id, told),
            )
        except (Gone, Unavailable) as error:
            _log.warning("nothing taken back", scope=str(scope), error=error.code)

    def _changed(
        self, scope: Scope, installation: Installation, now: int, change: Callable[[Kept], Kept]
    ) -> Kept:
        """What is kept once it was changed and written, under the version it was read at.

        Raises ``Gone``; ``Unavailable`` (BUSY) where others change it all the time.
        """
        person = Person.of(scope, installation)
        for _ in range(_ATTEMPTS):
            loaded = self.parts.store.load(person, installation.id)
            kept = change(loaded.kept)
            with suppress(VersionConflict):
                if kept != loaded.kept:
                    self.parts.store.write(Change(loaded, kept), now, self.parts.keep_until(scope, now))
                return kept
        raise Unavailable("the person's messages are being changed by others", code="BUSY")

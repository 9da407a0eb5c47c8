"""Everything that is kept of somebody, as a document that a machine can read.

The first page holds what is kept as documents, each page some of what is in the logs. Secrets by which an
installation proves itself are no knowledge about a person and stay out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from herenow.canonical import canonical_json
from herenow.clock import iso_utc
from herenow.errors import BadRequest
from herenow.identity.subjects import subject_partition
from herenow.privacy.records import Logs
from herenow.profiles.installation import Installation
from herenow.profiles.learned.encoding import as_json
from herenow.profiles.learned.packing import restored
from herenow.profiles.learned.store import SORT as PROFILE
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.ports import Documents, walk

FORMAT: Final = "herenow-export/1"
PAGE: Final = 500
"""Beacons of one page, at most."""
PAGE_BYTES: Final = 1_000_000
"""Bytes of beacons after which a page ends."""
BACKEND: Final = "backend"
"""In place of an installation's id: what the app's own backend told."""
CLAIMED: Final = "claimed"
"""What clients with no more than a publishable key told of whom they call this user."""
STRANGER: Final = "anonymous"
"""What they told of somebody whom they gave this id without a user's."""

_CURSOR: Final = re.compile(r"([0-9a-f-]{36}|backend|claimed|anonymous)\.([0-9]{1,18})")
_OWN: Final = "installation"
_LINK: Final = "installation#"


@dataclass(frozen=True, slots=True)
class Exports:
    """Reads pages of everything."""

    documents: Documents
    logs: Logs
    installations: Installations
    persons: Persons

    def device(
        self, scope: Scope, installation: Installation, cursor: str | None, now: int
    ) -> dict[str, Any]:
        """A page of what is kept of one installation. Raises ``BadRequest`` (INVALID_CURSOR)."""
        return self._page(scope, [installation.id], None, cursor, now)

    def person(
        self, scope: Scope, subject: str, cursor: str | None, now: int, *, claims: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        """A page of what is kept of a person, ``None`` when nothing is. Raises as ``device``.

        ``claims`` are the pseudonyms under which clients that prove nobody speak of them.
        """
        held = self._records(scope, subject)
        ids = [sort.removeprefix(_LINK) for sort in held if sort.startswith(_LINK)]
        logs = [(BACKEND, subject), *zip((CLAIMED, STRANGER), claims, strict=False)]
        for name, each in logs[1:]:
            held |= {f"{name}#{sort}": value for sort, value in self._records(scope, each).items()}
        if not held and not any(self.logs.read(scope, each, 0, 1) for _, each in logs):
            return None
        return self._page(scope, ids, (logs, held), cursor, now)

    def _records(self, scope: Scope, subject: str) -> dict[str, Mapping[str, Any]]:
        """What lies in documents under a pseudonym."""
        return {
            each.key.sort: _readable(each.key.sort, each.value)
            for each in walk(self.documents, subject_partition(scope, subject))
        }

    def _page(
        self,
        scope: Scope,
        ids: Sequence[str],
        person: tuple[Sequence[tuple[str, str]], Mapping[str, Any]] | None,
        cursor: str | None,
        now: int,
    ) -> dict[str, Any]:
        logs = [*((each, each) for each in ids), *(person[0] if person else ())]
        first = cursor is None
        beacons, following = self._beacons(scope, logs, *_opened(cursor, [name for name, _ in logs]))
        return {
            "format": FORMAT,
            "exported_at": iso_utc(now),
            "scope": "person" if person else "installation",
            "person": {"records": person[1]} if person and first else None,
            "installations": [self._installation(scope, each) for each in ids] if first else [],
            "beacons": beacons,
            "next": following,
        }

    def _installation(self, scope: Scope, installation_id: str) -> dict[str, Any]:
        found = self.installations.get(scope, installation_id)
        partition = scope.partition(f"installation#{installation_id}")
        others = {
            each.key.sort: _readable(each.key.sort, each.value)
            for each in walk(self.documents, partition)
            if each.key.sort != _OWN
        }
        return {**(told_of(found) if found else {}), "records": others}

    def _beacons(
        self, scope: Scope, logs: Sequence[tuple[str, str]], at: int, position: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Beacons from a position of the log at ``at`` on, and the cursor of what follows."""
        told: list[dict[str, Any]] = []
        size = 0
        while at < len(logs):
            name, sender = logs[at]
            for record in self.logs.read(scope, sender, position, PAGE):
                if len(told) >= PAGE or size >= PAGE_BYTES:
                    return told, f"{name}.{position}"
                told.append({"of": name, "position": record.position, "beacon": record.value})
                size += len(canonical_json(record.value))
                position = record.position
            if len(told) >= PAGE:
                return told, f"{name}.{position}"
            at, position = at + 1, 0
        return told, None


def _readable(sort: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record as it is kept, but what was learned as it can be read."""
    learned = restored(value) if sort == PROFILE else None
    return value if learned is None else as_json(learned)


def told_of(known: Installation) -> dict[str, Any]:
    """An installation as its person may read it."""
    return {
        "installation": {"id": known.id, "created_at": iso_utc(known.created_at)},
        "consent": dict(known.consent),
        "context": dict(known.context),
        "acquisition": {"touches": [dict(touch) for touch in known.touches]},
        "intent": known.intent.as_json() if known.intent else None,
        "experiments": [dict(document) for _, document in sorted(known.sticky.items())],
        "identified": known.belongs_to is not None,
        "user_id": known.user_id,
    }


def _opened(cursor: str | None, logs: Sequence[str]) -> tuple[int, int]:
    """Which log, and where in it. A cursor names logs of one's own alone, so there is nothing to seal."""
    if cursor is None:
        return 0, 0
    read = _CURSOR.fullmatch(cursor)
    if read is None or read[1] not in logs:
        raise BadRequest(
            "the cursor is not one of ours",
            code="INVALID_CURSOR",
            detail="Pass `next` unchanged, or begin again.",
        )
    return logs.index(read[1]), int(read[2])

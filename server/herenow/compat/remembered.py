"""The ids of what foreign clients told today, kept beside the log and repaired from it.

As with the marks of our own SDKs (``herenow.beacons.marks``) the log is the truth: what it holds beyond the
position kept is read and remembered, whether a crash or another process put it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from herenow.beacons.marks import log_partition
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Documents, EventLog, Key, VersionConflict

MAX_REMEMBERED: Final = 2000
"""Ids kept of one person and day; more are not stored that day."""
REMEMBERED_S: Final = 7 * 86_400
"""How long after the last exposure."""

_SORT: Final = "today"
_DAY: Final = 86_400
_DAY_MS: Final = _DAY * 1000
_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of one person's day, complete up to ``position``; ``version`` is the stored document's."""

    ids: frozenset[str]
    position: int
    version: int

    def and_stored(self, beacons: Sequence[Mapping[str, Any]]) -> Known:
        """With ``beacons``, which the log took after what was known."""
        ids = self.ids | {each["id"] for each in beacons}
        return Known(ids, self.position + len(beacons), self.version)


class Remembered:
    """The ids of all persons of a store."""

    def __init__(self, documents: Documents, log: EventLog) -> None:
        self._documents = documents
        self._log = log

    def read(self, scope: Scope, sender_id: str, now: int) -> Known:
        """What is known of the day of ``now`` (epoch seconds), with everything that the log holds."""
        stored = self._documents.get(_address(scope, sender_id))
        value: dict[str, Any] = stored.value if stored else {}
        ids = set(value["ids"]) if value.get("day") == now // _DAY else set()
        position = value.get("position", 0)
        while missed := self._log.consume(log_partition(scope, sender_id), position, limit=_PAGE):
            today = (each.value for each in missed if each.value["received_ms"] // _DAY_MS == now // _DAY)
            ids.update(each["id"] for each in today)
            position = missed[-1].position
        return Known(frozenset(ids), position, stored.version if stored else ABSENT)

    def keep(self, scope: Scope, sender_id: str, known: Known, now: int) -> None:
        """Keep it. Somebody faster is fine: the log has it."""
        value = {"day": now // _DAY, "ids": sorted(known.ids)[:MAX_REMEMBERED], "position": known.position}
        with suppress(VersionConflict):
            self._documents.put_if(
                _address(scope, sender_id), value, version=known.version, expires_at=now + REMEMBERED_S
            )


def _address(scope: Scope, sender_id: str) -> Key:
    return Key(scope.partition(f"exposures#{sender_id}"), _SORT)

"""The ids of what came from clients that do not number it: a set for each subject and day, for seven days.

The log is the truth, as with the marks of our own SDKs: each set keeps how far the log was read for it, and
what lies beyond was left out by a crash, or put there by another process, and is read from the log.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from herenow.beacons.marks import log_partition
from herenow.beacons.people import subject_key
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Documents, EventLog, Key, VersionConflict

DAYS: Final = 7
MAX_A_DAY: Final = 10_000
"""Ids kept of one subject and day; a document holds no more. More are not stored that day."""

_DAY: Final = 86_400
_PAGE: Final = 1000
_SHORT: Final = 16
_TAIL: Final = 2 * MAX_A_DAY
"""Records read again of a subject of whom no set is left."""


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of seven days, complete up to ``position``; ``today`` is the part that today's set holds."""

    before: frozenset[str]
    today: frozenset[str]
    position: int
    version: int

    def holds(self, identifier: str) -> bool:
        """Whether a beacon of this id came before."""
        short = shortened(identifier)
        return short in self.today or short in self.before

    @property
    def room(self) -> int:
        """How many more may come today."""
        return max(MAX_A_DAY - len(self.today), 0)


NOTHING: Final = Known(frozenset(), frozenset(), 0, ABSENT)
"""Of somebody never heard of."""


class IdSets:
    """The sets of all subjects of a store."""

    def __init__(self, documents: Documents, log: EventLog) -> None:
        self._documents = documents
        self._log = log

    def read(
        self, scope: Scope, subject: str, now: int, *, whole: bool = False, to_end: bool = False
    ) -> Known:
        """What is known on the day of ``now`` (epoch seconds), with everything that the log holds.

        ``whole``: of all days, read from the log, for what is told once and perhaps again next year.
        ``to_end``: up to where the log goes on, although the last of its records may have been forgotten.
        """
        day = now // _DAY
        keys = [_address(scope, subject, each) for each in range(day - DAYS + 1, day + 1)]
        stored = self._documents.batch_get(keys)
        sets = {key: frozenset(document.value["ids"]) for key, document in stored.items()}
        positions = [document.value["position"] for document in stored.values()]
        today = stored.get(keys[-1])
        partition = log_partition(scope, subject)
        missed, position = self._missed(partition, positions, (now - DAYS * _DAY) * 1000, to_end=to_end)
        older = self._since(partition, 0, 0)[0] if whole else frozenset()
        return Known(
            before=older.union(*(ids for key, ids in sets.items() if key != keys[-1])),
            today=sets.get(keys[-1], frozenset()) | missed,
            position=position,
            version=today.version if today else ABSENT,
        )

    def keep(self, scope: Scope, subject: str, known: Known, fresh: Collection[str], now: int) -> None:
        """Keep that the log took ``fresh`` after what was known. Somebody faster is fine: the log has it."""
        ids = {shortened(each) for each in fresh}
        value = {"ids": sorted(known.today | ids), "position": known.position + len(fresh)}
        day = now // _DAY
        with suppress(VersionConflict):
            self._documents.put_if(
                _address(scope, subject, day), value, version=known.version, expires_at=(day + DAYS) * _DAY
            )

    def _missed(
        self, partition: str, positions: Collection[int], since_ms: int, *, to_end: bool
    ) -> tuple[frozenset[str], int]:
        """The ids of the log that no set knows, and how far it was read."""
        end = self._log.append(partition, ()) if to_end or not positions else 0
        start = max(positions) if positions else max(end - _TAIL, 0)
        ids, position = self._since(partition, start, since_ms)
        return ids, max(position, end)

    def _since(self, partition: str, position: int, since_ms: int) -> tuple[frozenset[str], int]:
        ids: set[str] = set()
        while records := self._log.consume(partition, position, limit=_PAGE):
            ids.update(_short_id(each.value) for each in records if each.value["received_ms"] >= since_ms)
            position = records[-1].position
        return frozenset(ids), position


def shortened(identifier: str) -> str:
    """As an id is kept: 64 bits of its hash, so that a day of ten thousand is one small document."""
    return sha256(identifier.encode()).hexdigest()[:_SHORT]


def _short_id(record: dict[str, Any]) -> str:
    return shortened(record["id"])


def _address(scope: Scope, subject: str, day: int) -> Key:
    return subject_key(scope, subject, f"ids#{day:06d}")

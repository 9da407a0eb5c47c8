"""All that is kept of an installation or a person beside its own document, wherever it lies.

Whoever keeps more of somebody keeps it in their partition or their log, and is covered here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from herenow.beacons.marks import log_partition
from herenow.errors import Conflict
from herenow.identity.subjects import subject_partition
from herenow.privacy.withdrawal import without
from herenow.scope import Scope
from herenow.storage.ports import Documents, EventLog, Key, LogRecord, VersionConflict

LEARNED: Final = ("profile",)
"""Sort keys, in the partition of an installation or a person, of what a fold makes of its log."""
_PAGE: Final = 1000
_ATTEMPTS: Final = 5
_DAY_MS: Final = 86_400_000
_PAST: Final = 2**53
"""A position after all there are: a day is read on with the next partition."""


class Logs:
    """The logs of installations and people, and what was learned from them."""

    def __init__(self, documents: Documents, log: EventLog) -> None:
        self._documents = documents
        self._log = log

    def read(self, scope: Scope, sender_id: str, after: int, limit: int) -> list[LogRecord]:
        """Records after a position."""
        return self._log.consume(log_partition(scope, sender_id), after, limit=limit)

    def forget(self, scope: Scope, sender_id: str) -> int:
        """Let nobody read any of it from now on; how many records there were."""
        return self._log.forget(log_partition(scope, sender_id))

    def forget_before(self, scope: Scope, sender_id: str, received_ms: int) -> int:
        """Forget what came in before an instant; how many records that were."""
        last = 0
        for record in self._all(scope, sender_id):
            if record.value["received_ms"] >= received_ms:
                break
            last = record.position
        return self._log.forget(log_partition(scope, sender_id), through=last) if last else 0

    def older(self, scope: Scope, received_ms: int) -> Iterator[str]:
        """Of whom there is something that came in on a day that had begun by then, day by day."""
        prefix = log_partition(scope, "")
        for day in self._log.days(scope.partition("")):
            if day.day * _DAY_MS > received_ms:
                return
            after = None
            while page := self._log.of_day(scope.partition(""), day.day, after, limit=1):
                after = (page[0].partition, _PAST)
                yield page[0].partition.removeprefix(prefix)

    def withdraw(self, scope: Scope, sender_id: str, purposes: frozenset[str]) -> None:
        """Take out of a log what stood on these purposes, and delete what was learned from it.

        What may stay is appended again before the whole is forgotten, so a crash in between costs nothing:
        what is there twice is told by its number when this is done again, and by whoever reads it.
        Raises ``Conflict`` when beacons keep coming in meanwhile.
        """
        for _ in range(_ATTEMPTS):
            held = list(self._all(scope, sender_id))
            left = _once(without(each.value, purposes) for each in held)
            with suppress(VersionConflict):  # beacons came in meanwhile: read them too
                if left != [each.value for each in held]:
                    self._replace(scope, sender_id, left, held[-1].position)
                self.unlearn(scope, sender_id)
                return
        raise Conflict("the installation is being changed by other requests", detail="Try again.")

    def _replace(
        self, scope: Scope, sender_id: str, records: Sequence[Mapping[str, Any]], through: int
    ) -> None:
        partition = log_partition(scope, sender_id)
        self._log.append(partition, records, after=through)
        self._log.forget(partition, through=through)

    def unlearn(self, scope: Scope, sender_id: str) -> None:
        """Delete what was learned from a log; it is learned again from what is left."""
        for partition in (scope.partition(f"installation#{sender_id}"), subject_partition(scope, sender_id)):
            for sort in LEARNED:
                self._documents.delete_if(Key(partition, sort))

    def _all(self, scope: Scope, sender_id: str) -> Iterator[LogRecord]:
        position = 0
        while page := self.read(scope, sender_id, position, _PAGE):
            yield from page
            position = page[-1].position


def _once(records: Iterator[Mapping[str, Any] | None]) -> list[Mapping[str, Any]]:
    """Each record once: an attempt that was interrupted has left some twice."""
    found: dict[Any, Mapping[str, Any]] = {}
    for record in records:
        if record is not None:
            found.setdefault(record.get("seq", record["id"]), record)
    return list(found.values())

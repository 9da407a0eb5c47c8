"""What has been seen of each installation's numbers, kept beside the log and repaired from it.

The log is the truth: a record in it counts, and every record carries its number. The mark is where
reading the log got to, so that a batch costs one document instead of a walk. A process that dies between
log and mark leaves a mark that is behind; the next batch reads what it missed. Of two processes that judge
at once, the log takes the one that read it to its end; the other reads again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Documents, EventLog, Key, VersionConflict
from herenow_sdk.core.device.sequence import Seen, read_seen, recognise

_SORT: Final = "beacons"
_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """What has been seen up to a position of the log; ``version`` is the stored document's."""

    seen: Seen
    position: int
    version: int


class Marks:
    """The marks of all installations of a store."""

    def __init__(self, documents: Documents, log: EventLog) -> None:
        self._documents = documents
        self._log = log

    def read(self, scope: Scope, installation_id: str) -> Mark:
        """The mark, with everything that the log holds beyond what was kept of it."""
        stored = self._documents.get(_address(scope, installation_id))
        value: dict[str, Any] = stored.value if stored else {}
        kept = Mark(read_seen(value), value.get("position", 0), stored.version if stored else ABSENT)
        return self._caught_up(log_partition(scope, installation_id), kept)

    def advance(self, scope: Scope, installation_id: str, mark: Mark, seen: Seen, position: int) -> None:
        """Keep what was seen up to ``position``. Somebody faster is fine: the log has it."""
        value = {**seen.as_json(), "position": position}
        with suppress(VersionConflict):
            self._documents.put_if(_address(scope, installation_id), value, version=mark.version)

    def _caught_up(self, partition: str, mark: Mark) -> Mark:
        seen, position = mark.seen, mark.position
        while missed := self._log.consume(partition, position, limit=_PAGE):
            for record in missed:
                _, seen = recognise(seen, record.value.get("seq"))
            position = missed[-1].position
        return Mark(seen, position, mark.version)


def log_partition(scope: Scope, sender_id: str) -> str:
    """The partition of the event log that holds one sender's beacons."""
    return scope.partition(f"beacons#{sender_id}")


def _address(scope: Scope, installation_id: str) -> Key:
    """In the installation's own partition, so that erasing it takes the mark along."""
    return Key(scope.partition(f"installation#{installation_id}"), _SORT)

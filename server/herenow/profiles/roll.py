"""The roll: which installations an app has, for what must reach all of them.

There is no scan in the stores, so whoever is created is put down, and who is erased is struck off, in the
same transaction. Batches read the roll shard by shard and page by page: a message to many, a replay of
profiles. No launch ever reads it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from herenow.scope import Scope
from herenow.storage.ports import Delete, Documents, Key, Put

SHARDS: Final = 64
"""So many workers may share one reading; a partition each takes the writes of a rush of launches."""
PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Names:
    """A page of ids, in their order; ``cursor`` continues it and is ``None`` at the end of the shard."""

    ids: Sequence[str]
    cursor: str | None


def enlisted(scope: Scope, installation_id: str, now: int) -> Put:
    """The write that puts an installation down."""
    return Put(_key(scope, installation_id), {"since": now})


def struck(scope: Scope, installation_id: str) -> Delete:
    """The write that strikes one off."""
    return Delete(_key(scope, installation_id))


class Roll:
    """Reads the roll of an app and environment."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def page(self, scope: Scope, shard: int, cursor: str | None = None) -> Names:
        """The next ids of a shard, 0 to ``SHARDS`` - 1. Raises ``ValueError`` for another's cursor."""
        found = self._documents.query(_partition(scope, shard), limit=PAGE, cursor=cursor)
        return Names([each.key.sort for each in found.documents], found.cursor)

    def all(self, scope: Scope) -> Iterator[str]:
        """Every id, shard by shard."""
        for shard in range(SHARDS):
            names = self.page(scope, shard)
            yield from names.ids
            while names.cursor is not None:
                names = self.page(scope, shard, names.cursor)
                yield from names.ids

    def estimate(self, scope: Scope, enough: int = 2000) -> int:
        """About how many there are, from so many shards that ``enough`` are counted: all of a few people.

        Off by a few percent otherwise.
        """
        counted = 0
        for shard in range(SHARDS):
            names = self.page(scope, shard)
            counted += len(names.ids)
            while names.cursor is not None:
                names = self.page(scope, shard, names.cursor)
                counted += len(names.ids)
            if counted >= enough:
                return counted * SHARDS // (shard + 1)
        return counted


def shard_of(installation_id: str) -> int:
    """The shard of an installation."""
    return zlib.crc32(installation_id.encode()) % SHARDS


def _partition(scope: Scope, shard: int) -> str:
    return scope.partition(f"roll#{shard:02d}")


def _key(scope: Scope, installation_id: str) -> Key:
    return Key(_partition(scope, shard_of(installation_id)), installation_id)

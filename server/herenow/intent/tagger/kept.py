"""Where the tagger of an app is kept: a blob, and one document that names it.

The document stands in the partition ``<app>#<environment>#intent`` under ``tagger``: ``{"blob", "version",
"facts", "trained_at", "trained_by"}``. The blob is stored first, so a crash leaves a blob too many and never
a name without its model. Training again replaces the document; ``remove`` makes the table alone read again.
"""

from __future__ import annotations

from typing import Any, Final

import structlog

from herenow.catalog.artefact import ArtefactDamaged
from herenow.clock import Clock
from herenow.intent.tagger.tagger import Tagger
from herenow.scope import Scope
from herenow.storage.ports import BlobMissing, Blobs, Documents, Key

_ROOM: Final = "intent"
_NAME: Final = "tagger"
_log = structlog.get_logger(__name__)


class Taggers:
    """The taggers of every app, in ``documents`` and ``blobs``."""

    def __init__(self, documents: Documents, blobs: Blobs, clock: Clock) -> None:
        self._documents = documents
        self._blobs = blobs
        self._clock = clock

    def keep(self, scope: Scope, tagger: Tagger, *, by: str) -> dict[str, Any]:
        """Use this tagger from now on; its record."""
        record = {
            "blob": self._blobs.put(tagger.to_bytes()),
            "version": tagger.version,
            "facts": tagger.facts,
            "trained_at": int(self._clock()),
            "trained_by": by,
        }
        self._documents.put_if(_key(scope), record)
        return record

    def remove(self, scope: Scope) -> None:
        """Use none from now on."""
        self._documents.delete_if(_key(scope))

    def record(self, scope: Scope) -> dict[str, Any] | None:
        """What is known of the tagger in use."""
        stored = self._documents.get(_key(scope))
        return None if stored is None else dict(stored.value)

    def current(self, scope: Scope) -> Tagger | None:
        """The tagger in use; ``None`` also for one that cannot be opened here, which is logged."""
        record = self.record(scope)
        if record is None:
            return None
        try:
            return Tagger.from_bytes(self._blobs.open(record["blob"]))
        except (ArtefactDamaged, BlobMissing) as error:
            _log.warning("reading without the tagger", scope=str(scope), error=repr(error))
            return None


def _key(scope: Scope) -> Key:
    return Key(scope.partition(_ROOM), _NAME)

"""Where models are kept: a blob each, and one document that names it.

Documents stand in the partition ``<app>#<environment>#models`` under the version: ``{"version", "blob",
"part", "people", "created_at", "created_by", "checked"}``; ``part`` is what devices fetch of it. The blobs
are stored first, so a crash leaves a blob too many and never a name without its model. What is served is
named by the pointer, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow.canonical import canonical_json
from herenow.clock import Clock
from herenow.errors import NotFound
from herenow.learning.model import NOTHING_LEARNED, Model
from herenow.learning.model_file import from_bytes, to_bytes
from herenow.priors.device_part import PART, priors_part
from herenow.scope import Scope
from herenow.storage.ports import Blobs, Documents, Key

_ROOM: Final = "models"


class Models:
    """The models of every app, in ``documents`` and ``blobs``."""

    def __init__(self, documents: Documents, blobs: Blobs, clock: Clock) -> None:
        self._documents = documents
        self._blobs = blobs
        self._clock = clock

    def keep(self, scope: Scope, model: Model, *, by: str, checked: Mapping[str, Any]) -> dict[str, Any]:
        """Store a model that has its name (``model_file.named``); its record. Again is free.

        ``checked`` is what its hold-out check found.
        """
        record = {
            "version": model.version,
            "blob": self._blobs.put(to_bytes(model)),
            "part": self._kept_part(model),
            "people": model.people,
            "created_at": int(self._clock()),
            "created_by": by,
            "checked": dict(checked),
        }
        self._documents.put_if(_key(scope, model.version), record)
        return record

    def _kept_part(self, model: Model) -> dict[str, Any]:
        content = canonical_json(priors_part(model)[PART])
        return {"sha256": self._blobs.put(content), "size": len(content)}

    def part(self, scope: Scope, version: str) -> dict[str, Any] | None:
        """Digest and size of the part ``priors`` of a model; ``None`` of nothing learned, or an older one."""
        stored = None if version == NOTHING_LEARNED else self._documents.get(_key(scope, version))
        return stored.value.get("part") if stored else None

    def record(self, scope: Scope, version: str) -> dict[str, Any]:
        """What is known of a model. Raises ``NotFound``."""
        stored = self._documents.get(_key(scope, version))
        if stored is None:
            raise NotFound(f"There is no model '{version[:60]}' of {scope}", code="UNKNOWN_MODEL")
        return dict(stored.value)

    def open(self, scope: Scope, version: str) -> Model:
        """A model by its version. Raises ``NotFound``, ``BlobMissing``, ``ModelDamaged``."""
        if version == NOTHING_LEARNED:
            return Model.EMPTY
        return from_bytes(self._blobs.open(self.record(scope, version)["blob"]))


def _key(scope: Scope, version: str) -> Key:
    return Key(scope.partition(_ROOM), version)

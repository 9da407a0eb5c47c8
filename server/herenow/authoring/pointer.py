"""The pointer: what an environment serves.

It is the only mutable thing in publishing. Each of its values has a sequence number that only ever
rises; devices refuse a lower one, admins change it under ``If-Match``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from herenow.storage.ports import Document

NO_CATALOG: Final = "c-none"
"""The catalogue version before any was imported."""
NO_MODEL: Final = "m-0"
"""The model version before anything was learned."""
NO_FENCES: Final = "f-none"
"""The version of imported fences before any were."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """One value of an environment's pointer.

    ``sequence`` 1, 2, … is its ETag. ``release``, ``catalog`` and ``model`` are the serving set.
    ``origin`` is the sequence at which the release was published in the line that rolling back walks: a
    pointer that rolled back carries the origin of what it restored, so rolling back twice goes two
    releases back. ``kill`` lists the capabilities switched off. ``published_at`` is epoch seconds.
    ``fences`` are those imported beside the release's own; ``sequence`` tells of an answer which they were.
    """

    sequence: int
    release: int
    catalog: str
    model: str
    origin: int
    kill: tuple[str, ...]
    published_at: int
    published_by: str
    fences: str = NO_FENCES

    @property
    def serving_set(self) -> dict[str, Any]:
        """The triple that manifests, decisions and answers record."""
        return {"release": self.release, "catalog": self.catalog, "model": self.model}

    def as_json(self) -> dict[str, Any]:
        """What is stored, and what an admin sees."""
        return asdict(self) | {"kill": list(self.kill)}


NOTHING: Final = Pointer(0, 0, NO_CATALOG, NO_MODEL, 0, (), 0, "")
"""What an environment points at before the first publication."""


def pointer_of(document: Document | None) -> Pointer:
    """The pointer that a stored document holds; ``NOTHING`` when there is none."""
    if document is None:
        return NOTHING
    return Pointer(**{**document.value, "kill": tuple(document.value["kill"])})

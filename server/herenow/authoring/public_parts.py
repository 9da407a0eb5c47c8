"""Which blobs anybody may read: the parts that some manifest has named, and no others.

The blob store also holds what is nobody's business: documents as written, drafts, catalogues, releases
not published yet. Blobs are fetched without a token by digest alone, so a publication marks its parts
here in the transaction that makes it. A mark is of no app, since the same content has the same digest
in every one, and stays: a device may be behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from herenow.storage.ports import Documents, Key, Put

PARTITION: Final = "herenow#system#parts"
_DIGEST_CHARS: Final = 64


class PublicParts:
    """The published parts of every app."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def marks(self, digests: Iterable[str]) -> list[Put]:
        """The writes that make these blobs public; none for those that are."""
        keys = sorted({_mark(digest) for digest in digests})
        known = self._documents.batch_get(keys)
        return [Put(key, {}) for key in keys if key not in known]

    def has(self, digest: str) -> bool:
        """Whether some manifest has named this digest; false for what is no digest."""
        return len(digest) == _DIGEST_CHARS and self._documents.get(_mark(digest)) is not None


def _mark(digest: str) -> Key:
    return Key(PARTITION, digest)

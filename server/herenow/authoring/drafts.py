"""Draft documents: what people edit before anything is released.

The text is kept exactly as written, because errors are told by line and column. It lies in the blob
store, named by its digest; the documents port holds who wrote which text. A draft's ETag is its
version; a deleted draft leaves a mark, so that versions never start again and an old ETag never fits
a new text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from herenow.authoring.audit import Audit
from herenow.authoring.positions import MAX_BYTES
from herenow.clock import Clock
from herenow.errors import Invalid, NotFound, PayloadTooLarge, PreconditionFailed, PreconditionRequired
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Blobs, Document, Documents, Key, Put, VersionConflict, walk

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}\.(json|geojson)")


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft document. ``version`` is its ETag; ``blob`` names its text; ``updated_at`` epoch seconds."""

    name: str
    version: int
    blob: str
    size: int
    updated_at: int
    updated_by: str


class Drafts:
    """The drafts of each app and environment."""

    def __init__(self, documents: Documents, blobs: Blobs, audit: Audit, *, clock: Clock) -> None:
        self._documents = documents
        self._blobs = blobs
        self._audit = audit
        self._clock = clock

    def list(self, scope: Scope) -> tuple[Draft, ...]:
        """Every draft, by name."""
        return tuple(
            draft for each in walk(self._documents, _partition(scope)) if (draft := _draft(each)) is not None
        )

    def get(self, scope: Scope, name: str) -> Draft:
        """Raises ``NotFound``; ``Invalid`` when ``name`` is no document name."""
        stored = self._documents.get(_address(scope, name))
        draft = _draft(stored) if stored else None
        if draft is None:
            raise NotFound(f"no draft '{name}' in {scope}")
        return draft

    def text(self, draft: Draft) -> bytes:
        """The text exactly as it was written."""
        return self._blobs.get(draft.blob)

    def files(self, scope: Scope) -> dict[str, bytes]:
        """Every draft's text by name: what a release is made of."""
        return {draft.name: self.text(draft) for draft in self.list(scope)}

    def put(self, scope: Scope, name: str, text: bytes, *, by: str, if_match: int | None = None) -> Draft:
        """Write a draft; a new one needs no ``if_match``, an existing one its version.

        Raises ``PreconditionRequired``, ``PreconditionFailed``, ``PayloadTooLarge``, ``Invalid``.
        """
        if len(text) > MAX_BYTES:
            raise PayloadTooLarge(f"'{name}' is larger than {MAX_BYTES:,} bytes")
        stored = self._matching(scope, name, if_match)
        value: dict[str, Any] = {
            "blob": self._blobs.put(text),
            "size": len(text),
            "updated_at": int(self._clock()),
            "updated_by": by,
        }
        version = self._replace(scope, name, stored, value, by=by, what="draft.written")
        return Draft(name=name, version=version, **value)

    def delete(self, scope: Scope, name: str, *, by: str, if_match: int | None) -> None:
        """Remove a draft. Raises ``NotFound``, ``PreconditionRequired``, ``PreconditionFailed``."""
        self.get(scope, name)
        stored = self._matching(scope, name, if_match)
        self._replace(scope, name, stored, {"deleted": True}, by=by, what="draft.deleted")

    def _matching(self, scope: Scope, name: str, if_match: int | None) -> Document | None:
        """The stored document, once ``if_match`` allows changing it."""
        stored = self._documents.get(_address(scope, name))
        exists = stored is not None and _draft(stored) is not None
        if exists and if_match is None:
            raise PreconditionRequired(f"'{name}' exists; say with If-Match which version you change")
        if if_match is not None and (not exists or stored is None or stored.version != if_match):
            raise _changed(name)
        return stored

    def _replace(
        self, scope: Scope, name: str, stored: Document | None, value: dict[str, Any], *, by: str, what: str
    ) -> int:
        version = stored.version if stored else ABSENT
        change = Put(_address(scope, name), value, version=version)
        try:
            self._documents.transact([change, self._audit.entry(scope, by, what, name)])
        except VersionConflict as error:
            raise _changed(name) from error
        return version + 1


def _changed(name: str) -> PreconditionFailed:
    return PreconditionFailed(f"'{name}' was changed meanwhile", detail="Read it again and merge.")


def _partition(scope: Scope) -> str:
    return scope.partition("drafts")


def _address(scope: Scope, name: str) -> Key:
    if not _NAME.fullmatch(name):
        raise Invalid(
            f"'{name[:60]}' is not a document name",
            code="INVALID_DOCUMENT_NAME",
            detail="Names end in .json or .geojson, such as features.json.",
        )
    return Key(_partition(scope), name)


def _draft(document: Document) -> Draft | None:
    """The draft a stored document holds, or ``None`` for the mark of a deleted one."""
    value = document.value
    if value.get("deleted"):
        return None
    return Draft(name=document.key.sort, version=document.version, **value)

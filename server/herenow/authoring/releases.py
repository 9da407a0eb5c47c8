"""Releases: valid documents, compiled, numbered, digested, never changed again (D7).

A release's digest is that of its documents as canonical JSON, so neither key order nor layout nor the
order of files matters; it is also the name of the blob they lie in. The texts as written are kept
beside, for whoever wants their file back. Numbers are gapless: counter, release and audit record are
one transaction, and who loses the race for a number tries again with the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Protocol

from herenow.authoring.audit import Audit
from herenow.authoring.budgets import require_within_budget
from herenow.authoring.parts import Part, compile_parts, without_schema
from herenow.authoring.validation import CatalogFacts
from herenow.canonical import canonical_json, digest
from herenow.clock import Clock
from herenow.errors import Conflict, Forbidden, Invalid, NotFound
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Blobs, Document, Documents, Key, Put, VersionConflict

COMPILER: Final = 2
"""Raised when parts compile differently; the same documents then make a new release."""
MAX_NOTE: Final = 500
_ATTEMPTS: Final = 64
"""Every lost race means that another release was made, so this bounds a burst, not a wait."""


class ValidSet(Protocol):
    """What validation answers for a set without errors."""

    @property
    def documents(self) -> Mapping[str, Any]:
        """The parsed documents by file name."""


class Validate(Protocol):
    """Judges a set of files as a whole; raises ``Invalid`` with every error of every file."""

    def __call__(self, files: Mapping[str, bytes], *, catalog: CatalogFacts | None = None) -> ValidSet:
        """``catalog`` is what is known of the app's catalogue, when there is one."""


@dataclass(frozen=True, slots=True)
class PartReference:
    """A part by digest. ``size`` is its bytes before compression."""

    sha256: str
    size: int
    capability: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Who stands behind a release besides its author."""

    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Release:
    """One immutable, numbered set of documents; only approvals are added later.

    ``digest`` names the blob of the parsed documents, ``source`` the blob of their texts;
    ``approvals_needed`` maps an environment to the number its policy asks for.
    """

    number: int
    digest: str
    source: str
    compiler: int
    parts: Mapping[str, PartReference]
    approvals_needed: Mapping[str, int]
    created_at: int
    created_by: str
    note: str
    approvals: tuple[Approval, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What is stored, and what an admin sees."""
        return asdict(self) | {"approvals": [asdict(each) for each in self.approvals]}


@dataclass(frozen=True, slots=True)
class Creation:
    """The release of a set of documents; ``created`` is false when the last release was that very set."""

    release: Release
    created: bool


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """Releases newest first; ``cursor`` continues, ``None`` at the end."""

    releases: tuple[Release, ...]
    cursor: str | None


class Releases:
    """The releases of each app and environment."""

    def __init__(
        self, documents: Documents, blobs: Blobs, audit: Audit, *, validate: Validate, clock: Clock
    ) -> None:
        self._documents = documents
        self._blobs = blobs
        self._audit = audit
        self._validate = validate
        self._clock = clock

    def create(
        self,
        scope: Scope,
        files: Mapping[str, bytes],
        *,
        by: str,
        note: str = "",
        catalog: CatalogFacts | None = None,
    ) -> Creation:
        """Validate, compile and number ``files``; nothing is numbered unless everything is right.

        ``note`` says why, for those who approve; ``MAX_NOTE`` characters of it are kept.
        Raises ``Invalid`` (INVALID_DOCUMENTS, WRONG_APP, OVER_BUDGET).
        """
        documents = self._valid_documents(scope, files, catalog)
        parts = compile_parts(documents)
        require_within_budget(parts)
        content = canonical_json(documents)
        for _ in range(_ATTEMPTS):
            counter = self._documents.get(_counter(scope))
            last = self.get(scope, counter.value["number"]) if counter else None
            if last and (last.digest, last.compiler) == (digest(content), COMPILER):
                return Creation(last, created=False)
            self._blobs.put(content)
            release = self._release((last.number if last else 0) + 1, documents, parts, files, by, note)
            if self._number(scope, release, counter):
                return Creation(release, created=True)
        raise Conflict("too many releases are being made at once", detail="Try again.")

    def get(self, scope: Scope, number: int) -> Release:
        """Raises ``NotFound``."""
        return _release(self._stored(scope, number))

    def list(self, scope: Scope, *, limit: int = 20, cursor: str | None = None) -> ReleasePage:
        """Newest first, at most ``limit`` (1 to 1,000). Raises ``ValueError`` for a foreign cursor."""
        page = self._documents.query(
            _partition(scope), prefix="release/", limit=limit, cursor=cursor, reverse=True
        )
        return ReleasePage(tuple(_release(each) for each in page.documents), page.cursor)

    def approve(self, scope: Scope, number: int, *, by: str) -> Release:
        """Add a person's approval; a second one by the same person changes nothing.

        Raises ``NotFound``; ``Forbidden`` (SELF_APPROVAL) for the author.
        """
        for _ in range(_ATTEMPTS):
            stored = self._stored(scope, number)
            release = _release(stored)
            if release.created_by == by:
                self._audit.refused(scope, by, "release.approved", str(number), reason="SELF_APPROVAL")
                raise Forbidden("the author of a release cannot approve it", code="SELF_APPROVAL")
            if any(approval.by == by for approval in release.approvals):
                return release
            approval = Approval(by, int(self._clock()))
            approved = replace(release, approvals=(*release.approvals, approval))
            record = self._audit.entry(scope, by, "release.approved", str(number))
            if self._write(Put(stored.key, approved.as_json(), version=stored.version), record):
                return approved
        raise Conflict("too many people approve at once", detail="Try again.")

    def files(self, scope: Scope, number: int) -> dict[str, bytes]:
        """The documents as they were written, by file name. Raises ``NotFound``."""
        texts = json.loads(self._blobs.get(self.get(scope, number).source))
        return {name: text.encode() for name, text in texts.items()}

    def documents(self, scope: Scope, number: int) -> dict[str, Any]:
        """The parsed documents by file name, without ``$schema``. Raises ``NotFound``."""
        documents: dict[str, Any] = json.loads(self._blobs.get(self.get(scope, number).digest))
        return documents

    def parts(self, scope: Scope, number: int) -> dict[str, Any]:
        """The decoded parts by name, as ``parse_bundle`` of the core reads them. Raises ``NotFound``."""
        references = self.get(scope, number).parts
        return {name: json.loads(self._blobs.get(part.sha256)) for name, part in references.items()}

    def _valid_documents(
        self, scope: Scope, files: Mapping[str, bytes], catalog: CatalogFacts | None
    ) -> dict[str, Any]:
        valid = self._validate(files, catalog=catalog).documents
        documents = {name: without_schema(document) for name, document in valid.items()}
        app = documents.get("app.json", {}).get("app")
        if app != scope.app:
            raise Invalid(
                f"these documents are of the app '{app}', not of '{scope.app}'",
                code="WRONG_APP",
                extra={
                    "errors": [
                        {"file": "app.json", "pointer": "/app", "code": "WRONG_APP", "expected": scope.app}
                    ]
                },
            )
        return documents

    def _release(
        self,
        number: int,
        documents: Mapping[str, Any],
        parts: tuple[Part, ...],
        files: Mapping[str, bytes],
        by: str,
        note: str,
    ) -> Release:
        texts = {name: files[name].decode() for name in documents}
        return Release(
            number=number,
            digest=digest(canonical_json(documents)),
            source=self._blobs.put(canonical_json(texts)),
            compiler=COMPILER,
            parts={part.name: self._kept(part) for part in parts},
            approvals_needed=documents.get("policy.json", {}).get("approvals", {}),
            created_at=int(self._clock()),
            created_by=by,
            note=note[:MAX_NOTE],
        )

    def _kept(self, part: Part) -> PartReference:
        return PartReference(self._blobs.put(part.content), len(part.content), part.capability)

    def _number(self, scope: Scope, release: Release, counter: Document | None) -> bool:
        """Take the next number for ``release``; false when somebody else just took it."""
        return self._write(
            Put(_counter(scope), {"number": release.number}, version=counter.version if counter else ABSENT),
            Put(_address(scope, release.number), release.as_json(), version=ABSENT),
            self._audit.entry(
                scope, release.created_by, "release.created", str(release.number), {"digest": release.digest}
            ),
        )

    def _write(self, *writes: Put) -> bool:
        try:
            self._documents.transact(writes)
        except VersionConflict:
            return False
        return True

    def _stored(self, scope: Scope, number: int) -> Document:
        stored = self._documents.get(_address(scope, number)) if number > 0 else None
        if stored is None:
            raise NotFound(f"no release {number} in {scope}", code="UNKNOWN_RELEASE")
        return stored


def _partition(scope: Scope) -> str:
    return scope.partition("releases")


def _counter(scope: Scope) -> Key:
    return Key(_partition(scope), "counter")


def _address(scope: Scope, number: int) -> Key:
    return Key(_partition(scope), f"release/{number:010d}")


def _release(document: Document) -> Release:
    value = dict(document.value)
    value["parts"] = {name: PartReference(**part) for name, part in value["parts"].items()}
    value["approvals"] = tuple(Approval(**approval) for approval in value["approvals"])
    return Release(**value)

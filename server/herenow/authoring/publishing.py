"""Publishing and rolling back: an environment points at another serving set (D7).

One act in every form: read the pointer, check, write the next pointer, its history and the audit record
in one transaction on the condition that nobody else was faster. The next manifest is signed before
anything is written, so what is published can be served.

Approvals are counted by the stricter of two policies, that of the release to be published and that of
the release in force: otherwise a release could abolish the rule that holds it back. A release that was
live before is restored without asking again; in an incident minutes count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from herenow.authoring.audit import Audit, Detail
from herenow.authoring.manifest import ManifestSigner, SignedManifest
from herenow.authoring.pointer import NO_CATALOG, NOTHING, Pointer, pointer_of
from herenow.authoring.public_parts import PublicParts
from herenow.authoring.published_apps import mark_of
from herenow.authoring.releases import PartReference, Release, Releases
from herenow.clock import Clock
from herenow.errors import (
    Conflict,
    Forbidden,
    Invalid,
    PreconditionFailed,
    PreconditionRequired,
    Unavailable,
)
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Documents, Key, Put, VersionConflict

__all__ = ["Fit", "Pointer", "PointerPage", "Publishing"]

Fit = Callable[[Scope, Release, str], str]
"""Answers the catalogue version to serve with a release: the one given, or the same rows compiled under
the release's own facets. Raises when there is none; asked before anything is written."""

ModelPart = Callable[[Scope, str], Mapping[str, Any] | None]
"""Digest and size of the part that devices fetch of a model, ``None`` where there is none."""

_ATTEMPTS: Final = 16
_MODEL_PART: Final = "priors"
_MODEL_CAPABILITY: Final = "profile"


@dataclass(frozen=True, slots=True)
class PointerPage:
    """Past and present pointers, newest first; ``cursor`` continues, ``None`` at the end."""

    pointers: tuple[Pointer, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class _Current:
    """The pointer as read, ``NOTHING`` before the first publication, and its document's version."""

    pointer: Pointer
    version: int


class Publishing:
    """The pointer of each environment: read it, move it, see where it has been."""

    def __init__(
        self,
        documents: Documents,
        releases: Releases,
        signer: ManifestSigner,
        audit: Audit,
        *,
        clock: Clock,
        fit: Fit | None = None,
        model_part: ModelPart = lambda _, __: None,
    ) -> None:
        self._documents = documents
        self._releases = releases
        self._signer = signer
        self._audit = audit
        self._public = PublicParts(documents)
        self._clock = clock
        self._fit = fit
        self._model_part = model_part

    def pointer(self, scope: Scope) -> Pointer | None:
        """What the environment serves, or ``None`` before the first publication. One read."""
        pointer = self._current(scope).pointer
        return None if pointer == NOTHING else pointer

    def live(self, scope: Scope) -> Pointer:
        """What the environment serves. Raises ``Unavailable`` (NOTHING_PUBLISHED)."""
        pointer = self.pointer(scope)
        if pointer is None:
            raise _nothing_published(scope)
        return pointer

    def manifest(self, scope: Scope) -> SignedManifest:
        """The signed manifest of what is live. Raises ``Unavailable`` (NOTHING_PUBLISHED)."""
        pointer = self.live(scope)
        return self._signer.sign(scope, pointer, self._carried(scope, pointer))

    def is_public(self, sha256: str) -> bool:
        """Whether a manifest of any app has ever named this part, so that anybody may fetch it."""
        return self._public.has(sha256)

    def history(self, scope: Scope, *, limit: int = 20, cursor: str | None = None) -> PointerPage:
        """Newest first, at most ``limit`` (1 to 1,000). Raises ``ValueError`` for a foreign cursor."""
        page = self._documents.query(
            _partition(scope), prefix="history/", limit=limit, cursor=cursor, reverse=True
        )
        return PointerPage(tuple(pointer_of(each) for each in page.documents), page.cursor)

    def publish(
        self,
        scope: Scope,
        number: int,
        *,
        by: str,
        if_match: int | None = None,
        catalog: str | None = None,
        fences: str | None = None,
    ) -> Pointer:
        """Serve release ``number``, with the versions ``catalog`` and ``fences`` or the present ones.

        ``if_match`` is the sequence being replaced; only the first publication needs none. Raises
        ``NotFound``, ``PreconditionRequired``, ``PreconditionFailed``, ``Forbidden`` (APPROVAL_MISSING).
        """
        release = self._releases.get(scope, number)
        current = self._matching(scope, if_match)
        self._require_approvals(scope, release, current.pointer, by)
        pointer = self._next(current, by, release=number, origin=current.pointer.sequence + 1)
        if catalog is not None:
            pointer = replace(pointer, catalog=catalog)
        if fences is not None:
            pointer = replace(pointer, fences=fences)
        return self._move(scope, current, self._fitted(scope, pointer), "release.published", release=number)

    def rollback(self, scope: Scope, *, by: str, if_match: int | None, to: int | None = None) -> Pointer:
        """Serve a release that was live before: ``to``, or the one that the present release replaced.

        The catalogue stays, fitted to that release. Raises ``Conflict`` (NOTHING_TO_ROLL_BACK) when no
        such release was live, otherwise as ``publish``.
        """
        current = self._matching(scope, if_match)
        past = self._past(scope, current.pointer, to)
        pointer = self._next(current, by, release=past.release, origin=past.origin)
        told = {"release": past.release, "was": current.pointer.release}
        return self._move(scope, current, self._fitted(scope, pointer), "release.rolled_back", **told)

    def publish_catalog(self, scope: Scope, version: str, *, by: str) -> Pointer:
        """Serve another catalogue version with whatever release is live, also while others publish.

        Raises ``Unavailable`` (NOTHING_PUBLISHED) before the first release.
        """
        for _ in range(_ATTEMPTS):
            current = self._current(scope)
            if current.pointer == NOTHING:
                raise _nothing_published(scope)
            pointer = self._fitted(scope, self._next(current, by, catalog=version))
            try:
                return self._move(scope, current, pointer, "catalog.published", catalog=pointer.catalog)
            except PreconditionFailed:
                continue
        raise Conflict("others keep publishing", detail="Try again.")

    def publish_fences(self, scope: Scope, version: str, *, by: str) -> Pointer:
        """Serve another version of imported fences with whatever release is live, also while others publish.

        Raises ``Unavailable`` (NOTHING_PUBLISHED) before the first release.
        """
        for _ in range(_ATTEMPTS):
            current = self._current(scope)
            if current.pointer == NOTHING:
                raise _nothing_published(scope)
            pointer = self._next(current, by, fences=version)
            try:
                return self._move(scope, current, pointer, "fences.published", fences=version)
            except PreconditionFailed:
                continue
        raise Conflict("others keep publishing", detail="Try again.")

    def publish_model(self, scope: Scope, version: str, *, by: str, if_match: int | None = None) -> Pointer:
        """Serve another model with whatever release and catalogue are live.

        With ``if_match`` only in place of that sequence; otherwise also while others publish. A model that
        is live already moves nothing. Raises ``Unavailable`` (NOTHING_PUBLISHED) before the first release,
        ``PreconditionFailed`` when ``if_match`` does not hold.
        """
        for _ in range(_ATTEMPTS):
            current = self._current(scope) if if_match is None else self._matching(scope, if_match)
            if current.pointer == NOTHING:
                raise _nothing_published(scope)
            if current.pointer.model == version:
                return current.pointer
            pointer = self._next(current, by, model=version)
            try:
                return self._move(scope, current, pointer, "model.published", model=version)
            except PreconditionFailed:
                if if_match is not None:
                    raise
        raise Conflict("others keep publishing", detail="Try again.")

    def set_kill(
        self, scope: Scope, capabilities: Iterable[str], *, by: str, if_match: int | None
    ) -> Pointer:
        """Switch exactly these capabilities off on every device; an empty list switches all on again.

        Raises ``Invalid`` (UNKNOWN_CAPABILITY) for a name that the live release does not know, since a
        mistyped kill switch would kill nothing; otherwise as ``publish``.
        """
        current = self._matching(scope, if_match)
        if current.pointer == NOTHING:
            raise _nothing_published(scope)
        kill = tuple(sorted(set(capabilities)))
        self._require_known(scope, kill, current.pointer.release)
        pointer = self._next(current, by, kill=kill)
        return self._move(scope, current, pointer, "kill.set", capabilities=", ".join(kill))

    def _carried(self, scope: Scope, pointer: Pointer) -> Release:
        """The release with the part of the model that is served beside it."""
        release, part = self._releases.get(scope, pointer.release), self._model_part(scope, pointer.model)
        if part is None:
            return release
        reference = PartReference(part["sha256"], part["size"], _MODEL_CAPABILITY)
        return replace(release, parts={**release.parts, _MODEL_PART: reference})

    def _current(self, scope: Scope) -> _Current:
        stored = self._documents.get(_address(scope))
        return _Current(pointer_of(stored), stored.version if stored else ABSENT)

    def _matching(self, scope: Scope, if_match: int | None) -> _Current:
        current = self._current(scope)
        if if_match is None and current.pointer != NOTHING:
            raise PreconditionRequired("say with If-Match which sequence you replace")
        if if_match is not None and if_match != current.pointer.sequence:
            raise _stale(scope)
        return current

    def _next(self, current: _Current, by: str, **changes: Any) -> Pointer:
        """The pointer that follows; what ``changes`` does not name stays as it is."""
        return replace(
            current.pointer,
            sequence=current.pointer.sequence + 1,
            published_at=int(self._clock()),
            published_by=by,
            **changes,
        )

    def _past(self, scope: Scope, present: Pointer, to: int | None) -> Pointer:
        """The newest earlier pointer to restore."""
        for past in self._every(scope):
            if past.release == to or (
                to is None and past.release != present.release and past.sequence < present.origin
            ):
                return past
        wanted = "an earlier release" if to is None else f"release {to}"
        raise Conflict(f"{wanted} was never live in {scope}", code="NOTHING_TO_ROLL_BACK")

    def _every(self, scope: Scope) -> Iterator[Pointer]:
        cursor = None
        while True:
            page = self.history(scope, limit=100, cursor=cursor)
            yield from page.pointers
            cursor = page.cursor
            if cursor is None:
                return

    def _require_approvals(self, scope: Scope, release: Release, present: Pointer, by: str) -> None:
        policies = [release]
        if present != NOTHING:
            policies.append(self._releases.get(scope, present.release))
        needed = max(each.approvals_needed.get(scope.environment, 0) for each in policies)
        missing = needed - len(release.approvals)
        if missing > 0:
            number = release.number
            self._audit.refused(scope, by, "release.published", str(number), reason="APPROVAL_MISSING")
            raise Forbidden(
                f"release {number} needs {missing} more approval{'s' if missing > 1 else ''} for {scope}",
                code="APPROVAL_MISSING",
                detail="Somebody other than its author approves it.",
            )

    def _fitted(self, scope: Scope, pointer: Pointer) -> Pointer:
        """``pointer`` with its catalogue as its release needs it."""
        if self._fit is None or pointer.catalog == NO_CATALOG:
            return pointer
        release = self._releases.get(scope, pointer.release)
        return replace(pointer, catalog=self._fit(scope, release, pointer.catalog))

    def _require_known(self, scope: Scope, kill: tuple[str, ...], number: int) -> None:
        app = self._releases.documents(scope, number).get("app.json", {})
        parts = self._releases.get(scope, number).parts.values()
        known = sorted({part.capability for part in parts} | set(app.get("capabilities", ())))
        for name in kill:
            if name not in known:
                nearest = get_close_matches(name, known, n=1)
                raise Invalid(
                    f"no capability '{name[:60]}'",
                    code="UNKNOWN_CAPABILITY",
                    detail=f"Known: {', '.join(known)}." + (f" Nearest: {nearest[0]}." if nearest else ""),
                )

    def _move(
        self, scope: Scope, current: _Current, pointer: Pointer, what: str, **detail: Detail
    ) -> Pointer:
        """Write ``pointer`` in place of ``current``. Raises ``PreconditionFailed`` when that is gone."""
        release = self._carried(scope, pointer)
        self._signer.sign(scope, pointer, release)
        by, sequence = pointer.published_by, pointer.sequence
        writes = [
            Put(_address(scope), pointer.as_json(), version=current.version),
            Put(Key(_partition(scope), f"history/{sequence:012d}"), pointer.as_json(), version=ABSENT),
            *self._public.marks(part.sha256 for part in release.parts.values()),
            mark_of(scope),
            self._audit.entry(scope, by, what, str(scope), {"sequence": sequence, **detail}),
        ]
        try:
            self._documents.transact(writes)
        except VersionConflict as error:
            raise _stale(scope) from error
        return pointer


def _nothing_published(scope: Scope) -> Unavailable:
    return Unavailable(
        f"nothing is published in {scope} yet", code="NOTHING_PUBLISHED", detail="Publish a release first."
    )


def _stale(scope: Scope) -> PreconditionFailed:
    return PreconditionFailed(
        f"somebody else published in {scope} meanwhile", detail="Read the pointer again, then decide."
    )


def _partition(scope: Scope) -> str:
    return scope.partition("env")


def _address(scope: Scope) -> Key:
    return Key(_partition(scope), "pointer")

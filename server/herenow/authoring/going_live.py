"""Going live: a release and a catalogue version that fit each other, published together.

A catalogue is compiled under the facets of an ``app.json``. When a release declares them differently,
the rows it was imported from are compiled again before anything points at the pair, so an environment
never serves a catalogue under another release's facets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from herenow.authoring.fence_import import FenceImport
from herenow.authoring.pointer import NO_CATALOG, NO_FENCES, Pointer
from herenow.authoring.publishing import Fit, Publishing
from herenow.authoring.releases import Release, Releases
from herenow.catalog.imports import Progress
from herenow.catalog.schema import CatalogSchema
from herenow.catalog.service import CatalogService, CatalogVersion
from herenow.catalog.streams import ByteStream
from herenow.proximity.versions import FenceVersion, FenceVersions
from herenow.scope import Scope


@dataclass(frozen=True, slots=True)
class Imported:
    """A new catalogue version, and the pointer when it went live."""

    version: CatalogVersion
    pointer: Pointer | None


def catalog_fit(releases: Releases, catalogs: CatalogService) -> Fit:
    """What ``Publishing`` asks before it moves a pointer: the catalogue as the release needs it.

    Raises ``NotFound`` for an unknown version; ``Invalid`` when the release makes most rows unusable.
    """

    def fit(scope: Scope, release: Release, version: str) -> str:
        schema = CatalogSchema.from_app(releases.documents(scope, release.number)["app.json"])
        return catalogs.ensure_compiled(scope, version, schema).version

    return fit


@dataclass(frozen=True, slots=True)
class ImportedFences:
    """A new version of imported fences, and the pointer when it went live."""

    version: FenceVersion
    pointer: Pointer | None


class GoingLive:
    """Publishes releases and imports with everything they need."""

    def __init__(
        self,
        publishing: Publishing,
        releases: Releases,
        catalogs: CatalogService,
        fences: FenceVersions,
    ) -> None:
        self._publishing = publishing
        self._releases = releases
        self._catalogs = catalogs
        self._fences = fences

    def publish(
        self, scope: Scope, number: int, *, by: str, if_match: int | None = None, catalog: str | None = None
    ) -> Pointer:
        """Serve release ``number`` with ``catalog``, else the one being served, else the newest import.

        The fences are those being served, else the newest import of them.

        Raises as ``Publishing.publish`` and ``catalog_fit`` do.
        """
        version = catalog or self._present_catalog(scope)
        fences = self._present_fences(scope)
        return self._publishing.publish(
            scope, number, by=by, if_match=if_match, catalog=version, fences=fences
        )

    def import_catalog(
        self,
        scope: Scope,
        stream: ByteStream,
        *,
        by: str,
        format: str,  # noqa: A002 - the word every user of an import knows
        app: Mapping[str, Any] | None = None,
        mapping: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
        force: bool = False,
        publish: bool = True,
    ) -> Imported:
        """Import rows under the live release's facets, or those of ``app`` before there is one.

        With ``publish`` the new version is served at once, when a release is live. Raises as
        ``CatalogService.import_rows`` does; ``Unavailable`` without a live release and without ``app``.
        """
        live = self._publishing.pointer(scope) if app is not None else self._publishing.live(scope)
        document = self._releases.documents(scope, live.release)["app.json"] if live else app
        version = self._catalogs.import_rows(
            scope,
            CatalogSchema.from_app(document or {}),
            stream,
            format=format,
            mapping=mapping,
            progress=progress,
            created_by=by,
            force=force,
        )
        if live is None or not publish or live.catalog == version.version:
            return Imported(version, None)
        return Imported(version, self._publishing.publish_catalog(scope, version.version, by=by))

    def import_fences(
        self,
        scope: Scope,
        stream: ByteStream,
        *,
        by: str,
        format: str,  # noqa: A002 - the word every user of an import knows
        app: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
        force: bool = False,
        publish: bool = True,
    ) -> ImportedFences:
        """Import fences in the zone of the live release's app, or that of ``app`` before there is one.

        With ``publish`` they are served at once, when a release is live. Raises as ``FenceVersions.store``
        and ``FenceImport`` do.
        """
        live = self._publishing.pointer(scope)
        document = self._releases.documents(scope, live.release)["app.json"] if live else app or {}
        rows = FenceImport(stream, format, ZoneInfo(document.get("time_zone", "UTC")), progress)
        version = self._fences.store(scope, rows, rows.report, by=by, force=force)
        if live is None or not publish or live.fences == version.version:
            return ImportedFences(version, None)
        return ImportedFences(version, self._publishing.publish_fences(scope, version.version, by=by))

    def _present_fences(self, scope: Scope) -> str | None:
        live = self._publishing.pointer(scope)
        if live is not None and live.fences != NO_FENCES:
            return live.fences
        return next((each.version for each in self._fences.versions(scope, limit=1)), None)

    def _present_catalog(self, scope: Scope) -> str | None:
        live = self._publishing.pointer(scope)
        if live is not None and live.catalog != NO_CATALOG:
            return live.catalog
        return next((each.version for each in self._catalogs.versions(scope, limit=1)), None)

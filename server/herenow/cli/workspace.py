"""What commands work on: one app and environment, and the people round it.

Two implementations each: ``local`` (the stores of this machine) and ``remote`` (a server's admin plane).
Both answer JSON in the shapes of the admin plane, so that a command prints the same wherever it works and
``--json`` prints what a program would get from the server. Both raise ``HerenowError`` with the same
codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from herenow.launch.understanding import Question
from herenow.messaging.previewing import Asked
from herenow.scope import Scope

Json = dict[str, Any]
Files = Mapping[str, bytes]
"""The text of each document by file name."""
Advance = Callable[[int], None]
"""Called with how many bytes of a file have been read so far."""


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """A file to import. ``format`` is ``csv`` or ``ndjson``; ``declared`` the ``app.json`` at hand."""

    path: Path
    format: str
    mapping: Mapping[str, Any] | None = None
    declared: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FenceFile:
    """A file of fences. ``format`` is ``csv`` or ``geojson``; ``declared`` the ``app.json`` at hand."""

    path: Path
    format: str
    declared: Mapping[str, Any] | None = None


class Workspace(Protocol):
    """One app and environment."""

    @property
    def scope(self) -> Scope:
        """Which."""

    def validate(self, files: Files, codes: Mapping[str, int]) -> Json:
        """``{"valid", "findings", "remote_features"}``; ``codes`` lie beside the documents, by offer."""

    def preview(
        self, files: Files, *, persona: str | None, catalog: Path | None, explain: bool = False
    ) -> Sequence[Json]:
        """Each persona's first screen before and after. ``catalog`` stands in where none was imported."""

    def preview_message(
        self, files: Files, asked: Asked, *, persona: str | None, catalog: Path | None
    ) -> Sequence[Json]:
        """A campaign's message to each persona, in each locale. ``catalog`` as for ``preview``."""

    def understand(
        self, question: Question, files: Files | None = None, *, catalog: Path | None = None
    ) -> Sequence[Json]:
        """Each search: ``{"text", "intent", "took_us"}``, with what is live or else with these documents.

        ``catalog`` stands in where none was imported. Raises ``HerenowError`` (NOTHING_PUBLISHED).
        """

    def create_release(self, files: Files, *, note: str) -> tuple[Json, bool]:
        """The release of these documents, and whether it is a new one."""

    def releases(self, *, limit: int) -> Sequence[Json]:
        """The newest first."""

    def release_files(self, number: int) -> dict[str, bytes]:
        """The documents of a release as they were written."""

    def approve(self, number: int) -> Json:
        """The release, with your approval."""

    def pointer(self) -> Json | None:
        """What is live, ``None`` before the first publication."""

    def publish(self, number: int) -> Json:
        """The pointer once the release is live."""

    def rollback(self, to: int | None) -> Json:
        """The pointer once an earlier release is live again."""

    def package(self, min_app_version: str | None) -> Json:
        """What an app is built with. Raises ``NotFound`` (NOTHING_PUBLISHED)."""

    def why(self, installation_id: str, *, campaign: str | None, at: str | None) -> Json:
        """What was decided about messages to somebody, up to ``at`` (ISO 8601). Raises ``NotFound``."""

    def import_catalog(self, file: CatalogFile, *, publish: bool, force: bool, advance: Advance) -> Json:
        """``{"version", "report", "pointer"}``."""

    def catalog_versions(self) -> Sequence[Json]:
        """The newest first."""

    def import_fences(self, file: FenceFile, *, publish: bool, force: bool, advance: Advance) -> Json:
        """``{"version", "report", "pointer"}``."""

    def fence_versions(self) -> Sequence[Json]:
        """The newest first."""

    def outbox(self, *, limit: int) -> Sequence[Json]:
        """What the local outbox was handed, the latest first."""

    def reports(self, span: Mapping[str, str]) -> Json:
        """What came of every live campaign; ``span`` may have the dates ``since`` and ``until``."""

    def report(self, campaign: str, span: Mapping[str, str]) -> Json:
        """What came of one campaign. Raises ``NotFound`` (UNKNOWN_CAMPAIGN)."""

    def runs(self) -> Sequence[Json]:
        """Runs of mass campaigns with their progress."""

    def cancel_run(self, campaign: str, occurrence: str) -> Json:
        """Call a run off. Raises ``NotFound`` (UNKNOWN_RUN)."""

    def offers(self) -> Sequence[Json]:
        """The live offers with their counts."""

    def import_codes(self, offer: str, codes: Sequence[str]) -> Json:
        """Put codes into an offer's pool; the report. Raises ``NotFound`` (UNKNOWN_OFFER)."""

    def keys(self) -> Sequence[Json]:
        """The oldest first, revoked ones included."""

    def create_key(self, kind: str, label: str, public_key: str | None = None) -> Json:
        """The key in full."""

    def revoke_key(self, key_id: str) -> Json:
        """The key that counts no longer."""


class People(Protocol):
    """Who may do what, and the server's own keys."""

    def admins(self) -> Sequence[Json]:
        """Everybody you may see, by id."""

    def grant(self, admin_id: str, place: str, role: str | None) -> Json:
        """The person with a role given, or with ``None`` taken."""

    def token(self, admin_id: str) -> Json:
        """``{"token", "expires_in"}``."""

    def rotate(self, purpose: str) -> Json:
        """``{"kid", "purpose", "active_at"}``."""

    def server_keys(self) -> Json:
        """``{"keys", "revoked"}``, oldest first."""

    def revoke_server_key(self, kid: str) -> Json:
        """``{"kid", "revoked_at", "signs"}``: the manifest key that ended, and the one that signs now."""

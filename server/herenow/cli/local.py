"""The stores of this machine as a workspace. Whoever can read the folder may do everything in it.

Who acts is written down as ``local:<login name>``, or as the name given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from herenow.authoring.audit import Detail
from herenow.authoring.catalog_facts import facts_of
from herenow.authoring.manifest import MAX_AGE_S
from herenow.authoring.packaging import package_of
from herenow.authoring.parts import without_schema
from herenow.authoring.pointer import NO_CATALOG, Pointer
from herenow.authoring.validation import CatalogFacts, require_valid, validate
from herenow.authoring.verdict import verdict
from herenow.catalog.build import build_catalog
from herenow.catalog.catalog import Catalog
from herenow.catalog.imports import read_rows
from herenow.catalog.schema import CatalogSchema
from herenow.cli.workspace import Advance, CatalogFile, FenceFile, Files, Json
from herenow.errors import Conflict, NotFound
from herenow.identity.admins import SYSTEM, Role
from herenow.identity.keyring import ANNOUNCE_S, Purpose
from herenow.identity.keys import ApiKey, TextKind
from herenow.intent.parser import parse
from herenow.intent.tagger import Knowing, Labelled, SlotSpan, train
from herenow.intent.tagger.kept import Taggers
from herenow.launch.preview import persona_named, personas_of, preview, unpublished
from herenow.launch.serving import ServingSet
from herenow.launch.understanding import Question, understood
from herenow.messaging.previewing import Asked, previewed
from herenow.scope import Scope
from herenow.services import Services


@dataclass(frozen=True, slots=True)
class LocalWorkspace:
    """One app and environment in ``services``; ``actor`` is who stands in the audit log."""

    services: Services
    scope: Scope
    actor: str

    def validate(self, files: Files, codes: Mapping[str, int]) -> Json:
        """Judge with what is known of the catalogue, the people and the codes, imported or to be."""
        present = self.services.headcount.present(self.scope)
        beside = replace(present, codes=lambda name: max(codes.get(name, 0), present.codes(name) or 0))
        return verdict(validate(files, catalog=self._facts(), present=beside))

    def preview(
        self, files: Files, *, persona: str | None, catalog: Path | None, explain: bool = False
    ) -> Sequence[Json]:
        """First screens over the catalogue in use, else the newest import, else the file ``catalog``."""
        after = self._readied(files, catalog)
        live = self.services.serving.current(self.scope) if self._live() else None
        now = int(self.services.clock())
        people = personas_of(after.documents)
        chosen = (persona_named(persona, people),) if persona else people
        return [each.as_json() for each in preview(live, after, chosen, now, explain=explain)]

    def preview_message(
        self, files: Files, asked: Asked, *, persona: str | None, catalog: Path | None
    ) -> Sequence[Json]:
        """A campaign's message over the same catalogue as ``preview``."""
        after = self._readied(files, catalog)
        people = personas_of(after.documents)
        chosen = (persona_named(persona, people),) if persona else people
        return [each.as_json() for each in previewed(after, chosen, asked, int(self.services.clock()))]

    def understand(
        self, question: Question, files: Files | None = None, *, catalog: Path | None = None
    ) -> Sequence[Json]:
        """With what is live, or with documents over the catalogue at hand."""
        if files is None:
            return understood(self.services.serving.current(self.scope), question)
        return understood(self._readied(files, catalog), question)

    def train(
        self, labelled: Sequence[Labelled], spans_of: Callable[[Json], list[SlotSpan]], *, keep: bool
    ) -> Json:
        """Learn from labelled searches beside what is live; with ``keep`` use it where it is better.

        ``spans_of`` tells the spans of an intent under the names that the labels use.
        """
        serving = self.services.serving.current(self.scope)

        def spot(text: str) -> list[SlotSpan]:
            return spans_of(parse(text, serving.reader, locales=serving.locales).as_json())

        trained = train(labelled, Knowing.of(serving.reader, serving.locales).read, spot)
        told = trained.as_json()
        if trained.tagger is None or not keep:
            return {**told, "version": None}
        taggers = Taggers(self.services.documents, self.services.blobs, self.services.clock)
        version = taggers.keep(self.scope, trained.tagger, by=self.actor)["version"]
        self._record("intent.trained", version, {"searches": trained.searches})
        return {**told, "version": version}

    def create_release(self, files: Files, *, note: str) -> tuple[Json, bool]:
        """Validate, compile, number."""
        made = self.services.releases.create(
            self.scope, files, by=self.actor, note=note, catalog=self._facts()
        )
        return made.release.as_json(), made.created

    def releases(self, *, limit: int) -> Sequence[Json]:
        """The newest first."""
        return [each.as_json() for each in self.services.releases.list(self.scope, limit=limit).releases]

    def release_files(self, number: int) -> dict[str, bytes]:
        """The documents of a release as they were written."""
        return self.services.releases.files(self.scope, number)

    def why(self, installation_id: str, *, campaign: str | None, at: str | None) -> Json:
        """Out of this machine's ledger. Raises ``NotFound`` (UNKNOWN_INSTALLATION)."""
        known = self.services.installations.get(self.scope, installation_id.lower())
        if known is None:
            raise NotFound("no such installation here", code="UNKNOWN_INSTALLATION")
        serving = self.services.serving.current(self.scope)
        until = self.services.clock() if at is None else datetime.fromisoformat(at).timestamp()
        about = self.services.why.about(known, serving, campaign, int(until))
        return {**about, "learned": self.services.launch.told_of_learning(self.scope, known)}

    def approve(self, number: int) -> Json:
        """Stand behind somebody else's release."""
        return self.services.releases.approve(self.scope, number, by=self.actor).as_json()

    def pointer(self) -> Json | None:
        """What is live."""
        live = self._live()
        return live.as_json() if live else None

    def publish(self, number: int) -> Json:
        """Move the pointer."""
        return self.services.going_live.publish(
            self.scope, number, by=self.actor, if_match=self._sequence()
        ).as_json()

    def rollback(self, to: int | None) -> Json:
        """Move the pointer back."""
        return self.services.publishing.rollback(
            self.scope, by=self.actor, if_match=self._sequence(), to=to
        ).as_json()

    def package(self, min_app_version: str | None) -> Json:
        """What an app is built with."""
        services = self.services
        return package_of(services.publishing, services.blobs, self.scope, min_app_version)

    def import_catalog(self, file: CatalogFile, *, publish: bool, force: bool, advance: Advance) -> Json:
        """Import under the facets of what is live, else of the newest release, else those declared."""
        with file.path.open("rb") as stream:
            imported = self.services.going_live.import_catalog(
                self.scope,
                stream,
                by=self.actor,
                format=file.format,
                app=self._declared(file),
                mapping=file.mapping,
                progress=lambda _rows, read: advance(read),
                force=force,
                publish=publish,
            )
        version = imported.version
        counts = {"items": version.items, "rejected": version.rejected}
        self._record("catalog.imported", version.version, counts)
        report = self.services.catalogs.report(self.scope, version.version)
        return {
            "version": version.as_json(),
            "report": json.loads(report),
            "pointer": imported.pointer.as_json() if imported.pointer else None,
        }

    def catalog_versions(self) -> Sequence[Json]:
        """The newest first."""
        return [each.as_json() for each in self.services.catalogs.versions(self.scope)]

    def import_fences(self, file: FenceFile, *, publish: bool, force: bool, advance: Advance) -> Json:
        """Import in the zone of what is live, else of the app declared."""
        with file.path.open("rb") as stream:
            imported = self.services.going_live.import_fences(
                self.scope,
                stream,
                by=self.actor,
                format=file.format,
                app=file.declared,
                progress=lambda _rows, read: advance(read),
                force=force,
                publish=publish,
            )
        version = imported.version
        self._record(
            "fences.imported", version.version, {"fences": version.fences, "rejected": version.rejected}
        )
        return {
            "version": version.as_json(),
            "report": json.loads(self.services.fences.report(self.scope, version.version)),
            "pointer": imported.pointer.as_json() if imported.pointer else None,
        }

    def fence_versions(self) -> Sequence[Json]:
        """The newest first."""
        return [each.as_json() for each in self.services.fences.versions(self.scope)]

    def outbox(self, *, limit: int) -> Sequence[Json]:
        """What was handed on this machine."""
        return self.services.outbox.latest(self.scope, limit)

    def reports(self, span: Mapping[str, str]) -> Json:
        """What came of every live campaign."""
        return self.services.reports.all(self.scope, *_dates(span))

    def report(self, campaign: str, span: Mapping[str, str]) -> Json:
        """What came of one campaign."""
        return self.services.reports.of(self.scope, campaign, *_dates(span))

    def runs(self) -> Sequence[Json]:
        """By campaign and occurrence."""
        return self.services.runs.told(self.scope)

    def cancel_run(self, campaign: str, occurrence: str) -> Json:
        """Call a run off."""
        run = self.services.runs.cancel(self.scope, campaign, occurrence)
        self._record("run.cancelled", campaign, {"occurrence": occurrence})
        return self.services.runs.told_of(self.scope, run)

    def offers(self) -> Sequence[Json]:
        """By name."""
        return self.services.offer_stock.told(self.scope)

    def import_codes(self, offer: str, codes: Sequence[str]) -> Json:
        """Put codes into an offer's pool."""
        imported = self.services.offer_stock.add_codes(self.scope, offer, codes)
        self._record("codes.imported", offer, {"added": imported.added, "duplicates": imported.duplicates})
        return imported.as_json()

    def keys(self) -> Sequence[Json]:
        """The oldest first."""
        return [each.as_json() for each in self.services.keys.list(self.scope)]

    def create_key(self, kind: str, label: str, public_key: str | None = None) -> Json:
        """A key in full; a secret one is shown this once."""
        key, text = self._made_key(kind, label, public_key)
        self._record("key.created", key.id, {"kind": key.kind})
        return {**key.as_json(), "key": text}

    def _made_key(self, kind: str, label: str, public_key: str | None) -> tuple[ApiKey, str]:
        if kind == "user_token":
            tokens = self.services.user_tokens
            return tokens.create_key(self.scope, label=label, by=self.actor, public_key=public_key)
        return self.services.keys.create(self.scope, cast("TextKind", kind), label=label, by=self.actor)

    def revoke_key(self, key_id: str) -> Json:
        """End a key."""
        key = self.services.keys.revoke(self.scope, key_id)
        self._record("key.revoked", key.id, {"kind": key.kind})
        return key.as_json()

    def _readied(self, files: Files, catalog: Path | None) -> ServingSet:
        """Valid documents as if they were published."""
        valid = require_valid(validate(files, catalog=self._facts()))
        documents = {name: without_schema(each) for name, each in valid.documents.items()}
        live = self.services.serving.current(self.scope) if self._live() else None
        now = int(self.services.clock())
        return unpublished(self.scope, documents, self._under(documents, catalog), now, live=live)

    def _record(self, what: str, target: str, detail: Mapping[str, Detail]) -> None:
        self.services.audit.done(self.scope, self.actor, what, target, detail)

    def _live(self) -> Pointer | None:
        return self.services.publishing.pointer(self.scope)

    def _sequence(self) -> int | None:
        live = self._live()
        return live.sequence if live else None

    def _version(self) -> str | None:
        """The catalogue version in use, else the newest import."""
        live = self._live()
        if live is not None and live.catalog != NO_CATALOG:
            return live.catalog
        return next((each.version for each in self.services.catalogs.versions(self.scope, limit=1)), None)

    def _facts(self) -> CatalogFacts | None:
        version = self._version()
        return facts_of(self.services.catalogs.open(self.scope, version)) if version else None

    def _under(self, documents: dict[str, Any], beside: Path | None) -> Catalog:
        """The catalogue under these documents' facets; nothing is stored."""
        schema = CatalogSchema.from_app(documents["app.json"])
        version = self._version()
        if version is not None:
            return self.services.catalogs.open_under(self.scope, version, schema)
        if beside is None:
            return Catalog.open(memoryview(build_catalog(schema, ())))
        with beside.open("rb") as stream:
            rows = read_rows(stream, beside.suffix.lstrip("."), None, schema)
            return Catalog.open(memoryview(build_catalog(schema, rows)))

    def _declared(self, file: CatalogFile) -> dict[str, Any] | None:
        newest = self.services.releases.list(self.scope, limit=1).releases
        if newest:
            released = self.services.releases.documents(self.scope, newest[0].number)
            return dict(released["app.json"])
        return dict(file.declared) if file.declared else None


@dataclass(frozen=True, slots=True)
class LocalPeople:
    """The people and keys kept in ``services``."""

    services: Services
    actor: str

    def bootstrap(self, admin_id: str) -> Json:
        """The first owner of everything, and a token. Raises ``Conflict`` when there is one already."""
        self.services.admins.bootstrap(admin_id)
        self._record("admin.bootstrapped", admin_id)
        return self.token(admin_id)

    def admins(self) -> Sequence[Json]:
        """Everybody."""
        return [each.as_json() for each in self.services.admins.list()]

    def grant(self, admin_id: str, place: str, role: str | None) -> Json:
        """Give a role, or take it."""
        given = Role[role] if role else None
        changed = self.services.admins.grant(admin_id, place, given, by=self.actor)
        self._record("admin.granted" if given else "admin.withdrawn", changed.id)
        return changed.as_json()

    def token(self, admin_id: str) -> Json:
        """A token in that person's name."""
        person = self.services.admins.get(admin_id)
        ttl = self.services.settings.admin_token_ttl_s
        token = self.services.tokens.for_admin(person.id, person.epoch, ttl_s=ttl)
        self._record("admin.token_created", person.id)
        return {"token": token, "expires_in": ttl}

    def rotate(self, purpose: str) -> Json:
        """Announce a key of the server."""
        if purpose not in ("manifest", "token"):
            raise Conflict(f"the {purpose} key is not rotated", code="KEY_NOT_ROTATABLE")
        announce_s = MAX_AGE_S if purpose == "manifest" else ANNOUNCE_S
        now = int(self.services.clock())
        fresh = self.services.keyring.rotate(cast("Purpose", purpose), now, announce_s=announce_s)
        self._record("keyring.rotated", fresh.kid)
        return {"kid": fresh.kid, "purpose": purpose, "active_at": fresh.active_at}

    def server_keys(self) -> Json:
        """Which keys this server has."""
        return self.services.keyring.as_json()

    def revoke_server_key(self, kid: str) -> Json:
        """End a manifest key."""
        revoked = self.services.keyring.revoke(kid, int(self.services.clock()))
        self._record("keyring.revoked", revoked.kid)
        return {**revoked.as_json(), "signs": self.services.keyring.current("manifest").kid}

    def _record(self, what: str, target: str) -> None:
        self.services.audit.done(SYSTEM, self.actor, what, target)


def _dates(span: Mapping[str, str]) -> tuple[date | None, date | None]:
    since, until = (date.fromisoformat(span[name]) if name in span else None for name in ("since", "until"))
    return since, until

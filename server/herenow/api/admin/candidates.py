"""What somebody is working on: documents in the request, or else the drafts, and how they stand.

Nothing here changes anything: a set is judged against the catalogue at hand and readied for looking at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from herenow.api.access import services
from herenow.authoring.catalog_facts import facts_of
from herenow.authoring.parts import without_schema
from herenow.authoring.pointer import NO_CATALOG
from herenow.authoring.positions import parse
from herenow.authoring.validation import CatalogFacts, Finding, Severity, Validated, validate
from herenow.catalog.build import build_catalog
from herenow.catalog.catalog import Catalog
from herenow.catalog.schema import CatalogSchema
from herenow.errors import Invalid
from herenow.scope import Scope

UNREADABLE = "MALFORMED_JSON"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A set of documents that may become a release: its texts, and what validation says of them."""

    scope: Scope
    files: Mapping[str, bytes]
    validated: Validated

    @property
    def documents(self) -> dict[str, Any]:
        """The parsed documents by file name, without ``$schema``."""
        return {name: without_schema(each) for name, each in self.validated.documents.items()}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything wrong or doubtful; that the documents are of another app is an error too."""
        return (*self._of_another_app(), *self.validated.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being released."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)

    def require_readable(self) -> None:
        """Raises ``Invalid`` (INVALID_DOCUMENTS) when a document is no JSON."""
        _refuse(tuple(each for each in self.errors if each.code == UNREADABLE))

    def require_valid(self) -> None:
        """Raises ``Invalid`` (INVALID_DOCUMENTS) with every error."""
        _refuse(self.errors)

    def catalog(self, live: Catalog | None) -> Catalog:
        """The catalogue at hand under these documents' facets: ``live`` itself when it fits, or empty."""
        schema = CatalogSchema.from_app(self.documents["app.json"])
        if live is not None and live.schema.digest == schema.digest:
            return live
        version = known_version(self.scope)
        if version is None:
            return Catalog.open(memoryview(build_catalog(schema, ())))
        return services().catalogs.open_under(self.scope, version, schema)

    def _of_another_app(self) -> Iterator[Finding]:
        document = self.validated.documents.get("app.json")
        told = document.get("app") if isinstance(document, dict) else None
        if isinstance(told, str) and told != self.scope.app:
            line, column = parse(self.files["app.json"]).place("/app")
            detail = f"these documents are of the app '{told[:60]}', not of '{self.scope.app}'"
            where = ("app.json", "/app", line, column)
            yield Finding(Severity.ERROR, *where, "WRONG_APP", detail, self.scope.app)


def files_of(scope: Scope, body: Mapping[str, Any]) -> dict[str, bytes]:
    """The texts given in ``body``, or else the drafts."""
    given = body.get("documents")
    if given is None:
        return services().drafts.files(scope)
    return {name: text.encode() for name, text in given.items()}


def candidate(scope: Scope, body: Mapping[str, Any]) -> Candidate:
    """The set that ``body`` speaks of, judged with what is known of the catalogue and the people."""
    files = files_of(scope, body)
    present = services().headcount.present(scope)
    return Candidate(scope, files, validate(files, catalog=known_facts(scope), present=present))


def known_facts(scope: Scope) -> CatalogFacts | None:
    """What is known of the items, ``None`` before the first import."""
    catalog = known_catalog(scope)
    return facts_of(catalog) if catalog is not None else None


def known_catalog(scope: Scope) -> Catalog | None:
    """The catalogue being served, else the newest import, else ``None``."""
    version = known_version(scope)
    if version is None:
        return None
    live = services().publishing.pointer(scope)
    if live is not None and live.catalog == version:
        return services().serving.refresh(scope).catalog
    return services().catalogs.open(scope, version)


def known_version(scope: Scope) -> str | None:
    """The version being served, else the newest import, else ``None``."""
    live = services().publishing.pointer(scope)
    if live is not None and live.catalog != NO_CATALOG:
        return live.catalog
    return next((each.version for each in services().catalogs.versions(scope, limit=1)), None)


def _refuse(errors: tuple[Finding, ...]) -> None:
    if errors:
        raise Invalid(
            f"The documents have {len(errors)} error{'s' if len(errors) > 1 else ''}",
            code="INVALID_DOCUMENTS",
            extra={"errors": [error.as_json() for error in errors]},
        )

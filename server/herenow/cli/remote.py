"""A server's admin plane as a workspace. What you may do there is up to your token.

A problem answered by the server is raised as the ``HerenowError`` it was raised as there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx

from herenow.authoring.validation.pools import EMPTY
from herenow.cli.workspace import Advance, CatalogFile, FenceFile, Files, Json
from herenow.errors import BadRequest, HerenowError, Unavailable
from herenow.launch.understanding import MAX_TEXTS, Question
from herenow.messaging.previewing import Asked
from herenow.scope import Scope

_CHUNK: Final = 256 * 1024
_MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
}


def asked(http: httpx.Client, method: str, path: str, **request: Any) -> httpx.Response:
    """The answer of a server. Raises the problem answered, ``Unavailable`` when nothing answers."""
    try:
        answer = http.request(method, path, **request)
    except httpx.TransportError as error:
        raise Unavailable(
            f"no server answers at {http.base_url}",
            code="NO_SERVER",
            detail=f"Check --server, and that `herenow serve` runs there ({type(error).__name__}).",
        ) from error
    if answer.is_success:
        return answer
    raise _problem(answer)


@dataclass(frozen=True, slots=True)
class AdminPlane:
    """Calls of one server's admin plane; ``http`` has its address and the token."""

    http: httpx.Client

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Make a call. Raises as ``asked``."""
        return asked(self.http, method, f"/admin/v1{path}", **request)

    def json(self, method: str, path: str, **request: Any) -> Json:
        """The document answered."""
        document: Json = self.call(method, path, **request).json()
        return document


@dataclass(frozen=True, slots=True)
class RemoteWorkspace:
    """One app and environment of a server."""

    plane: AdminPlane
    scope: Scope

    def validate(self, files: Files, codes: Mapping[str, int]) -> Json:
        """Judge with what the server knows of the catalogue."""
        told = self._json("POST", "/validate", json=_documents(files))
        return {**told, "findings": [each for each in told["findings"] if not _has_codes(each, codes)]}

    def preview(
        self,
        files: Files,
        *,
        persona: str | None,
        catalog: Path | None,  # noqa: ARG002 - a server shows its own catalogue
        explain: bool = False,
    ) -> Sequence[Json]:
        """First screens over the server's catalogue."""
        named: Json = {"persona": persona} if persona else {}
        named |= {"explain": True} if explain else {}
        return _list(self._json("POST", "/preview", json={**_documents(files), **named}), "personas")

    def preview_message(
        self,
        files: Files,
        asked: Asked,
        *,
        persona: str | None,
        catalog: Path | None,  # noqa: ARG002 - a server shows its own catalogue
    ) -> Sequence[Json]:
        """A campaign's message over the server's catalogue."""
        named = {
            name: each for name, each in {**asdict(asked), "persona": persona}.items() if each is not None
        }
        return _list(self._json("POST", "/preview/messages", json={**_documents(files), **named}), "messages")

    def understand(
        self,
        question: Question,
        files: Files | None = None,
        *,
        catalog: Path | None = None,  # noqa: ARG002 - a server reads by its own catalogue
    ) -> Sequence[Json]:
        """As the server reads, so many at a time as one request takes."""
        documents = {} if files is None else _documents(files)
        told: list[Json] = []
        for first in range(0, len(question.texts), MAX_TEXTS):
            part = replace(question, texts=question.texts[first : first + MAX_TEXTS])
            answer = self._json("POST", "/intent", json={**documents, **part.as_json()})
            told += _list(answer, "searches")
        return told

    def create_release(self, files: Files, *, note: str) -> tuple[Json, bool]:
        """Validate, compile, number."""
        answer = self._call("POST", "/releases", json={**_documents(files), "note": note})
        release: Json = answer.json()
        return release, answer.status_code == httpx.codes.CREATED

    def releases(self, *, limit: int) -> Sequence[Json]:
        """The newest first."""
        return _list(self._json("GET", "/releases", params={"limit": limit}), "releases")

    def release_files(self, number: int) -> dict[str, bytes]:
        """The documents of a release as they were written."""
        texts = self._json("GET", f"/releases/{number}/documents")["documents"]
        return {name: text.encode() for name, text in texts.items()}

    def why(self, installation_id: str, *, campaign: str | None, at: str | None) -> Json:
        """Out of the server's ledger."""
        asked_for = {"campaign": campaign, "at": at}
        told = {name: value for name, value in asked_for.items() if value is not None}
        return self._json("GET", f"/installations/{installation_id}/why", params=told)

    def approve(self, number: int) -> Json:
        """Stand behind somebody else's release."""
        return self._json("POST", f"/releases/{number}/approve")

    def pointer(self) -> Json | None:
        """What is live."""
        try:
            return self._json("GET", "/pointer")
        except HerenowError as error:
            if error.code == "NOTHING_PUBLISHED":
                return None
            raise

    def publish(self, number: int) -> Json:
        """Move the pointer."""
        return self._json("POST", "/publish", json={"release": number}, headers=self._if_match())

    def rollback(self, to: int | None) -> Json:
        """Move the pointer back."""
        body = {} if to is None else {"to": to}
        return self._json("POST", "/rollback", json=body, headers=self._if_match())

    def package(self, min_app_version: str | None) -> Json:
        """What an app is built with."""
        query = {} if min_app_version is None else {"min_app_version": min_app_version}
        return self._json("GET", "/package", params=query)

    def import_catalog(self, file: CatalogFile, *, publish: bool, force: bool, advance: Advance) -> Json:
        """Send the file as it is read."""
        query: dict[str, Any] = {"publish": publish, "force": force}
        if file.mapping is not None:
            query["mapping"] = json.dumps(file.mapping)
        headers = {
            "Content-Type": _MEDIA_TYPES[file.format],
            "Content-Length": str(file.path.stat().st_size),
        }
        return self._json(
            "POST", "/catalog", params=query, headers=headers, content=_chunks(file.path, advance)
        )

    def catalog_versions(self) -> Sequence[Json]:
        """The newest first."""
        return _list(self._json("GET", "/catalog"), "versions")

    def import_fences(self, file: FenceFile, *, publish: bool, force: bool, advance: Advance) -> Json:
        """Send the file as it is read."""
        return self._json(
            "POST",
            "/fences",
            params={"publish": publish, "force": force},
            headers={
                "Content-Type": _MEDIA_TYPES[file.format],
                "Content-Length": str(file.path.stat().st_size),
            },
            content=_chunks(file.path, advance),
        )

    def fence_versions(self) -> Sequence[Json]:
        """The newest first."""
        return _list(self._json("GET", "/fences"), "versions")

    def outbox(self, *, limit: int) -> Sequence[Json]:
        """What was handed at the server."""
        return _list(self._json("GET", "/outbox", params={"limit": limit}), "messages")

    def reports(self, span: Mapping[str, str]) -> Json:
        """What came of every live campaign."""
        return self._json("GET", "/reports/campaigns", params=dict(span))

    def report(self, campaign: str, span: Mapping[str, str]) -> Json:
        """What came of one campaign."""
        return self._json("GET", f"/reports/campaigns/{quote(campaign, safe='')}", params=dict(span))

    def runs(self) -> Sequence[Json]:
        """By campaign and occurrence."""
        return _list(self._json("GET", "/runs"), "runs")

    def cancel_run(self, campaign: str, occurrence: str) -> Json:
        """Call a run off."""
        return self._json("POST", f"/runs/{quote(campaign, safe='')}/{quote(occurrence, safe='')}/cancel")

    def offers(self) -> Sequence[Json]:
        """By name."""
        return _list(self._json("GET", "/offers"), "offers")

    def import_codes(self, offer: str, codes: Sequence[str]) -> Json:
        """Put codes into an offer's pool."""
        return self._json("POST", f"/offers/{quote(offer, safe='')}/codes", json={"codes": list(codes)})

    def keys(self) -> Sequence[Json]:
        """The oldest first."""
        return _list(self._json("GET", "/keys"), "keys")

    def create_key(self, kind: str, label: str, public_key: str | None = None) -> Json:
        """A key in full; a secret one is shown this once."""
        asked = {"kind": kind, "label": label, "public_key": public_key}
        key: Json = self._json("POST", "/keys", json=asked)["key"]
        return key

    def revoke_key(self, key_id: str) -> Json:
        """End a key."""
        key: Json = self._json("DELETE", f"/keys/{quote(key_id, safe='')}")["key"]
        return key

    def _call(self, method: str, path: str, **request: Any) -> httpx.Response:
        place = f"/apps/{self.scope.app}/environments/{self.scope.environment}"
        return self.plane.call(method, place + path, **request)

    def _json(self, method: str, path: str, **request: Any) -> Json:
        document: Json = self._call(method, path, **request).json()
        return document

    def _if_match(self) -> dict[str, str]:
        live = self.pointer()
        return {"If-Match": f'"{live["sequence"]}"'} if live else {}


@dataclass(frozen=True, slots=True)
class RemotePeople:
    """The people of a server."""

    plane: AdminPlane

    def admins(self) -> Sequence[Json]:
        """Everybody with a role where you are owner."""
        return _list(self.plane.json("GET", "/admins"), "admins")

    def grant(self, admin_id: str, place: str, role: str | None) -> Json:
        """Give a role, or take it."""
        body = {"place": place, "role": role}
        admin: Json = self.plane.json("PUT", f"/admins/{quote(admin_id, safe='')}", json=body)["admin"]
        return admin

    def token(self, admin_id: str) -> Json:
        """A token in that person's name."""
        return self.plane.json("POST", f"/admins/{quote(admin_id, safe='')}/token")

    def rotate(self, purpose: str) -> Json:
        """Announce a key of the server."""
        return self.plane.json("POST", "/keyring/rotate", json={"purpose": purpose})

    def server_keys(self) -> Json:
        """Which keys the server has."""
        return self.plane.json("GET", "/keyring")

    def revoke_server_key(self, kid: str) -> Json:
        """End a manifest key."""
        return self.plane.json("POST", "/keyring/revoke", json={"kid": kid})


def _documents(files: Files) -> dict[str, Any]:
    """Documents as a request holds them. Raises ``BadRequest`` for a file that is not UTF-8."""
    try:
        return {"documents": {name: text.decode() for name, text in files.items()}}
    except UnicodeDecodeError as error:
        raise BadRequest("a document is not UTF-8 text", detail="Save it as UTF-8.") from error


def _chunks(path: Path, advance: Advance) -> Iterator[bytes]:
    sent = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
            sent += len(chunk)
            advance(sent)


def _list(document: Json, name: str) -> Sequence[Json]:
    found: Sequence[Json] = document[name]
    return found


def _problem(answer: httpx.Response) -> HerenowError:
    document = _problem_document(answer)
    known = ("type", "title", "status", "code", "detail", "request_id")
    title = str(document.get("title") or f"the server answered {answer.status_code}").rstrip(".")
    extra = {name: value for name, value in document.items() if name not in known}
    return HerenowError(title, code=document.get("code"), detail=document.get("detail"), extra=extra)


def _problem_document(answer: httpx.Response) -> Mapping[str, Any]:
    """The problem, or nothing when something between us answered in its own way."""
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _has_codes(finding: Json, codes: Mapping[str, int]) -> bool:
    """Whether a pool that the server takes for empty has codes that lie in the folder, to be imported."""
    offer = str(finding.get("pointer", "")).strip("/").partition("/")[0]
    return finding.get("code") == EMPTY and codes.get(offer, 0) > 0

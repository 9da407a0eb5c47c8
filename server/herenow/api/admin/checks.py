"""Looking before leaping: validate, diff and preview. They read, judge and show; nothing changes."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.candidates import Candidate, candidate
from herenow.api.admin.plane import BODY, AdminPlane, Caller
from herenow.api.encoding import json_response
from herenow.api.problems import PROBLEM_TYPE
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.authoring.diff import diff_documents
from herenow.authoring.verdict import verdict
from herenow.identity.admins import Role
from herenow.launch.preview import Persona, persona_named, personas_of, preview, unpublished
from herenow.launch.serving import ServingSet
from herenow.messaging.previewing import Asked, previewed
from herenow.scope import Scope

plane = AdminPlane("admin-checks", __name__, description="Validate, compare and preview documents.")

_MESSAGE: Final = tuple(each.name for each in fields(Asked))


@plane.call(
    "POST",
    "/validate",
    role=Role.viewer,
    summary="Validate documents",
    operation="validateDocuments",
    problems=BODY,
)
@plane.arguments(asked.DocumentSet, required=False)
@plane.response(200, told.Verdict, description="Every error and warning of every file, at once")
def validate_documents(caller: Caller, body: dict[str, Any]) -> Response:
    """Judge the documents in the body, or else the drafts, as a whole."""
    return json_response(verdict(candidate(caller.scope, body)))


@plane.call(
    "POST",
    "/diff",
    role=Role.viewer,
    summary="What would change",
    operation="diffDocuments",
    problems=BODY,
)
@plane.arguments(asked.DiffRequest, required=False)
@plane.response(200, told.DiffTold, description="The differences, by file and place")
@plane.alt_response(
    422, schema=told.InvalidDocuments, content_type=PROBLEM_TYPE, description="A document is no JSON"
)
def diff_with_release(caller: Caller, body: dict[str, Any]) -> Response:
    """Compare the documents in the body, or else the drafts, with a release or what is live."""
    compared = candidate(caller.scope, body)
    compared.require_readable()
    against = body.get("against") or _live_release(caller.scope)
    before = services().releases.documents(caller.scope, against) if against else {}
    difference = diff_documents(before, compared.documents)
    return json_response({"against": against, **difference.as_json()})


@plane.call(
    "POST",
    "/preview",
    role=Role.viewer,
    summary="First screens before and after",
    operation="previewDocuments",
    problems=BODY,
)
@plane.arguments(asked.PreviewRequest, required=False)
@plane.response(200, told.PreviewTold, description="Each persona's first screen, with reasons")
@plane.alt_response(
    422, schema=told.InvalidDocuments, content_type=PROBLEM_TYPE, description="The documents have errors"
)
def preview_documents(caller: Caller, body: dict[str, Any]) -> Response:
    """The first screen of each persona with what is live, and with the documents in the body or drafts.

    `context` and `acquisition` change the persona named, or describe somebody who is none; with `explain`
    every rule asked and every score made on the way to the screen after is told.
    """
    looked_at = candidate(caller.scope, body)
    looked_at.require_valid()
    before = _live_set(caller.scope)
    after, people = _readied(looked_at, before), _people(looked_at, body)
    screens = preview(before, after, people, _now(), explain=body["explain"])
    return json_response({"personas": [each.as_json() for each in screens]})


@plane.call(
    "POST",
    "/preview/messages",
    role=Role.viewer,
    summary="A message before it is sent",
    operation="previewMessages",
    problems=BODY,
)
@plane.arguments(asked.MessagePreviewRequest)
@plane.response(200, told.MessagesPreviewed, description="The message to each persona in each language")
@plane.problem(404, "No such campaign, or it has no such channel")
@plane.alt_response(
    422, schema=told.InvalidDocuments, content_type=PROBLEM_TYPE, description="The documents have errors"
)
def preview_messages(caller: Caller, body: dict[str, Any]) -> Response:
    """A campaign's message as the documents in the body or drafts write it: texts, sizes, what is missing.

    Nothing is promised or sent: a code of a pool is stood in for by `SAMPLE-CODE`, item and place by
    examples unless they are named.
    """
    looked_at = candidate(caller.scope, body)
    looked_at.require_valid()
    serving = _readied(looked_at, _live_set(caller.scope))
    wanted = Asked(**{name: body[name] for name in _MESSAGE if name in body})
    found = previewed(serving, _people(looked_at, body), wanted, _now())
    return json_response({"messages": [each.as_json() for each in found]})


def _live_release(scope: Scope) -> int | None:
    live = services().publishing.pointer(scope)
    return live.release if live is not None else None


def _live_set(scope: Scope) -> ServingSet | None:
    """What is live at this moment, a publication a moment ago included."""
    live = services().publishing.pointer(scope)
    return services().serving.refresh(scope) if live is not None else None


def _readied(looked_at: Candidate, live: ServingSet | None) -> ServingSet:
    """The candidate as it would be served with the catalogue at hand."""
    catalog = looked_at.catalog(live.catalog if live is not None else None)
    return unpublished(looked_at.scope, looked_at.documents, catalog, _now(), live=live)


def _people(looked_at: Candidate, body: dict[str, Any]) -> tuple[Persona, ...]:
    known = personas_of(looked_at.documents)
    told_of = {name: body[name] for name in ("context", "acquisition") if name in body}
    if "persona" in body:
        named = persona_named(body["persona"], known)
        context = {**named.context, **told_of.pop("context", {})}
        return (replace(named, context=context, **told_of),)
    if told_of:
        return (replace(Persona("described", "As described in the request", {}), **told_of),)
    return known


def _now() -> int:
    return int(services().clock())

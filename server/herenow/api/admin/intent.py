"""What a search means to an app: with what is live, or with documents that somebody is working on."""

from __future__ import annotations

from typing import Any

from flask import Response

from herenow.api.access import services
from herenow.api.admin.candidates import candidate
from herenow.api.admin.plane import BODY, AdminPlane, Caller
from herenow.api.encoding import json_response
from herenow.api.schemas import intents as schemas
from herenow.identity.admins import Role
from herenow.launch.preview import unpublished
from herenow.launch.serving import ServingSet
from herenow.launch.understanding import Question, understood
from herenow.scope import Scope

plane = AdminPlane("admin-intent", __name__, description="See what searches are taken to mean.")


@plane.call(
    "POST",
    "/intent",
    role=Role.viewer,
    summary="What searches mean",
    operation="understandSearches",
    problems=(*BODY, 503),
)
@plane.arguments(schemas.SearchesAsked)
@plane.response(200, schemas.SearchesTold, description="Each search with its spans and explanation")
def understand_searches(caller: Caller, body: dict[str, Any]) -> Response:
    """What each text is taken for, with what is live, or else with the documents in the body.

    Nothing is kept of the texts. 503 (NOTHING_PUBLISHED) without documents before the first publication.
    """
    documents = body.pop("documents", None)
    serving = _serving(caller.scope, documents)
    return json_response({"searches": understood(serving, Question.of(**body))})


def _serving(scope: Scope, documents: dict[str, str] | None) -> ServingSet:
    if documents is None:
        return services().serving.refresh(scope)
    looked_at = candidate(scope, {"documents": documents})
    looked_at.require_valid()
    live = services().serving.refresh(scope) if services().publishing.pointer(scope) else None
    catalog = looked_at.catalog(live.catalog if live is not None else None)
    now = int(services().clock())
    return unpublished(looked_at.scope, looked_at.documents, catalog, now, live=live)

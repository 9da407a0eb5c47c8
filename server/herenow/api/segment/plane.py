"""The calls of Segment's HTTP API, under the paths that its clients and RudderStack's have built in.

The write key is the app's publishable key, as the user of Basic authentication or, as older clients send it,
in the body. A backend that uses such a client gives its secret key, and then speaks for the users it names.

``POST /v1/identify`` is also the name of herenow's own call for installations. They are told apart by their
authentication: Basic, or a key in the body, is Segment's; Bearer is an installation's and never handled here.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from flask import Response, g, request

from herenow.api.access import services
from herenow.api.blueprint import Plane
from herenow.api.encoding import batch_in, json_response, read_body
from herenow.api.schemas import segment as shapes
from herenow.api.stock.plane import body_json, of_protocol, spend_evaluation
from herenow.compat.segment import MAX_MESSAGES
from herenow.errors import BadRequest, Unauthenticated
from herenow.identity.subjects import Standing
from herenow.scope import Scope

plane = Plane(
    "segment", __name__, url_prefix="/v1", description="What Segment's and RudderStack's clients call."
)

KEYED: Final[list[dict[str, list[str]]]] = [{"writeKey": []}]
SINGLE: Final = ("track", "screen", "page", "identify", "group", "alias")
_SENT: Final = "Authorization, Content-Type, Content-Encoding, AnonymousId, X-Request-Id"
_SHOWN: Final = "Retry-After, X-Request-Id"


@plane.route("/batch", methods=["POST"])
@plane.doc(
    security=KEYED,
    summary="A batch of messages",
    operationId="segmentBatch",
    requestBody={"required": True, "content": {"application/json": {"schema": shapes.SegmentBatch}}},
)
@plane.response(200, shapes.MessagesTaken, description="Stored; what became of each message")
@plane.alt_response(400, schema=shapes.MessagesRefused, description="No batch, or malformed")
@plane.alt_response(401, schema=shapes.MessagesRefused, description="Unknown or revoked write key")
@plane.alt_response(413, schema=shapes.MessagesRefused, description="The body is too large")
@plane.alt_response(429, schema=shapes.MessagesRefused, description="Too many from this network or person")
@plane.alt_response(
    503, schema=shapes.MessagesRefused, description="The log cannot be written; send it again"
)
def batch() -> Response:
    """Store messages of any type. The same `messageId` again adds nothing, for seven days."""
    body = _object(batch_in(read_body(request, services().settings.max_body), "batch"))
    messages = body.get("batch")
    if not isinstance(messages, list) or not 0 < len(messages) <= MAX_MESSAGES:
        raise BadRequest(f"send a batch of 1 to {MAX_MESSAGES} messages")
    return _take(body, messages)


def _single(kind: str) -> None:
    @plane.route(f"/{kind}", methods=["POST"], endpoint=kind)
    @plane.doc(
        security=KEYED,
        summary=f"One message of type {kind}",
        operationId=f"segment{kind.capitalize()}",
        requestBody={"required": True, "content": {"application/json": {"schema": shapes.SegmentMessage}}},
    )
    @plane.response(200, shapes.MessagesTaken, description="Stored, or why not")
    @plane.alt_response(400, schema=shapes.MessagesRefused, description="No object, or malformed")
    @plane.alt_response(401, schema=shapes.MessagesRefused, description="Unknown or revoked write key")
    @plane.alt_response(413, schema=shapes.MessagesRefused, description="The body is too large")
    @plane.alt_response(
        429, schema=shapes.MessagesRefused, description="Too many from this network or person"
    )
    @plane.alt_response(
        503, schema=shapes.MessagesRefused, description="The log cannot be written; send it again"
    )
    def single() -> Response:
        """Store one message."""
        body = _object(body_json())
        return _take(body, [{**body, "type": kind}])


def _take(body: dict[str, Any], messages: list[Any]) -> Response:
    scope, standing = _writer(body)
    if standing == "claimed":
        spend_evaluation(scope, None)
    outcome = services().segment.accept(scope, standing, messages, body.get("sentAt"))
    return json_response({"success": True, **outcome.as_json()})


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadRequest("send a JSON object")
    return body


def _writer(body: dict[str, Any]) -> tuple[Scope, Standing]:
    """Who writes, by a publishable or a secret key. Raises ``Unauthenticated``."""
    key = _basic(request.headers.get("Authorization", "")) or body.get("writeKey")
    text = key if isinstance(key, str) else ""
    is_secret = text.startswith("sk_")
    g.scope = scope = services().keys.authenticate(text, "secret" if is_secret else "publishable")
    return scope, "proven" if is_secret else "claimed"


def _basic(authorization: str) -> str:
    """The user of Basic authentication (RFC 7617); empty without it."""
    kind, _, told = authorization.partition(" ")
    if kind.lower() == "bearer":
        raise Unauthenticated("send the write key by Basic authentication", code="INVALID_KEY")
    try:
        return base64.b64decode(told, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _refuse(status: int, code: str, title: str) -> Response:
    """As Segment's clients read a refusal: a code and a message."""
    return json_response({"success": False, "code": code or "HTTP_ERROR", "message": title}, status)


for _kind in SINGLE:
    _single(_kind)
of_protocol(plane, _refuse, sent=_SENT, shown=_SHOWN)

"""The public plane: cacheable by any CDN, keyed by the publishable key in the path."""

from __future__ import annotations

import re
from typing import Final

from flask import Response, g, request
from werkzeug.wrappers import Response as BaseResponse

from herenow.api.access import services
from herenow.api.blueprint import Plane
from herenow.errors import NotFound
from herenow.storage.ports import BlobMissing

plane = Plane("public", __name__, url_prefix="/v1", description="What devices and caches fetch.")

_DIGEST = re.compile(r"[0-9a-f]{64}")
FOREVER: Final = "public, max-age=31536000, immutable"


@plane.route("/apps/<pk>/manifest", methods=["GET"])
@plane.doc(summary="The signed manifest", operationId="manifest", security=[])
@plane.response(200, content_type="application/jose", description="Compact JWS (ES256)")
@plane.alt_response(304, description="The manifest held is current")
@plane.problem(401, "Unknown or revoked key")
@plane.problem(503, "Nothing is published yet")
def manifest(pk: str) -> BaseResponse:
    """The list of parts that a device trusts, as a compact JWS."""
    scope = services().keys.authenticate(pk, "publishable")
    g.scope = scope
    signed = services().publishing.manifest(scope)
    age = services().settings.manifest_ttl_s
    response = Response(signed.jws, content_type="application/jose")
    response.headers["Cache-Control"] = f"public, max-age={age}"
    response.set_etag(signed.etag)
    return response.make_conditional(request)


@plane.route("/blobs/<digest>", methods=["GET"])
@plane.doc(summary="A part by digest", operationId="blob", security=[])
@plane.response(200, content_type="application/json", description="The part's bytes")
@plane.problem(404, "No part has this digest")
def blob(digest: str) -> BaseResponse:
    """The bytes of a part that some manifest has named; immutable."""
    if not _DIGEST.fullmatch(digest) or not services().publishing.is_public(digest):
        raise _unknown(digest)
    try:
        content = services().blobs.get(digest)
    except BlobMissing as error:
        raise _unknown(digest) from error
    response = Response(content, content_type="application/json", headers={"Cache-Control": FOREVER})
    response.set_etag(digest)
    return response.make_conditional(request)


def _unknown(digest: str) -> NotFound:
    return NotFound(f"no blob '{digest[:64]}'", code="UNKNOWN_BLOB")

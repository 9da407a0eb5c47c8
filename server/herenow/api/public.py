"""The public plane: cacheable by any CDN, keyed by the publishable key in the path."""

from __future__ import annotations

import re
from typing import Final

from flask import Response, g, request
from werkzeug.wrappers import Response as BaseResponse

from herenow.api.access import services
from herenow.api.blueprint import Plane
from herenow.api.encoding import json_response
from herenow.api.schemas.places import TileIndex
from herenow.canonical import digest
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


@plane.route("/apps/<pk>/fences/<tile>", methods=["GET"])
@plane.doc(
    summary="The fences around a place",
    operationId="fencesTile",
    security=[],
    parameters=[
        {
            "in": "path",
            "name": "tile",
            "required": True,
            "description": "Geohash of five characters",
            "schema": {"type": "string", "pattern": "^[0-9b-hjkmnp-z]{5}$", "example": "te7ud"},
        }
    ],
)
@plane.response(200, TileIndex, description="The digests of the tile's documents")
@plane.alt_response(304, description="The index held is current")
@plane.problem(400, "Not a geohash of five characters")
@plane.problem(401, "Unknown or revoked key")
@plane.problem(503, "Nothing is published yet")
def fences(pk: str, tile: str) -> BaseResponse:
    """The index of a tile, whose documents are parts by digest.

    A device asks for the cell it is in, and neighbours that are near; nobody learns where in it it stands.
    """
    scope = services().keys.authenticate(pk, "publishable")
    g.scope = scope
    response: BaseResponse = json_response(services().places.tile(scope, tile))
    response.headers["Cache-Control"] = f"public, max-age={services().settings.manifest_ttl_s}"
    response.set_etag(digest(response.get_data()))
    return response.make_conditional(request)


@plane.route("/blobs/<sha256>", methods=["GET"])
@plane.doc(summary="A part by digest", operationId="blob", security=[])
@plane.response(200, content_type="application/json", description="The part's bytes")
@plane.problem(404, "No part has this digest")
def blob(sha256: str) -> BaseResponse:
    """The bytes of a part that some manifest has named; immutable."""
    if not _DIGEST.fullmatch(sha256) or not services().publishing.is_public(sha256):
        raise _unknown(sha256)
    try:
        content = services().blobs.get(sha256)
    except BlobMissing as error:
        raise _unknown(sha256) from error
    response = Response(content, content_type="application/json", headers={"Cache-Control": FOREVER})
    response.set_etag(sha256)
    return response.make_conditional(request)


def _unknown(sha256: str) -> NotFound:
    return NotFound(f"no blob '{sha256[:64]}'", code="UNKNOWN_BLOB")

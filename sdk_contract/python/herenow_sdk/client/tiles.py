"""Tiles of fences, as anybody may fetch them: the index of a tile first, then its shards by their digests.

Specification: 10.9.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from herenow_sdk.client.calls import Calls, Reply
from herenow_sdk.client.surroundings import read_documents
from herenow_sdk.core.place.tiles import read_tile_index
from herenow_sdk.core.reasons import RetryClass

Json = Mapping[str, Any]
_UNREADABLE: Final = Reply(RetryClass.RETRY)
"""Somebody else's page, or bytes that are not what their digest says: nothing is known of the tile."""


def fetch_tile(calls: Calls, key: str, name: str) -> list[Json] | Reply:
    """The documents of a tile, all of them; or the answer because of which there are none."""
    reply = calls.public(f"/v1/apps/{key}/fences/{name}")
    if reply.status == HTTPStatus.NOT_FOUND:  # a server without tiles: the release's fences are all
        return [{"tile": name, "shard": 0, "shards": 1, "fences": {}}]
    if reply.action is not RetryClass.DONE or reply.response is None:
        return reply
    digests = read_tile_index(name, reply.response.document())
    if digests is None:
        return _UNREADABLE
    documents: list[Json] = [] if digests else [{"tile": name, "shard": 0, "shards": 1, "fences": {}}]
    for digest in digests:
        shard = calls.public(f"/v1/blobs/{digest}")
        if shard.action is not RetryClass.DONE or shard.response is None:
            return shard
        if sha256(shard.response.body).hexdigest() != digest:
            return _UNREADABLE
        documents += read_documents(shard.response.body)
    return documents

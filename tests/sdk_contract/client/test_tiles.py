import json
from hashlib import sha256

import pytest

from herenow_sdk.client.calls import Reply
from herenow_sdk.client.tiles import fetch_tile
from herenow_sdk.client.transport import Response
from herenow_sdk.core.reasons import RetryClass

SHARD = {"tile": "te7ud", "shard": 0, "shards": 1, "fences": {}}
BYTES = json.dumps(SHARD).encode()


class Answers:
    """Calls to a server that answers each path as it is told; any other is not there."""

    def __init__(self, index, shard=BYTES):
        self._bodies = {"/v1/apps/pk/fences/te7ud": json.dumps(index).encode()}
        self._shard = shard

    def public(self, path, _etag=None):
        """The answer of a path."""
        body = self._shard if path.startswith("/v1/blobs/") else self._bodies[path]
        return Reply(RetryClass.DONE, Response(200, {}, body))


def _index(*digests):
    return {"tile": "te7ud", "shards": [{"sha256": each, "size": len(BYTES)} for each in digests]}


@pytest.mark.requirement("10.9.3")
def test_the_shards_of_an_index_are_the_tile():
    """Each by its digest; a tile without any is one without fences."""
    assert fetch_tile(Answers(_index(sha256(BYTES).hexdigest())), "pk", "te7ud") == [SHARD]
    assert fetch_tile(Answers(_index()), "pk", "te7ud") == [SHARD]


@pytest.mark.requirement("10.9.3")
@pytest.mark.parametrize(
    "index", [_index("0" * 64), _index("no digest"), {"tile": "te7ue", "shards": []}, {"login": "please"}]
)
def test_what_is_not_the_tile_is_asked_for_again(index):
    """Bytes of another digest, another tile's index, a page of somebody else's: later, not for now."""
    told = fetch_tile(Answers(index), "pk", "te7ud")
    assert isinstance(told, Reply)
    assert told.action is RetryClass.RETRY

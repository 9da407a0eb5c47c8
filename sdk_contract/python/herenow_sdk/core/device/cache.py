"""What a device keeps on disk, so that it can tell a good record from half of one, and whose it is.

A record is one line of JSON about itself and then the bytes it holds. Written aside and renamed into place
(the host's part), it is whole or absent; what is neither, or was made for another identity, is not used.
Every record of a person carries the ``identity_key`` of whom it was made for, so that no mistake in deleting
can show one person what was decided for another.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Final

from herenow_sdk.core.device.strict_json import NotStrict, read_object
from herenow_sdk.core.reasons import CacheFault

FORMAT: Final = "herenow-cache/1"
NOBODY: Final = ""
"""The identity of what is nobody's: manifest, parts, trust."""


def identity_key(app: str, environment: str, installation: str) -> str:
    """Whom a record was made for: lower-case hex SHA-256 of the three as a JSON array without white space.

    The user is no part of it: signing in keeps the installation and the answers, and another user is another
    installation (``identity``).
    """
    told = json.dumps([app, environment, installation], separators=(",", ":"))
    return sha256(told.encode()).hexdigest()


def sealed(content: bytes, identity: str = NOBODY) -> bytes:
    """The record to write: ``{"format", "identity", "sha256"}``, a line feed, the content."""
    head = {"format": FORMAT, "identity": identity, "sha256": sha256(content).hexdigest()}
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + content


def opened(record: bytes, identity: str = NOBODY) -> bytes | CacheFault:
    """The content of a record made for ``identity``, or why it is not used."""
    head, line_feed, content = record.partition(b"\n")
    told = _head(head)
    if told is None or not line_feed:
        return CacheFault.CORRUPT
    if told.get("format") != FORMAT:
        return CacheFault.OTHER_FORMAT
    if told.get("sha256") != sha256(content).hexdigest():
        return CacheFault.CORRUPT
    return content if told.get("identity") == identity else CacheFault.OTHER_IDENTITY


def still_valid(etag: Any, held: Any) -> bool:
    """Whether an answer with ``etag`` is the one held under ``held``: compared whole, by the SDK itself.

    HTTP caches do not compare the answers of ``POST``; weak validators (``W/``) never match.
    """
    return isinstance(etag, str) and etag[:1] == '"' and etag == held


def _head(line: bytes) -> dict[str, Any] | None:
    try:
        return read_object(line)
    except NotStrict:
        return None

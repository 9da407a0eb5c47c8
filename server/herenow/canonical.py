"""Canonical JSON and its digest: the same value gives the same bytes on every machine.

Keys sorted by code point, no white space, no ASCII escaping, UTF-8. What is digested, signed or
compared goes through here.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """The canonical bytes of a JSON value. Raises ``ValueError`` for NaN and infinities."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(content: bytes) -> str:
    """Lower-case hex SHA-256."""
    return hashlib.sha256(content).hexdigest()

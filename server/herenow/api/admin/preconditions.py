"""ETags and the conditions that a change makes (RFC 9110 §13).

A version is a whole number and its ETag that number in quotes. A weak tag counts like a strong one:
proxies that compress weaken tags, and a number names one state however it travels.
"""

from __future__ import annotations

import re
from typing import Any, Final

from flask import request

from herenow.errors import PreconditionFailed, PreconditionRequired

_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,15})"')

IF_MATCH: Final[dict[str, Any]] = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "ETag of what is replaced",
    "schema": {"type": "string", "example": '"17"'},
}
IF_NONE_MATCH: Final[dict[str, Any]] = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "`*`: only when there is none yet",
    "schema": {"type": "string", "example": "*"},
}
ETAG: Final[dict[str, Any]] = {
    "ETag": {
        "description": "The version, to be sent in If-Match",
        "schema": {"type": "string", "example": '"17"'},
    }
}


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def if_match() -> int | None:
    """The version that the caller replaces, ``None`` when it does not say.

    Raises ``PreconditionFailed`` for a tag that was never one of ours, ``PreconditionRequired`` for
    ``*``: whoever replaces whatever there is has not seen it.
    """
    stated = request.headers.get("If-Match")
    if stated is None:
        return None
    if stated.strip() == "*":
        raise PreconditionRequired("name in If-Match the version you replace, not *")
    tag = _TAG.fullmatch(stated.strip())
    if tag is None:
        raise PreconditionFailed("If-Match names no version", detail="Send one ETag as it was answered.")
    return int(tag[1])


def only_if_absent() -> bool:
    """Whether the caller wants to create and never to replace."""
    return request.headers.get("If-None-Match", "").strip() == "*"

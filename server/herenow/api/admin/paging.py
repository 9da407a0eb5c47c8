"""Pages: newest first, continued by an opaque cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from herenow.errors import BadRequest

_Page = TypeVar("_Page")


def page_of(read: Callable[..., _Page], query: Mapping[str, Any]) -> _Page:
    """What ``read`` answers for the ``limit`` and ``cursor`` of ``query``.

    Raises ``BadRequest`` (INVALID_CURSOR) for a cursor that this list did not issue.
    """
    try:
        return read(limit=query["limit"], cursor=query.get("cursor"))
    except ValueError as error:
        raise BadRequest(
            "the cursor is not one of ours", code="INVALID_CURSOR", detail="Begin again without one."
        ) from error

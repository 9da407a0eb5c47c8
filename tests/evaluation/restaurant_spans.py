"""A labelled part of a search text."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) say something of a type."""

    type: str
    start: int
    end: int

    def touches(self, other: Span) -> bool:
        """Whether they share a character."""
        return self.start < other.end and other.start < self.end

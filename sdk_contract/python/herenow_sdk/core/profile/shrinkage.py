"""What little evidence is worth: a share, pulled towards what holds for more people. Specification: 12.2."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SCALE: Final = 1024
"""A share of 1, and of what no device divides by."""
STRENGTH: Final = 5 * SCALE
"""How much evidence, in 1024ths of an event, weighs as much as the level above."""


def shrink(count: int, total: int, prior: int, strength: int = STRENGTH) -> int:
    """``(count * 1024 + strength * prior) // (total + strength)``: a share in 1024ths, rounded down.

    ``count`` and ``total`` in 1024ths of an event, not negative; ``strength`` at least 1.

    >>> shrink(0, 0, 300), shrink(5 * 1024, 5 * 1024, 300)
    (300, 662)
    """
    return (count * SCALE + strength * prior) // (total + strength)


def shrink_levels(levels: Iterable[tuple[int, int]], base: int = 0, strength: int = STRENGTH) -> int:
    """Shrinks level by level: global, app, segment, user; each (count, total). Without evidence, ``base``."""
    share = base
    for count, total in levels:
        share = shrink(count, total, share, strength)
    return share

"""Which typing slips are likely: neighbouring keys, a letter doubled or not, two letters swapped."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> frozenset[str]:
    """Pairs of letters whose keys touch: in a row, and aslant from one row to the next."""
    beside = {left + right for row in _ROWS for left, right in pairwise(row)}
    for upper, lower in pairwise(_ROWS):
        beside |= {upper[at] + lower[at] for at in range(len(lower))}
        beside |= {upper[at + 1] + lower[at] for at in range(min(len(lower), len(upper) - 1))}
    return frozenset(beside | {pair[::-1] for pair in beside})


_TOUCHING: Final = _neighbours()


def is_likely(typed: str, meant: str) -> bool:
    """Whether one slip of a likely kind turns ``meant`` into ``typed``."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(typed), len(meant)) - start and typed[-1 - end] == meant[-1 - end]:
        end += 1
    before = typed[start - 1 : start]
    return _is_likely_change(
        typed[start : len(typed) - end],
        meant[start : len(meant) - end],
        before,
        typed[len(typed) - end :][:1],
    )


def _is_likely_change(typed: str, meant: str, before: str, after: str) -> bool:
    if len(typed) == len(meant) == 1:
        return typed + meant in _TOUCHING
    if len(typed) == len(meant) == 2:
        return typed == meant[::-1]
    if not meant and len(typed) == 1:
        return typed in (before, after) or before + typed in _TOUCHING or typed + after in _TOUCHING
    return not typed and len(meant) == 1 and meant in (before, after)

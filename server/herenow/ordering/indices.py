"""Sets of items as ascending arrays of catalogue indices.

Postings, neighbourhoods and candidates are all of this kind, so a set of a few hundred items out of
100,000 costs a few hundred steps. Membership is answered by binary search where few items are asked of
a long list, and by one flag per catalogue item otherwise: the flags of 100,000 items are 100 kB, which
is cheaper to fill than 10,000 searches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int32]
"""Ascending, without repeats."""

Flags = NDArray[np.bool_]

NO_ITEMS: Final[Indices] = np.zeros(0, dtype=np.int32)
_SEARCH_WHEN_SHORTER: Final = 16
"""Binary search pays when the asked are this many times fewer than the listed (measured at 100,000)."""


def contained(items: Indices, listed: Indices, universe: int) -> Flags:
    """For each of ``items`` whether it is in ``listed``; ``universe`` is the catalogue's length."""
    if not len(listed):
        return np.zeros(len(items), dtype=np.bool_)
    if len(items) * _SEARCH_WHEN_SHORTER < len(listed):
        at = np.minimum(np.searchsorted(listed, items), len(listed) - 1)
        return np.asarray(listed[at] == items)
    return flags_of([listed], universe).take(items)


def flags_of(groups: Sequence[Indices], universe: int) -> Flags:
    """One flag per catalogue item: is it in any of the groups?"""
    flags = np.zeros(universe, dtype=np.bool_)
    for group in groups:
        flags[group] = True
    return flags


def union(groups: Sequence[Indices], universe: int) -> Indices:
    """The items in any of the groups."""
    if len(groups) == 1:
        return groups[0]
    if not groups:
        return NO_ITEMS
    return np.flatnonzero(flags_of(groups, universe)).astype(np.int32)


def intersection(groups: Sequence[Indices], universe: int) -> Indices:
    """The items in every one of the groups, of which there is at least one; shortest first."""
    shortest, *others = sorted(groups, key=len)
    for other in others:
        shortest = shortest[contained(shortest, other, universe)]
    return shortest


def summed(items: Indices, groups: Sequence[tuple[Indices, int]], universe: int) -> NDArray[np.int64]:
    """For each of ``items`` the sum of the amounts of the groups it is in."""
    if len(items) * _SEARCH_WHEN_SHORTER >= sum(len(group) for group, _ in groups):
        return summed_everywhere(groups, universe)[items].astype(np.int64)
    total = np.zeros(len(items), dtype=np.int64)
    for group, amount in groups:
        total += contained(items, group, universe) * np.int64(amount)
    return total


def summed_everywhere(groups: Sequence[tuple[Indices, int]], universe: int) -> NDArray[np.int32]:
    """The same for every item of the catalogue."""
    amounts = np.zeros(universe, dtype=np.int32)
    for group, amount in groups:
        amounts[group] += amount
    return amounts

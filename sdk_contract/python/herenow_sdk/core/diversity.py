"""Variety on the screen: in any ``per`` consecutive positions at most ``maximum`` of one group.

The layout is greedy: every position takes the best entry that fits, and the best that is left when none
does, because an empty place helps nobody.

Entries with the same groups stand in one line, since they fit or do not fit together, and only heads
of lines are looked at. A line whose head does not fit is parked with the group that stops it; once that
group is free again, its parked lines come back one at a time, best first. So the cost of a position
depends neither on how many entries wait nor on how many of them are blocked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TypeVar

Entry = TypeVar("Entry")
Groups = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diversity:
    """At most ``maximum`` entries of one group within ``per`` consecutive positions."""

    maximum: int
    per: int


def lay_out(
    waiting: Sequence[Entry],
    fixed: Mapping[int, Entry],
    diversity: Diversity | None,
    groups_of: Callable[[Entry], Groups],
) -> list[Entry]:
    """Fill the positions around ``fixed`` (position from 0 to entry) with ``waiting``, best first."""
    length = len(waiting) + len(fixed)
    if diversity is None:
        rest = iter(waiting)
        return [fixed[at] if at in fixed else next(rest) for at in range(length)]
    window = _Window(diversity, {at: _distinct(groups_of(entry)) for at, entry in fixed.items()}, length)
    queue = _Queue([_distinct(groups_of(entry)) for entry in waiting])
    laid: list[Entry] = []
    for at in range(length):
        full = window.full_at(at)
        if at in fixed:
            laid.append(fixed[at])
            continue
        index = queue.take(full)
        window.put(at, queue.groups[index])
        laid.append(waiting[index])
    return laid


def _distinct(groups: Groups) -> Groups:
    return groups if len(groups) < 2 else tuple(dict.fromkeys(groups))


class _Window:
    """Which groups may not stand at a position, walking from the first position to the last.

    Positions behind are filled; counting them as they enter and leave the window is enough. Ahead there
    are only fixed entries: for their few groups, all places of the group are looked at.
    """

    def __init__(self, diversity: Diversity, fixed: Mapping[int, Groups], length: int) -> None:
        self._maximum = max(diversity.maximum, 1)
        self._per = max(diversity.per, 1)
        self._groups: list[Groups] = [fixed.get(at, ()) for at in range(length)]
        self._behind: dict[str, int] = {}
        self._full: set[str] = set()
        self._ahead = sorted(fixed)

    def put(self, at: int, groups: Groups) -> None:
        """Records the groups of the entry that took a position."""
        self._groups[at] = groups

    def full_at(self, at: int) -> AbstractSet[str]:
        """The groups of which one more at this position would make some window hold too many.

        Asked for every position in turn, once.
        """
        behind, maximum = self._behind, self._maximum
        for group in self._groups[at - 1] if at else ():
            behind[group] = count = behind.get(group, 0) + 1
            if count == maximum:
                self._full.add(group)
        for group in self._groups[at - self._per] if at >= self._per else ():
            behind[group] = count = behind[group] - 1
            if count == maximum - 1:
                self._full.discard(group)
        return self._full | self._full_ahead(at) if self._ahead else self._full

    def _full_ahead(self, at: int) -> set[str]:
        while self._ahead and self._ahead[0] <= at:
            del self._ahead[0]
        near = [position for position in self._ahead if position < at + self._per]
        groups = {group for position in near for group in self._groups[position]}
        return {group for group in groups if self._crowded(group, at)}

    def _crowded(self, group: str, at: int) -> bool:
        """Whether ``maximum`` neighbours of the group and this position fit into one window."""
        start, stop = max(at - self._per + 1, 0), at + self._per
        placed = [p for p in range(start, min(stop, len(self._groups))) if group in self._groups[p]]
        return any(
            max(last, at) - min(first, at) < self._per
            for first, last in zip(placed, placed[self._maximum - 1 :], strict=False)
        )


class _Queue:
    """The waiting entries, by index, best first, in lines of equal groups.

    ``_ready`` and each of ``_parked`` are heaps of heads of lines.
    """

    def __init__(self, groups: list[Groups]) -> None:
        self.groups = groups
        self._taken = bytearray(len(groups))
        self._behind: list[int | None] = [None] * len(groups)  # the next of the same line
        heads: dict[Groups, int] = {}
        for index in range(len(groups) - 1, -1, -1):
            self._behind[index] = heads.get(groups[index])
            heads[groups[index]] = index
        self._ready = list(heads.values())
        heapify(self._ready)
        self._parked: dict[str, list[int]] = defaultdict(list)
        self._best = 0

    def take(self, full: AbstractSet[str]) -> int:
        """Removes the best entry without a full group, or the best of all when there is none."""
        if self._parked:
            for group in [group for group in self._parked if group not in full]:
                self._release(group)
        while (index := self._pop(self._ready)) is not None:
            if full.isdisjoint(self.groups[index]):
                self._taken[index] = 1
                self._enqueue(self._ready, self._behind[index])
                return index
            self._park(index, full)
        self._best = self._taken.index(0, self._best)
        self._taken[self._best] = 1
        return self._best

    def _park(self, index: int, full: AbstractSet[str]) -> None:
        stopped_by = next(group for group in self.groups[index] if group in full)
        heappush(self._parked[stopped_by], index)
        for group in self.groups[index]:
            if group in self._parked and group not in full:
                self._release(group)  # this line may have been the one that group had let out

    def _release(self, group: str) -> None:
        self._enqueue(self._ready, self._pop(self._parked[group]))
        if not self._parked[group]:
            del self._parked[group]

    def _pop(self, heads: list[int]) -> int | None:
        while heads:
            index = heappop(heads)
            if not self._taken[index]:
                return index
            self._enqueue(heads, self._behind[index])  # taken as the best of all: the line moves up
        return None

    def _enqueue(self, heads: list[int], index: int | None) -> None:
        if index is not None:
            heappush(heads, index)

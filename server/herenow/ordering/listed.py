"""Features that a person's history gives to single items: what goes with the latest, what was seen in vain.

Where affinity is about values that thousands of items share, these name a few hundred items one by one, so
they are two arrays, item and amount, and everything else has 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog import Catalog
from herenow.ordering.indices import NO_ITEMS, Indices
from herenow.ordering.selection import Scores
from herenow_sdk.core.ordering import SCALE

FADES: Final = tuple(round(SCALE * 0.8**place) for place in range(20))
"""What an item of the history weighs, the latest first: 0.8 to the power of its place, out of 1024."""
USUAL_VAIN: Final = 3
"""So many looks in vain make half of the full fatigue."""

Table = Mapping[str, Sequence[tuple[str, int]]]
"""Of an item those that go with it and how well, 1 to 1024."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Items, ascending, and the feature of each: fixed point within ±1024."""

    items: Indices
    amounts: NDArray[np.int64]

    def __bool__(self) -> bool:
        return bool(len(self.items))

    def of(self, items: Indices) -> NDArray[np.int64]:
        """The feature of each of ``items``."""
        if not len(self.items):
            return np.zeros(len(items), dtype=np.int64)
        at = np.minimum(np.searchsorted(self.items, items), len(self.items) - 1)
        return np.where(self.items[at] == items, self.amounts[at], 0)

    def add_to(self, total: Scores, weight: int) -> None:
        """Add ``weight`` times the features to the scores of a whole catalogue."""
        total[self.items] += weight * self.amounts


NONE: Final = Listed(NO_ITEMS, np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class GoesWith:
    """How well an item goes with what the person did lately, 1 to 1024, and with which item the most."""

    feature: int
    item: str


def going_with(recent: Sequence[str], table: Table) -> dict[str, GoesWith]:
    """What goes with the latest items (the latest first, each once), those themselves left out.

    feature = min(1024, sum of 0.8^n * weight over the items of the history): the recommender that our
    measurements found best of the simple ones, in integers.
    """
    sums: dict[str, tuple[int, int, str]] = {}
    for fade, item in zip(FADES, recent, strict=False):
        for other, weight in table.get(item, ()):
            gain = fade * weight
            total, most, through = sums.get(other, (0, 0, item))
            sums[other] = (total + gain, gain, item) if gain > most else (total + gain, most, through)
    known = frozenset(recent)
    return {
        other: GoesWith(min(total // SCALE, SCALE), through)
        for other, (total, _, through) in sums.items()
        if other not in known and total >= SCALE
    }


def fatigue(looks: int) -> int:
    """The feature ``seen_recently`` after looks without a tap (decayed, in 1024ths): 0 down to -1024.

    >>> fatigue(0), fatigue(1024), fatigue(3 * 1024)
    (0, -256, -512)
    """
    return -(looks * SCALE // (looks + USUAL_VAIN * SCALE)) if looks > 0 else 0


def listed(catalog: Catalog, amounts: Mapping[str, int]) -> Listed:
    """The feature by item id; ids that the catalogue does not have are left out."""
    return _ascending((catalog.index_of(item), amount) for item, amount in amounts.items())


def at_places(catalog: Catalog, amounts: Mapping[str, int]) -> Listed:
    """The feature by place: of the item with that id, and of all in the part of town of that name.

    An item at two of the places has the higher feature.
    """
    located = catalog.schema.located
    best: dict[int, int] = {}
    for place, amount in amounts.items():
        index = catalog.index_of(place)
        found = [] if index is None else [index]
        if located is not None:
            found += catalog.postings(located.name, place).tolist()
        for each in found:
            best[each] = max(best.get(each, amount), amount)
    return _ascending(best.items())


def _ascending(pairs: Iterable[tuple[int | None, int]]) -> Listed:
    known = sorted((index, amount) for index, amount in pairs if index is not None and amount)
    if not known:
        return NONE
    items, amounts = zip(*known, strict=True)
    held = np.clip(np.array(amounts, dtype=np.int64), -SCALE, SCALE)
    return Listed(np.array(items, dtype=np.int32), held)

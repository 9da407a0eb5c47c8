"""The place grid: items by square cells of 0.02°, so that *near* looks at few of them.

A cell's key is ``row · 18001 + column`` of its latitude and longitude; items are kept in order of key, then
of index, so the cells of one row between two longitudes are one slice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.distance import box_e6
from herenow.catalog.rows import NO_COORDINATE

CELL_E6: Final = 20_000
_COLUMNS: Final = 360_000_000 // CELL_E6 + 1
_MAX_ROWS: Final = 512
"""Above this many rows of cells, looking at every item is as good."""


@dataclass(frozen=True, slots=True)
class PlaceGrid:
    """``cells`` distinct keys ascending, ``offsets`` into ``items``, ``items`` indexes of located items."""

    cells: NDArray[np.int32]
    offsets: NDArray[np.int32]
    items: NDArray[np.int32]

    @classmethod
    def of(cls, lat_e6: NDArray[np.int32], lon_e6: NDArray[np.int32]) -> PlaceGrid:
        """The grid of all items that have coordinates."""
        located = np.flatnonzero(lat_e6 != NO_COORDINATE).astype(np.int32)
        keys = _row(lat_e6[located]) * _COLUMNS + _column(lon_e6[located])
        order = np.argsort(keys, kind="stable")
        cells, first = np.unique(keys[order], return_index=True)
        offsets = np.append(first, len(located)).astype(np.int32)
        return cls(cells.astype(np.int32), offsets, located[order])

    def around(self, lat_e6: int, lon_e6: int, radius_m: int) -> NDArray[np.int32]:
        """Every item within the radius, and some beyond it; in no particular order."""
        south, north, spans = box_e6(lat_e6, lon_e6, radius_m)
        rows = range(int(_row(south)), int(_row(north)) + 1)
        if len(rows) > _MAX_ROWS:
            return self.items
        slices = [
            self.items[self.offsets[first] : self.offsets[last]]
            for first, last in self._cell_ranges(rows, spans)
            if first < last
        ]
        return np.concatenate(slices) if slices else self.items[:0]

    def _cell_ranges(self, rows: range, spans: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
        bounds = [
            (row * _COLUMNS + int(_column(west)), row * _COLUMNS + int(_column(east)) + 1)
            for row in rows
            for west, east in spans
        ]
        positions = np.searchsorted(self.cells, np.array(bounds, dtype=np.int64).ravel())
        return zip(positions[::2].tolist(), positions[1::2].tolist(), strict=True)


def _row(lat_e6: NDArray[np.int32] | int) -> NDArray[np.int64]:
    return (np.asarray(lat_e6, dtype=np.int64) + 90_000_000) // CELL_E6


def _column(lon_e6: NDArray[np.int32] | int) -> NDArray[np.int64]:
    return (np.asarray(lon_e6, dtype=np.int64) + 180_000_000) // CELL_E6

"""Lists of integers in two arrays: the compressed sparse row form of a table with uneven rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Csr:
    """Row ``i`` is ``values[offsets[i]:offsets[i + 1]]``; ``offsets`` has one element more than rows."""

    offsets: NDArray[np.int32]
    values: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Csr:
        """The rows as given."""
        lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        values = np.fromiter((value for row in rows for value in row), dtype=np.int32)
        return cls(_offsets(lengths), values)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, index: int) -> NDArray[np.int32]:
        """The values of one row, without copying."""
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    def lengths(self) -> NDArray[np.int64]:
        """How many values each row has."""
        return np.diff(self.offsets).astype(np.int64)

    def take(self, rows: NDArray[np.integer]) -> NDArray[np.int32]:
        """The values of the given rows, one row after the other."""
        lengths = self.lengths()[rows]
        starts = self.offsets[rows].astype(np.int64)
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        taken: NDArray[np.int32] = self.values[np.repeat(starts, lengths) + within]
        return taken

    def inverted(self, rows: NDArray[np.integer], width: int) -> Csr:
        """Value → positions in ``rows`` whose row holds it, ascending; ``width`` values in all."""
        values = self.take(rows)
        positions = np.repeat(np.arange(len(rows), dtype=np.int32), self.lengths()[rows])
        order = np.argsort(values, kind="stable")
        return Csr(_offsets(np.bincount(values, minlength=width)), positions[order])


def _offsets(lengths: NDArray[np.integer]) -> NDArray[np.int32]:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return offsets

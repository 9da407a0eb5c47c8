"""Rows turned into columns while they are read, so that 100,000 rows never exist as objects at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.csr import Csr
from herenow.catalog.facets import MISSING
from herenow.catalog.rows import Row
from herenow.catalog.schema import LABEL_TYPES, CatalogSchema, FacetType

Order = NDArray[np.int64]


class Interned:
    """Hashable things numbered as they come; ``codes`` has one number per item, ``MISSING`` for none."""

    def __init__(self) -> None:
        self.codes = array("i")
        self._numbers: dict[Any, int] = {}

    def add(self, thing: Any) -> None:
        """The next item's; empty means missing."""
        self.codes.append(self._numbers.setdefault(thing, len(self._numbers)) if thing else MISSING)

    def sorted(self, order: Order) -> tuple[list[Any], NDArray[np.int32]]:
        """The distinct things ascending, and the items' numbers among them, items in ``order``."""
        things = list(self._numbers)
        ranking = sorted(range(len(things)), key=things.__getitem__)
        renumbered = np.full(len(things) + 1, MISSING, dtype=np.int32)
        renumbered[ranking] = np.arange(len(things), dtype=np.int32)
        return [things[at] for at in ranking], renumbered[_ints(self.codes)[order]]


@dataclass(frozen=True, slots=True)
class Labels:
    """A label facet compiled: its values and the sets of their codes ascending, and the items by value."""

    values: list[str]
    sets: Csr
    set_of_item: NDArray[np.int32]
    postings: Csr

    @classmethod
    def of(cls, interned: Interned, order: Order) -> Labels:
        """From interned tuples of values."""
        tuples, set_of_item = interned.sorted(order)
        values = sorted({value for values in tuples for value in values})
        code_of = {value: code for code, value in enumerate(values)}
        sets = Csr.of([[code_of[value] for value in values] for values in tuples])
        return cls(values, sets, set_of_item, _postings(sets, set_of_item, len(values)))


def _postings(sets: Csr, set_of_item: NDArray[np.int32], values: int) -> Csr:
    present = np.flatnonzero(set_of_item != MISSING).astype(np.int32)
    inverted = sets.inverted(set_of_item[present], values)
    return Csr(inverted.offsets, present[inverted.values])


class ColumnBuilder:
    """Collects rows; afterwards ``order`` sorts items by id and each column is taken in that order."""

    def __init__(self, schema: CatalogSchema) -> None:
        self._label_names = [facet.name for facet in schema.facets if facet.type in LABEL_TYPES]
        self._number_names = [facet.name for facet in schema.facets if facet.type is FacetType.NUMBER]
        self._date_names = [facet.name for facet in schema.facets if facet.type is FacetType.DATE]
        self._place_names = [facet.name for facet in schema.facets if facet.type is FacetType.PLACE]
        self.ids: list[str] = []
        self.fields: list[bytes] = []
        self._lat, self._lon = array("i"), array("i")
        self._labels = [Interned() for _ in self._label_names]
        self._numbers = [array("d") for _ in self._number_names]
        self._days = [array("i") for _ in self._date_names]
        self._parents = [Interned() for _ in self._place_names]

    def extend(self, rows: Iterable[Row]) -> None:
        """Add rows; their ids must differ."""
        for row in rows:
            self.ids.append(row.id)
            self.fields.append(row.fields)
            self._lat.append(row.lat_e6)
            self._lon.append(row.lon_e6)
            for labels, values in zip(self._labels, row.labels, strict=True):
                labels.add(values)
            for numbers, number in zip(self._numbers, row.numbers, strict=True):
                numbers.append(number)
            for days, day in zip(self._days, row.days, strict=True):
                days.append(day)
            for parents, parent in zip(self._parents, row.parents, strict=True):
                parents.add(parent)

    def order(self) -> Order:
        """Positions of the items in order of their ids' bytes. Raises ``ValueError`` for a repeated id."""
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("item ids must differ")
        return np.array(sorted(range(len(self.ids)), key=self.ids.__getitem__), dtype=np.int64)

    def coordinates(self, order: Order) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Latitudes and longitudes in microdegrees."""
        return _ints(self._lat)[order], _ints(self._lon)[order]

    def labels(self, order: Order) -> dict[str, Labels]:
        """Label facets by name."""
        return {
            name: Labels.of(labels, order)
            for name, labels in zip(self._label_names, self._labels, strict=True)
        }

    def numbers(self, order: Order) -> dict[str, NDArray[np.float64]]:
        """Number facets by name; nan where missing."""
        return {
            name: np.frombuffer(numbers, dtype=np.float64)[order] if numbers else np.zeros(0)
            for name, numbers in zip(self._number_names, self._numbers, strict=True)
        }

    def days(self, order: Order) -> dict[str, NDArray[np.int32]]:
        """Date facets by name, in days since 1970-01-01."""
        return {name: _ints(days)[order] for name, days in zip(self._date_names, self._days, strict=True)}

    def parents(self, order: Order) -> dict[str, list[str]]:
        """For each place facet the name of each item's next larger place, ``""`` for none."""
        found = {}
        for name, parents in zip(self._place_names, self._parents, strict=True):
            names, codes = parents.sorted(order)
            names.append("")  # where MISSING, the last, points
            found[name] = [names[code] for code in codes.tolist()]
        return found


def _ints(values: array[int]) -> NDArray[np.int32]:
    return np.frombuffer(values, dtype=np.int32) if values else np.zeros(0, dtype=np.int32)

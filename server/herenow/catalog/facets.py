"""The columns of an opened catalogue, one per facet, as conditions and indexes need them.

Whatever its type, a column knows its *distinct* attribute values and which of them each item has: a
condition is judged once per distinct value, however many items there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.artefact import Artefact
from herenow.catalog.csr import Csr
from herenow.catalog.related import MOST_RELATED
from herenow.catalog.schema import FacetSchema, FacetType
from herenow.catalog.values import iso_day, plain_number

MISSING: Final = -1
"""The code of an item without a value."""


class FacetColumn(Protocol):
    """``codes[i]`` is item i's index among the distinct values, or ``MISSING``."""

    @property
    def codes(self) -> NDArray[np.int32]:
        """One code per item."""

    def __len__(self) -> int:
        """How many distinct values there are."""

    def attribute(self, code: int) -> Any:
        """A distinct value as conditions see it."""


_REMEMBERED_SETS: Final = 32_768
"""Sets of values kept as text once they were asked for; a few megabytes at the most."""


class LabelColumn:
    """Tags, text, place, boolean: listed values, and items by value.

    Items share *sets* of values (a single value is a set of one), so an item costs four bytes however
    many tags it has, and a condition on tags is judged once per set.
    """

    def __init__(self, artefact: Artefact, facet: FacetSchema) -> None:
        self._artefact = artefact
        self._facet = facet
        self.codes: NDArray[np.int32] = artefact.array(f"{facet.name}/set_of_item")
        self._sets = Csr(
            artefact.array(f"{facet.name}/set_offsets"), artefact.array(f"{facet.name}/set_codes")
        )
        self._items = Csr(
            artefact.array(f"{facet.name}/value_offsets"), artefact.array(f"{facet.name}/value_items")
        )
        self._known_sets: dict[int, tuple[str, ...]] = {}

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Every value, by code point."""
        return tuple(self._artefact.json(f"{self._facet.name}/values"))

    @cached_property
    def _code_of(self) -> Mapping[str, int]:
        return {value: code for code, value in enumerate(self.values)}

    def __len__(self) -> int:
        return len(self._sets)

    def values_at(self, item: int) -> tuple[str, ...]:
        """The values of one item, by code point."""
        code = int(self.codes[item])
        return () if code == MISSING else self._set(code)

    def values_of(self, items: NDArray[np.int32]) -> list[tuple[str, ...]]:
        """The values of many items, in their order."""
        return [() if code == MISSING else self._set(code) for code in self.codes[items].tolist()]

    def attribute(self, code: int) -> Any:
        """A list for tags, a truth value for booleans, a string otherwise."""
        values = self._set(code)
        if self._facet.type is FacetType.TAGS:
            return list(values)
        return values[0] == "true" if self._facet.type is FacetType.BOOLEAN else values[0]

    def postings(self, value: str) -> NDArray[np.int32]:
        """Items that carry ``value``, ascending; empty for a value the catalogue does not have."""
        code = self._code_of.get(value)
        return np.empty(0, dtype=np.int32) if code is None else self._items.row(code)

    def related(self, value: str) -> tuple[tuple[str, float], ...]:
        """Values that keep company with ``value``, best first (see ``related``)."""
        code = self._code_of.get(value)
        if code is None or self._facet.type is not FacetType.TAGS:
            return ()
        own = slice(code * MOST_RELATED, (code + 1) * MOST_RELATED)
        codes = self._artefact.array(f"{self._facet.name}/related_codes")[own]
        weights = self._artefact.array(f"{self._facet.name}/related_weights")[own]
        return tuple(
            (self.values[other], round(float(weight), 4))
            for other, weight in zip(codes, weights, strict=True)
            if other != MISSING
        )

    def _set(self, code: int) -> tuple[str, ...]:
        known = self._known_sets.get(code)
        if known is None:
            known = tuple(self.values[value] for value in self._sets.row(code).tolist())
            if len(self._known_sets) < _REMEMBERED_SETS:
                self._known_sets[code] = known
        return known


class NumberColumn:
    """Distinct values in full precision, and float32 per item for arithmetic."""

    def __init__(self, artefact: Artefact, facet: FacetSchema) -> None:
        self.codes: NDArray[np.int32] = artefact.array(f"{facet.name}/codes")
        self.numbers: NDArray[np.float32] = artefact.array(f"{facet.name}/numbers")
        self._distinct: NDArray[np.float64] = artefact.array(f"{facet.name}/distinct")

    def __len__(self) -> int:
        return len(self._distinct)

    def attribute(self, code: int) -> Any:
        """``int`` when whole, ``float`` otherwise: as it was written, not as float32 holds it."""
        return plain_number(float(self._distinct[code]))


class DateColumn:
    """Days since 1970-01-01."""

    def __init__(self, artefact: Artefact, facet: FacetSchema) -> None:
        self.codes: NDArray[np.int32] = artefact.array(f"{facet.name}/codes")
        self.days: NDArray[np.int32] = artefact.array(f"{facet.name}/days")
        self._distinct: NDArray[np.int32] = artefact.array(f"{facet.name}/distinct")

    def __len__(self) -> int:
        return len(self._distinct)

    def attribute(self, code: int) -> Any:
        """``YYYY-MM-DD``."""
        return iso_day(int(self._distinct[code]))


def open_column(artefact: Artefact, facet: FacetSchema) -> FacetColumn:
    """The column of ``facet``. Raises ``ArtefactDamaged`` when its sections are not there."""
    match facet.type:
        case FacetType.NUMBER:
            return NumberColumn(artefact, facet)
        case FacetType.DATE:
            return DateColumn(artefact, facet)
        case _:
            return LabelColumn(artefact, facet)

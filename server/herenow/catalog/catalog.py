"""An opened catalogue: views into one buffer, nothing per item until it is asked for.

Items are addressed by index, and index order is the byte order of their ids. Arrays are read-only
views; several worker processes that map the same artefact share its memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from herenow.catalog.artefact import Artefact
from herenow.catalog.distance import distances_m
from herenow.catalog.facets import MISSING, DateColumn, LabelColumn, NumberColumn, open_column
from herenow.catalog.features import NO_DAY, SECONDS_PER_DAY, freshness
from herenow.catalog.fulltext import FullText
from herenow.catalog.grid import PlaceGrid
from herenow.catalog.masks import MaskCompiler
from herenow.catalog.places import CatalogPlace
from herenow.catalog.schema import CatalogSchema, Role

_VERSION_DIGITS: Final = 12
_REMEMBERED_LOCALES: Final = 256

_Wanted = tuple[tuple[str, tuple[str, ...]], ...]
"""Fields in declared order, each with the names under which it may be stored, the best first."""


def version_of(artefact_digest: str) -> str:
    """The version of an artefact by its SHA-256: ``c-`` and its first twelve hex digits."""
    return f"c-{artefact_digest[:_VERSION_DIGITS]}"


class Catalog:
    """The items of one catalogue version."""

    def __init__(self, artefact: Artefact, version: str) -> None:
        self.version = version
        self.schema = CatalogSchema.from_app(artefact.meta["schema"])
        self._artefact = artefact
        self._length = int(artefact.meta["items"])
        self._ids = artefact.blob("ids")
        self._id_offsets: NDArray[np.int64] = artefact.array("id_offsets")
        self._fields = artefact.blob("fields")
        self._field_offsets: NDArray[np.int64] = artefact.array("field_offsets")
        self.lat_e6: NDArray[np.int32] = artefact.array("lat_e6")
        self.lon_e6: NDArray[np.int32] = artefact.array("lon_e6")
        self._grid = PlaceGrid(
            artefact.array("grid_cells"), artefact.array("grid_offsets"), artefact.array("grid_items")
        )
        self._columns = {facet.name: open_column(artefact, facet) for facet in self.schema.facets}
        self._freshness: tuple[int, NDArray[np.int16]] | None = None
        self._wanted_by_locales: dict[tuple[str, ...], _Wanted] = {}

    @classmethod
    def open(cls, view: memoryview) -> Catalog:
        """Open the bytes of an artefact, usually memory-mapped. Raises ``ArtefactDamaged``."""
        artefact = Artefact(view)
        return cls(artefact, version_of(hashlib.sha256(view).hexdigest()))

    def __len__(self) -> int:
        return self._length

    def id_at(self, index: int) -> str:
        """The id of an item. Raises ``IndexError``."""
        if not 0 <= index < self._length:
            raise IndexError(index)
        return bytes(self._ids[self._id_offsets[index] : self._id_offsets[index + 1]]).decode("ascii")

    def ids_at(self, indices: NDArray[np.int32]) -> list[str]:
        """The ids of many items, in their order."""
        starts, ends = self._id_offsets[indices].tolist(), self._id_offsets[indices + 1].tolist()
        return [str(self._ids[start:end], "ascii") for start, end in zip(starts, ends, strict=True)]

    def index_of(self, item_id: str) -> int | None:
        """Where an item is, ``None`` when the catalogue has none of that id."""
        low, high = 0, self._length
        while low < high:
            middle = (low + high) // 2
            if self.id_at(middle) < item_id:
                low = middle + 1
            else:
                high = middle
        return low if low < self._length and self.id_at(low) == item_id else None

    def fields_at(self, index: int, locales: Sequence[str] = ()) -> dict[str, Any]:
        """The declared fields of an item, each in the first of ``locales`` that it has.

        ``hi-IN`` also finds ``hi``; a field without any of the locales is in the app's first.
        """
        if not 0 <= index < self._length:
            raise IndexError(index)
        start, end = self._field_offsets[index], self._field_offsets[index + 1]
        stored = orjson.loads(self._fields[start:end])
        return _localised(stored, self._wanted(tuple(locales)))

    def _wanted(self, locales: tuple[str, ...]) -> _Wanted:
        """Each field's stored names, those of the locales asked for first; the app's first has no suffix."""
        known = self._wanted_by_locales.get(locales)
        if known is None:
            asked = [candidate for locale in locales for candidate in (locale, locale.partition("-")[0])]
            declared = [locale for locale in asked if locale in self.schema.locales]
            wanted = dict.fromkeys([*declared, *self.schema.locales])
            suffixes = [f"@{locale}" if locale != self.schema.locales[0] else "" for locale in wanted]
            known = tuple((name, tuple(name + suffix for suffix in suffixes)) for name in self.schema.fields)
            if len(self._wanted_by_locales) < _REMEMBERED_LOCALES:
                self._wanted_by_locales[locales] = known
        return known

    def facet_values(self, name: str) -> tuple[str, ...]:
        """Distinct values of a tags, text, place or boolean facet; empty for any other name."""
        column = self._columns.get(name)
        return column.values if isinstance(column, LabelColumn) else ()

    def postings(self, facet: str, value: str) -> NDArray[np.int32]:
        """Items that carry ``value``, ascending; empty when there is no such value or facet."""
        column = self._columns.get(facet)
        return column.postings(value) if isinstance(column, LabelColumn) else np.empty(0, dtype=np.int32)

    def items_of(self, facet: str, value: str) -> int:
        """How many items have a value; 0 for an unknown one."""
        return len(self.postings(facet, value))

    def values_at(self, facet: str, index: int) -> tuple[str, ...]:
        """An item's values of a tags, text, place or boolean facet."""
        column = self._columns.get(facet)
        return column.values_at(index) if isinstance(column, LabelColumn) else ()

    def values_of(self, facet: str, indices: NDArray[np.int32]) -> list[tuple[str, ...]]:
        """The values of many items, as ``values_at`` tells each."""
        column = self._columns.get(facet)
        return column.values_of(indices) if isinstance(column, LabelColumn) else [()] * len(indices)

    def related(self, facet: str, value: str) -> tuple[tuple[str, float], ...]:
        """Up to eight values that keep company with ``value`` on items, with weights 0 to 1, best first."""
        column = self._columns.get(facet)
        return column.related(value) if isinstance(column, LabelColumn) else ()

    def number(self, facet: str) -> NDArray[np.float32]:
        """A number facet; nan where missing. Raises ``KeyError`` when there is no such number facet."""
        column = self._columns[facet]
        if not isinstance(column, NumberColumn):
            raise KeyError(facet)
        return column.numbers

    def days(self, facet: str) -> NDArray[np.int32]:
        """A date facet as days since 1970-01-01; ``NO_DAY`` where missing.

        Raises ``KeyError`` when there is no such date facet.
        """
        column = self._columns[facet]
        if not isinstance(column, DateColumn):
            raise KeyError(facet)
        return column.days

    def feature(self, name: str, now: int | None = None) -> NDArray[np.int16]:
        """``quality``, ``popularity`` or ``freshness`` in fixed point; zeros when no facet has the role.

        ``now`` (epoch seconds) matters to freshness only; without it, age is counted from the newest item.
        """
        if name == Role.FRESHNESS:
            return self.freshness(now)
        return self._artefact.array(name) if name in self._artefact else self._zeros

    def freshness(self, now: int | None = None) -> NDArray[np.int16]:
        """Freshness on the UTC day of ``now``: halves every 30 days (see ``features``)."""
        facet = self.schema.role(Role.FRESHNESS)
        column = self._columns[facet.name] if facet else None
        if not isinstance(column, DateColumn):
            return self._zeros
        today = now // SECONDS_PER_DAY if now is not None else int(column.days.max(initial=NO_DAY))
        known = self._freshness
        if known is None or known[0] != today:
            known = self._freshness = (today, freshness(column.days, today))
        return known[1]

    @cached_property
    def _zeros(self) -> NDArray[np.int16]:
        return np.zeros(self._length, dtype=np.int16)

    def near(self, lat_e6: int, lon_e6: int, radius_m: int) -> NDArray[np.int32]:
        """Items at most ``radius_m`` metres from a point, as core measures, ascending."""
        around = self._grid.around(lat_e6, lon_e6, radius_m)
        distances = distances_m(lat_e6, lon_e6, self.lat_e6[around], self.lon_e6[around])
        return np.sort(around[distances <= radius_m])

    def mask(self, condition: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Which items satisfy a condition over facets and ``id``, exactly as core judges each."""
        return self._masks.mask(condition)

    @cached_property
    def _masks(self) -> MaskCompiler:
        return MaskCompiler({**self._columns, "id": _IdColumn(self)}, self._length)

    @cached_property
    def fulltext(self) -> FullText:
        """Text search over the items; finds nothing in an artefact of before there was one."""
        stored = self._artefact.blob("fulltext") if "fulltext" in self._artefact else memoryview(b"")
        return FullText(stored, self._length)

    def attributes_at(self, index: int) -> dict[str, Any]:
        """What conditions see of an item: ``id``, and each facet that it has a value of."""
        attributes: dict[str, Any] = {"id": self.id_at(index)}
        for name, column in self._columns.items():
            if (code := int(column.codes[index])) != MISSING:
                attributes[name] = column.attribute(code)
        return attributes

    @cached_property
    def places(self) -> tuple[CatalogPlace, ...]:
        """Place nodes of all place facets, by facet and name."""
        return tuple(CatalogPlace.from_json(stored) for stored in self._artefact.json("places"))


class _IdColumn:
    """Item ids as a column, so that a condition may name items."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.codes: NDArray[np.int32] = np.arange(len(catalog), dtype=np.int32)

    def __len__(self) -> int:
        return len(self._catalog)

    def attribute(self, code: int) -> str:
        """The item's id."""
        return self._catalog.id_at(code)


def _localised(stored: Mapping[str, Any], wanted: _Wanted) -> dict[str, Any]:
    found = {}
    for name, variants in wanted:
        for variant in variants:
            if variant in stored:
                found[name] = stored[variant]
                break
    return found

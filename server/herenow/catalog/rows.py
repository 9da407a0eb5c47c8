"""One row of a file, read against the schema: accepted whole, or rejected with one reason.

Rejecting is a value (``RowRejected`` carries it) and never stops an import. A value that is not there is
not an error: empty text, a missing column, a facet's declared ``empty`` value and absent coordinates
leave the facet unset.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from herenow.canonical import canonical_json
from herenow.catalog.rejections import RejectionCode, RowRejected
from herenow.catalog.schema import LABEL_TYPES, CatalogSchema, FacetSchema, FacetType
from herenow.catalog.values import (
    clean_text,
    iso_day,
    plain_number,
    read_boolean,
    read_day,
    read_label,
    read_number,
    read_tags,
    shown,
)

MAX_ROW_BYTES: Final = 64 * 1024
MAX_FIELD_DEPTH: Final = 16
"""Levels of lists and objects in one field."""
NO_COORDINATE: Final = -(2**31)
"""Latitude and longitude of an item that has none."""

ITEM_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,120}")

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """An accepted row. Tuples run over the schema's facets of that kind, in its order.

    ``labels`` distinct values of each tags, text, place and boolean facet, sorted; ``numbers`` with nan
    and ``days`` (since 1970-01-01) with ``NO_DAY`` for unset; ``parents`` the name of the next larger
    place of each place facet; ``fields`` the JSON that phones get, with ``name@locale`` variants;
    ``source`` the JSON of all columns, from which the row can be read again under another schema.
    """

    id: str
    fields: bytes
    labels: tuple[tuple[str, ...], ...]
    numbers: tuple[float, ...]
    days: tuple[int, ...]
    lat_e6: int
    lon_e6: int
    parents: tuple[str, ...]
    source: bytes


class RowReader:
    """Reads rows of one schema; stateless, so rows may come in any order."""

    def __init__(self, schema: CatalogSchema) -> None:
        self._schema = schema
        self._labels = [facet for facet in schema.facets if facet.type in LABEL_TYPES]
        self._numbers = [facet for facet in schema.facets if facet.type is FacetType.NUMBER]
        self._dates = [facet for facet in schema.facets if facet.type is FacetType.DATE]
        self._parents = [
            schema.parent_column(facet) for facet in schema.facets if facet.type is FacetType.PLACE
        ]
        self._located = schema.located
        self._locales = frozenset(schema.locales)
        self._fields_read = [(name, schema.facet(name), _column(schema, name)) for name in schema.fields]
        self._variant_columns = {
            column: {locale: f"{column}@{locale}" for locale in schema.locales[1:]}
            for _, _, column in self._fields_read
        }
        self._suffixed = {name for names in self._variant_columns.values() for name in names.values()}

    def read(self, columns: Columns) -> Row:
        """The row as the schema sees it. Raises ``RowRejected``."""
        item_id = _item_id(columns.get(self._schema.id_column))
        lat_e6, lon_e6 = self._coordinates(columns)
        labels = {facet.name: self._label_values(facet, columns) for facet in self._labels}
        numbers = {facet.name: self._number(facet, columns) for facet in self._numbers}
        days = {facet.name: self._day(facet, columns) for facet in self._dates}
        return Row(
            id=item_id,
            fields=_json(_servable(self._fields(columns, {**labels, **numbers, **days}))),
            labels=tuple(tuple(sorted(values)) for values in labels.values()),
            numbers=tuple(numbers.values()),
            days=tuple(days.values()),
            lat_e6=lat_e6,
            lon_e6=lon_e6,
            parents=tuple(self._parent(column, columns) for column in self._parents),
            source=_json(columns),
        )

    def _base(self, columns: Columns, column: str) -> Any:
        """The value in the first locale, however it was written: plain, suffixed, or one of an object."""
        value = columns.get(column)
        if type(value) is str:
            return value
        if value is None:
            value = columns.get(f"{column}@{self._schema.locales[0]}")
        if self._is_localised(value):
            return next((value[locale] for locale in self._schema.locales if locale in value), None)
        return value

    def _is_localised(self, value: Any) -> TypeGuard[dict[str, Any]]:
        return type(value) is dict and bool(value) and value.keys() <= self._locales

    def _label_values(self, facet: FacetSchema, columns: Columns) -> list[str]:
        """The distinct values in their written order."""
        value = self._base(columns, facet.column)
        if facet.type is FacetType.BOOLEAN:
            return [] if (truth := read_boolean(value, facet)) is None else [str(truth).lower()]
        if facet.type is FacetType.TAGS:
            return read_tags(value, facet, self._schema.separator)
        text = read_label(value, facet)
        return [text] if text and text != facet.empty else []

    def _number(self, facet: FacetSchema, columns: Columns) -> float:
        return read_number(self._base(columns, facet.column), facet.column, facet.empty)

    def _day(self, facet: FacetSchema, columns: Columns) -> int:
        return read_day(self._base(columns, facet.column), facet)

    def _parent(self, column: str | None, columns: Columns) -> str:
        value = None if column is None else self._base(columns, column)
        return clean_text(value) if isinstance(value, str) else ""

    def _coordinates(self, columns: Columns) -> tuple[int, int]:
        if self._located is None or self._located.lat is None or self._located.lon is None:
            return NO_COORDINATE, NO_COORDINATE
        lat = read_number(columns.get(self._located.lat), self._located.lat)
        lon = read_number(columns.get(self._located.lon), self._located.lon)
        if math.isnan(lat) and math.isnan(lon):
            return NO_COORDINATE, NO_COORDINATE
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            raise RowRejected(
                RejectionCode.BAD_COORDINATES,
                "latitude −90 … 90 and longitude −180 … 180 belong together, in degrees",
            )
        return round(lat * 1_000_000), round(lon * 1_000_000)

    def _fields(self, columns: Columns, facet_values: Mapping[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        suffixed = not self._suffixed.isdisjoint(columns)
        for name, facet, column in self._fields_read:
            value = _field_value(facet, facet_values[name]) if facet else self._base(columns, column)
            if value is not None and value != "":
                fields[name] = value
            if suffixed or type(columns.get(column)) is dict:
                for locale, variant in self._variants(columns, column):
                    fields[f"{name}@{locale}"] = variant
        return fields

    def _variants(self, columns: Columns, column: str) -> list[tuple[str, Any]]:
        """Values in other locales than the first, in the order of the declared locales."""
        names = self._variant_columns[column]
        together = columns.get(column)
        if self._is_localised(together):
            columns = {
                **{names[locale]: value for locale, value in together.items() if locale in names},
                **columns,
            }
        found = [(locale, columns.get(name)) for locale, name in names.items()]
        return [(locale, value) for locale, value in found if value is not None and value != ""]


def _column(schema: CatalogSchema, field: str) -> str:
    facet = schema.facet(field)
    return facet.column if facet else field


def _field_value(facet: FacetSchema, value: Any) -> Any:
    """A facet's value as phones get it; ``None`` when unset."""
    match facet.type:
        case FacetType.NUMBER:
            return plain_number(value)
        case FacetType.DATE:
            return iso_day(value)
        case FacetType.TAGS:
            return value or None
        case FacetType.BOOLEAN:
            return value[0] == "true" if value else None
        case _:
            return value[0] if value else None


def _item_id(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if text is None or text == "":
        raise RowRejected(RejectionCode.MISSING_ID, "every item needs an id")
    if not isinstance(text, str) or not ITEM_ID.fullmatch(text):
        raise RowRejected(RejectionCode.BAD_ID, f"{shown(value)}: an id is 1 to 120 of A–Z a–z 0–9 . _ : -")
    return text


def _servable(fields: dict[str, Any]) -> dict[str, Any]:
    """``fields``, when the answer that holds them can be written. Raises ``RowRejected``."""
    for name, value in fields.items():
        if type(value) is not str and not _is_servable(value, MAX_FIELD_DEPTH):
            raise RowRejected(
                RejectionCode.BAD_VALUE,
                f"{name}: a whole number beyond 64 bits (write it as text), or nested too deep",
            )
    return fields


def _is_servable(value: Any, levels: int) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if isinstance(value, list | dict):
        parts = value.values() if isinstance(value, dict) else value
        return levels > 0 and all(_is_servable(part, levels - 1) for part in parts)
    return True


def _json(value: Columns) -> bytes:
    try:
        return canonical_json(value)
    except ValueError:
        raise RowRejected(
            RejectionCode.BAD_VALUE, "a value has half a surrogate pair or a number beyond all bounds"
        ) from None

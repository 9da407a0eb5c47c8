"""Compiling rows to one columnar artefact.

Everything an item has stands in columns in order of item id, so an item *is* its index, and index order
is the tie-break of every ordering. Values, sets and numbers are stored sorted and once. The same rows in
any order therefore give the same bytes, and the same bytes the same version.

Sections (``<facet>/…`` per facet; offsets have one element more than there are things):

=====================================  =====================================================
``ids``, ``id_offsets``                ASCII ids one after the other
``fields``, ``field_offsets``          the JSON that phones get
``lat_e6``, ``lon_e6``                 int32 microdegrees, ``NO_COORDINATE``
``grid_cells/_offsets/_items``         the place grid
``fulltext``                           the text index of titles, texts and tags (``fulltext``)
``quality``, ``popularity``            int16 features, when a facet has the role
``places``                             place nodes, JSON
``<tags…>/values``                     distinct values, JSON
``<tags…>/set_of_item``                int32, the item's set of values or −1
``<tags…>/set_offsets, set_codes``     set → value codes
``<tags…>/value_offsets, value_items`` value → items
``<tags>/related_codes/_weights``      value → eight related values
``<number>/numbers, codes, distinct``  float32 per item, code per item, float64 per code
``<date>/days, codes, distinct``       int32 days
=====================================  =====================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from herenow.canonical import canonical_json
from herenow.catalog.artefact import Section, write_artefact
from herenow.catalog.columns import ColumnBuilder, Labels, Order
from herenow.catalog.facets import MISSING
from herenow.catalog.features import NO_DAY, popularity, quality
from herenow.catalog.fulltext import build_fulltext
from herenow.catalog.grid import PlaceGrid
from herenow.catalog.places import PlaceSource, place_nodes
from herenow.catalog.related import related_values
from herenow.catalog.rows import Row
from herenow.catalog.schema import CatalogSchema, FacetType, Role
from herenow.catalog.searched import searched_texts

Sections = dict[str, Section]


def build_catalog(schema: CatalogSchema, rows: Iterable[Row]) -> bytes:
    """The artefact of ``rows`` under ``schema``. Raises ``ValueError`` when two rows have one id."""
    columns = ColumnBuilder(schema)
    columns.extend(rows)
    order = columns.order()
    labels, numbers = columns.labels(order), columns.numbers(order)
    lat_e6, lon_e6 = columns.coordinates(order)
    sections: Sections = {
        **_text("ids", "id_offsets", [columns.ids[at].encode() for at in order]),
        **_text("fields", "field_offsets", [columns.fields[at] for at in order]),
        **_place_sections(lat_e6, lon_e6),
        **_role_sections(schema, numbers),
        "fulltext": build_fulltext(searched_texts(schema, [columns.fields[at] for at in order], labels)),
        "places": canonical_json(_places(schema, columns, order, labels, (lat_e6, lon_e6))),
    }
    for name, compiled in labels.items():
        sections |= _label_sections(name, compiled)
        if _is_tags(schema, name):
            sections |= _related_sections(name, compiled)
    for name, values in numbers.items():
        sections |= _number_sections(name, values)
    for name, days in columns.days(order).items():
        sections |= _date_sections(name, days)
    return write_artefact({"items": len(order), "schema": schema.as_json()}, sections)


def _text(name: str, offsets_name: str, parts: Sequence[bytes]) -> Sections:
    offsets = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, parts), dtype=np.int64, count=len(parts)), out=offsets[1:])
    return {name: b"".join(parts), offsets_name: offsets}


def _place_sections(lat_e6: NDArray[np.int32], lon_e6: NDArray[np.int32]) -> Sections:
    grid = PlaceGrid.of(lat_e6, lon_e6)
    return {
        "lat_e6": lat_e6,
        "lon_e6": lon_e6,
        "grid_cells": grid.cells,
        "grid_offsets": grid.offsets,
        "grid_items": grid.items,
    }


def _role_sections(schema: CatalogSchema, numbers: dict[str, NDArray[np.float64]]) -> Sections:
    rated, counted = schema.role(Role.QUALITY), schema.role(Role.POPULARITY)
    votes = numbers[counted.name] if counted else None
    sections: Sections = {}
    if rated:
        sections["quality"] = quality(numbers[rated.name], votes)
    if votes is not None:
        sections["popularity"] = popularity(votes)
    return sections


def _places(
    schema: CatalogSchema,
    columns: ColumnBuilder,
    order: Order,
    labels: dict[str, Labels],
    coordinates: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> list[list[object]]:
    parents = columns.parents(order)
    return [
        place.as_json()
        for facet in schema.facets
        if facet.type is FacetType.PLACE
        for place in place_nodes(
            PlaceSource(
                facet,
                labels[facet.name].values,
                labels[facet.name].postings,
                *coordinates,
                parents[facet.name],
            )
        )
    ]


def _label_sections(name: str, labels: Labels) -> Sections:
    return {
        f"{name}/values": canonical_json(labels.values),
        f"{name}/set_of_item": labels.set_of_item,
        f"{name}/set_offsets": labels.sets.offsets,
        f"{name}/set_codes": labels.sets.values,
        f"{name}/value_offsets": labels.postings.offsets,
        f"{name}/value_items": labels.postings.values,
    }


def _is_tags(schema: CatalogSchema, name: str) -> bool:
    facet = schema.facet(name)
    return facet is not None and facet.type is FacetType.TAGS


def _related_sections(name: str, labels: Labels) -> Sections:
    tagged = labels.set_of_item[labels.set_of_item != MISSING]
    items_per_set = np.bincount(tagged, minlength=len(labels.sets)).astype(np.int64)
    codes, weights = related_values(
        labels.sets, items_per_set, labels.postings.lengths(), max(len(labels.set_of_item), 1)
    )
    return {f"{name}/related_codes": codes, f"{name}/related_weights": weights}


def _number_sections(name: str, numbers: NDArray[np.float64]) -> Sections:
    distinct, codes = _distinct(numbers, ~np.isnan(numbers))
    return {
        f"{name}/numbers": numbers.astype(np.float32),
        f"{name}/codes": codes,
        f"{name}/distinct": distinct.astype(np.float64),
    }


def _date_sections(name: str, days: NDArray[np.int32]) -> Sections:
    distinct, codes = _distinct(days, days != NO_DAY)
    return {f"{name}/days": days, f"{name}/codes": codes, f"{name}/distinct": distinct.astype(np.int32)}


def _distinct(
    values: NDArray[np.float64] | NDArray[np.int32], present: NDArray[np.bool_]
) -> tuple[NDArray[np.generic], NDArray[np.int32]]:
    codes = np.full(len(values), MISSING, dtype=np.int32)
    distinct, inverse = np.unique(values[present], return_inverse=True)
    codes[present] = inverse
    return distinct, codes

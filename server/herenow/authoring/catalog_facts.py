"""What validation asks of a catalogue, answered by an opened one."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from herenow.authoring.validation import CatalogFacts
from herenow.catalog.catalog import Catalog

_NEIGHBOURS: Final = 40
"""Ids before and after a missing one that are looked at for a suggestion."""


def facts_of(catalog: Catalog) -> CatalogFacts:
    """The facts of ``catalog``; ids written alike are those that begin alike."""
    return CatalogFacts(
        has_item=lambda item_id: catalog.index_of(item_id) is not None,
        facet_values=catalog.facet_values,
        near_items=lambda item_id: _near(catalog, item_id),
    )


def _near(catalog: Catalog, item_id: str) -> tuple[str, ...]:
    at = bisect_left(range(len(catalog)), item_id, key=catalog.id_at)
    around = range(max(0, at - _NEIGHBOURS), min(len(catalog), at + _NEIGHBOURS))
    return tuple(catalog.id_at(index) for index in around)

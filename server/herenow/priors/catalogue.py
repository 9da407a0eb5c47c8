"""What a catalogue says of the items in a log: their values by facet."""

from __future__ import annotations

from functools import lru_cache

from herenow.catalog.catalog import Catalog
from herenow.priors.rows import Facets, FacetsOf

_REMEMBERED = 65_536


def facets_in(catalog: Catalog) -> FacetsOf:
    """Looks items up in a catalogue; amounts and dates are no tastes."""

    @lru_cache(maxsize=_REMEMBERED)
    def facets_of(item: str) -> Facets:
        index = catalog.index_of(item)
        if index is None:
            return {}
        told = {facet.name: catalog.values_at(facet.name, index) for facet in catalog.schema.facets}
        return {name: values for name, values in told.items() if values}

    return facets_of

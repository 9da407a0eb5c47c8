"""Wishes that an item answers by having a value: parking, vegan, for children.

A facet of the wish's own name answers it when it is a boolean ("parking": true); so does a tags or text
facet with the value in any of the ways in which a catalogue may write it ("outdoor seating").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from herenow.catalog import Catalog
from herenow.catalog.schema import FacetType
from herenow.intent.model import Modifier
from herenow.ordering.indices import Indices, union

_LISTED: Final = frozenset({FacetType.TAGS, FacetType.TEXT})
_JOINTS: Final = (" ", "_", "-")
_CASES: Final = (str, str.capitalize, str.title)


def having(catalog: Catalog, modifier: Modifier) -> tuple[Indices, bool] | None:
    """The items that decide about the wish, and whether those are wanted or all others.

    ``None`` where the catalogue says nothing about it. A denied boolean is asked to be false: of an item that
    does not say, nothing is known. A tag that is not there is told by not being there.
    """
    named = catalog.schema.facet(modifier.facet or "")
    if named is not None and named.type is FacetType.BOOLEAN:
        return _true_or_false(catalog, named.name, modifier)
    names = [
        facet.name
        for facet in catalog.schema.facets
        if facet.type in _LISTED and (named is None or facet is named)
    ]
    found = [
        postings
        for name in names
        for value in _spellings(str(modifier.value))
        if len(postings := catalog.postings(name, value))
    ]
    return (union(found, len(catalog)), not modifier.negated) if found else None


def _true_or_false(catalog: Catalog, facet: str, modifier: Modifier) -> tuple[Indices, bool] | None:
    told = catalog.postings(facet, "true"), catalog.postings(facet, "false")
    if not any(map(len, told)):
        return None
    return told[modifier.negated], True


def _spellings(name: str) -> Iterator[str]:
    """Ways to write a canonical name, ``outdoor_seating``: "Outdoor seating", "outdoor-seating" and so on."""
    for joint in _JOINTS:
        for cased in _CASES:
            yield cased(name.replace("_", joint))

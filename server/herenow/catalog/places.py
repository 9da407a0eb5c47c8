"""Place nodes: the places an app serves, learned from its own items.

No general gazetteer knows neighbourhoods, and a place without items is of no use on a first screen; so
places come from the catalogue. Three kinds, from one facet:

* every value: the median of its items' coordinates, the facet's radius;
* its *stem*, the name without words of direction or nearness: "Andheri" covers "Andheri West",
  "Andheri East" and "Near Andheri East Station". Namesakes far apart do not share a stem;
* the next larger place, when the facet declares a ``parent``.

Nodes of one name are one node. Values that differ in case, spacing or punctuation count as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.csr import Csr
from herenow.catalog.distance import distances_m
from herenow.catalog.place_names import name_key, stem
from herenow.catalog.rows import NO_COORDINATE
from herenow.catalog.schema import FacetSchema
from herenow_sdk.core.geo import distance_m

MAX_STEM_SPREAD_M: Final = 15_000
"""How far from their common middle two places may lie and still be parts of one."""


@dataclass(frozen=True, slots=True)
class CatalogPlace:
    """A place that the catalogue serves.

    ``values`` are the values of ``facet`` it covers, ``items`` how many items carry them, ``parent`` the name
    of the next larger place. Without a located item the coordinates are ``None``.
    """

    name: str
    facet: str
    values: tuple[str, ...]
    lat_e6: int | None
    lon_e6: int | None
    radius_m: int
    items: int
    parent: str | None

    def as_json(self) -> list[Any]:
        """The fields in order, as stored."""
        return [
            self.name, self.facet, list(self.values), self.lat_e6, self.lon_e6,
            self.radius_m, self.items, self.parent,
        ]  # fmt: skip

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> CatalogPlace:
        """The inverse of ``as_json``."""
        name, facet, values, *rest = stored
        return cls(name, facet, tuple(values), *rest)


@dataclass(frozen=True, slots=True)
class PlaceSource:
    """What place nodes of one facet are made from: values, their items, all coordinates, next larger places.

    ``parents`` names a larger place for each item, ``""`` where there is none.
    """

    facet: FacetSchema
    values: Sequence[str]
    postings: Csr
    lat_e6: NDArray[np.int32]
    lon_e6: NDArray[np.int32]
    parents: Sequence[str]


@dataclass(slots=True)
class _Node:
    """A place being put together: the codes of its values and the name of its parent."""

    name: str
    codes: set[int]
    parent: str | None = None
    wide: bool = False


def place_nodes(source: PlaceSource) -> list[CatalogPlace]:
    """The places of one facet, by name."""
    nodes, node_of = _value_nodes(source)
    _add_stems(source, nodes)
    _add_parents(source, nodes, node_of)
    places = [_place(source, node) for node in nodes.values()]
    return sorted(places, key=lambda place: (place.name, place.values))


def _value_nodes(source: PlaceSource) -> tuple[dict[str, _Node], dict[int, _Node]]:
    """One node for each value, or for all values that are one name; and the node of each value."""
    counts = source.postings.lengths()
    nodes: dict[str, _Node] = {}
    node_of: dict[int, _Node] = {}
    for code in sorted(range(len(source.values)), key=lambda code: (-int(counts[code]), code)):
        name = source.values[code]
        node = nodes.setdefault(name_key(name), _Node(name, set()))
        node.codes.add(code)
        node_of[code] = node
    return nodes, node_of


def _add_stems(source: PlaceSource, nodes: dict[str, _Node]) -> None:
    families: dict[str, list[_Node]] = defaultdict(list)
    names: dict[str, str] = {}
    for node in nodes.values():
        if root := stem(node.name):
            families[name_key(root)].append(node)
            names.setdefault(name_key(root), root)
    for key, family in sorted(families.items()):
        members = _close_together(source, family)
        if not members or members == [nodes.get(key)]:
            continue
        top = nodes.setdefault(key, _Node(names[key], set()))
        top.wide = True
        for member in members:
            top.codes |= member.codes
            if member is not top:
                member.parent = top.name


def _close_together(source: PlaceSource, family: list[_Node]) -> list[_Node]:
    """Those of a family that lie around its middle, or nowhere; none unless they have most of its items."""
    middles = [_middle(source, node.codes) for node in family]
    located = [middle for middle in middles if middle is not None]
    if len(located) < 2:
        return family
    centre = _middle(source, {code for node in family for code in node.codes})
    close = [
        node
        for node, middle in zip(family, middles, strict=True)
        if middle is None or centre is None or distance_m(*centre, *middle) <= MAX_STEM_SPREAD_M
    ]
    return close if 2 * _count(source, close) > _count(source, family) else []


def _add_parents(source: PlaceSource, nodes: dict[str, _Node], node_of: dict[int, _Node]) -> None:
    """Nodes of next larger places; a value belongs to the one that most of its items name."""
    codes_of: dict[str, set[int]] = defaultdict(set)
    for code in node_of:
        named = Counter(source.parents[item] for item in source.postings.row(code).tolist())
        del named[""]
        if named:
            codes_of[min(named, key=lambda name: (-named[name], name))].add(code)
    for name, codes in sorted(codes_of.items()):
        top = nodes.setdefault(name_key(name), _Node(name, set()))
        top.codes |= codes
        top.wide = True
        for node in nodes.values():
            if node is not top and node.parent is None and node.codes <= codes:
                node.parent = top.name


def _count(source: PlaceSource, nodes: Iterable[_Node]) -> int:
    return int(source.postings.lengths()[[code for node in nodes for code in node.codes]].sum())


def _items(source: PlaceSource, codes: Iterable[int]) -> NDArray[np.int32]:
    return source.postings.take(np.array(sorted(codes), dtype=np.int64))


def _located(source: PlaceSource, codes: Iterable[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    items = _items(source, codes)
    items = items[source.lat_e6[items] != NO_COORDINATE]
    return source.lat_e6[items], source.lon_e6[items]


def _middle(source: PlaceSource, codes: Iterable[int]) -> tuple[int, int] | None:
    lats, lons = _located(source, codes)
    return (_median(lats), _median(lons)) if len(lats) else None


def _median(values: NDArray[np.int32]) -> int:
    """The lower median: an integer, and one of the values."""
    middle = (len(values) - 1) // 2
    return int(np.partition(values, middle)[middle])


def _place(source: PlaceSource, node: _Node) -> CatalogPlace:
    middle = _middle(source, node.codes)
    lat_e6, lon_e6 = middle or (None, None)
    return CatalogPlace(
        name=node.name,
        facet=source.facet.name,
        values=tuple(source.values[code] for code in sorted(node.codes)),
        lat_e6=lat_e6,
        lon_e6=lon_e6,
        radius_m=_radius(source, node, middle),
        items=int(source.postings.lengths()[sorted(node.codes)].sum()),
        parent=node.parent,
    )


def _radius(source: PlaceSource, node: _Node, middle: tuple[int, int] | None) -> int:
    """The facet's radius; for larger places at least what holds four fifths of the items."""
    if not node.wide or middle is None:
        return source.facet.radius_m
    distances = np.sort(distances_m(*middle, *_located(source, node.codes)))
    return max(source.facet.radius_m, int(distances[(len(distances) - 1) * 4 // 5]))

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

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.csr import Csr
from herenow.catalog.distance import distances_m
from herenow.catalog.rows import NO_COORDINATE
from herenow.catalog.schema import FacetSchema
from herenow_sdk.core.geo import distance_m

MAX_STEM_SPREAD_M: Final = 15_000
"""How far from their common middle two places may lie and still be parts of one."""

_QUALIFIERS_BY_LANGUAGE: Final = {
    "en": "north south east west northeast northwest southeast southwest eastern western northern southern "
    "ne nw se sw near nr opp opposite off station stn railway metro area",
    "hi, mr": "purva purv pūrva paschim pashchim uttar dakshin पूर्व पूर्वी पश्चिम पश्चिमी उत्तर दक्षिण स्टेशन",
    "de": "nord süd ost bahnhof hbf nahe",
    "fr": "nord sud est ouest gare",
    "es": "norte sur este oeste estación estacion cerca",
    "pt": "norte sul leste oeste estação estacao perto",
    "it": "nord sud est ovest stazione vicino",
}
PLACE_QUALIFIERS: Final = frozenset(
    word for words in _QUALIFIERS_BY_LANGUAGE.values() for word in words.split()
)
"""Words that say where in or near a place something is, and are not part of the place's own name."""

_LETTERS: Final = frozenset("nsew")
_SEPARATORS: Final = re.compile(r"[\s()\[\],./\-–]+")
_SHORTEST_STEM: Final = 3


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


def name_tokens(name: str) -> list[str]:
    """The words of a place's name, without brackets, commas, dots and hyphens."""
    return [token for token in _SEPARATORS.split(name) if token]


def fold(text: str) -> str:
    """Case and Latin accents removed, for comparing names."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", plain)


def stem(name: str) -> str:
    """The name without qualifiers; ``""`` when nothing of use would be left.

    >>> stem("Near Andheri East Station"), stem("Bandra (W)"), stem("Station Road"), stem("East")
    ('Andheri', 'Bandra', 'Road', '')
    """
    kept = [token for at, token in enumerate(name_tokens(name)) if not _is_qualifier(token, at)]
    text = " ".join(kept)
    return text if len(text) >= _SHORTEST_STEM or not text.isascii() else ""


def _is_qualifier(token: str, at: int) -> bool:
    plain = token.casefold()
    return plain in PLACE_QUALIFIERS or (plain in _LETTERS and at > 0)


def _key(name: str) -> str:
    return fold(" ".join(name_tokens(name))) or name


def _value_nodes(source: PlaceSource) -> tuple[dict[str, _Node], dict[int, _Node]]:
    """One node for each value, or for all values that are one name; and the node of each value."""
    counts = source.postings.lengths()
    nodes: dict[str, _Node] = {}
    node_of: dict[int, _Node] = {}
    for code in sorted(range(len(source.values)), key=lambda code: (-int(counts[code]), code)):
        name = source.values[code]
        node = nodes.setdefault(_key(name), _Node(name, set()))
        node.codes.add(code)
        node_of[code] = node
    return nodes, node_of


def _add_stems(source: PlaceSource, nodes: dict[str, _Node]) -> None:
    families: dict[str, list[_Node]] = defaultdict(list)
    names: dict[str, str] = {}
    for node in nodes.values():
        if root := stem(node.name):
            families[_key(root)].append(node)
            names.setdefault(_key(root), root)
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
    """Members of a family that lie around its middle; those without coordinates are given the benefit."""
    middles = [_middle(source, node.codes) for node in family]
    located = [middle for middle in middles if middle is not None]
    if len(located) < 2:
        return family
    centre = _middle(source, {code for node in family for code in node.codes})
    return [
        node
        for node, middle in zip(family, middles, strict=True)
        if middle is None or centre is None or distance_m(*centre, *middle) <= MAX_STEM_SPREAD_M
    ]


def _add_parents(source: PlaceSource, nodes: dict[str, _Node], node_of: dict[int, _Node]) -> None:
    """Nodes of next larger places; a value belongs to the one that most of its items name."""
    codes_of: dict[str, set[int]] = defaultdict(set)
    for code in node_of:
        named = Counter(source.parents[item] for item in source.postings.row(code).tolist())
        del named[""]
        if named:
            codes_of[min(named, key=lambda name: (-named[name], name))].add(code)
    for name, codes in sorted(codes_of.items()):
        top = nodes.setdefault(_key(name), _Node(name, set()))
        top.codes |= codes
        top.wide = True
        for node in nodes.values():
            if node is not top and node.parent is None and node.codes <= codes:
                node.parent = top.name


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

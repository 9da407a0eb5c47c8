"""What the live release knows of what beacons name, noted on their records as they come in.

A profile is a fold over the log, today and in a year: the values of an item, the form of an offer, the
app's money and its clock must stand in the record, for the catalogue and the release will be others by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from herenow.beacons.items import HasItem
from herenow.catalog.catalog import Catalog
from herenow.catalog.schema import LABEL_TYPES, FacetSchema, FacetType
from herenow.errors import Unavailable
from herenow.launch.local_time import utc_offset_s
from herenow.launch.serving import ServingSet, ServingSets
from herenow.profiles.learned.records import items_of
from herenow.scope import Scope
from herenow_sdk.core.profile.fold import MAX_VALUES, WEIGHTS

Record = Mapping[str, Any]
Facets = Mapping[str, tuple[str, ...]]

_REMEMBERED: Final = 8192


class Noting:
    """Notes what is known on records of one process's scopes."""

    def __init__(self, serving: ServingSets) -> None:
        self._serving = serving
        self._known: dict[tuple[str, str], Facets] = {}
        self._items: dict[Scope, tuple[str, HasItem]] = {}

    def __call__(
        self, scope: Scope, records: Sequence[Record], context: Mapping[str, Any]
    ) -> Sequence[Record]:
        """The records with ``facets``, ``categories``, ``form``, ``foreign``, ``utc_offset_s`` if any.

        ``context`` is the device's: where ``at`` names no offset, its clock counts, else the app's. As they
        came while nothing is published.
        """
        try:
            serving = self._serving.current(scope)
        except Unavailable:
            return records
        return [self._noted(serving, record, context) for record in records]

    def items_of(self, scope: Scope) -> HasItem | None:
        """Tells whether the live catalogue has an item; ``None`` while nothing is published."""
        try:
            catalog = self._serving.current(scope).catalog
        except Unavailable:
            return None
        held = self._items.get(scope)
        if held is None or held[0] != catalog.version:
            found = lru_cache(maxsize=_REMEMBERED)(lambda item: catalog.index_of(item) is not None)
            held = self._items[scope] = catalog.version, found
        return held[1]

    def _noted(self, serving: ServingSet, record: Record, context: Mapping[str, Any]) -> Record:
        noted: dict[str, Any] = {}
        if record["type"] == "behavior" and record["name"] in WEIGHTS:
            noted = self._of_items(serving.catalog, record) | _foreign(serving.app, record)
        elif record["type"] == "message" and "offer" in record["properties"]:
            offer = serving.documents.get("offers.json", {}).get(record["properties"]["offer"])
            noted = {"form": offer["form"]} if isinstance(offer, Mapping) else {}
        if record["at"][-1] in "Zz":
            noted["utc_offset_s"] = utc_offset_s(context, serving.time_zone, record["at_ms"] // 1000)
        return {**record, **noted} if noted else record

    def _of_items(self, catalog: Catalog, record: Record) -> dict[str, Any]:
        found = [self._facets(catalog, item) for item in items_of(record["name"], record["properties"])]
        facets = _united(found)
        if not facets:
            return {}
        category = _category(catalog)
        categories = facets.get(category, ()) if category and record["name"] == "purchase" else ()
        told = {"facets": {name: list(values) for name, values in facets.items()}}
        return {**told, "categories": list(categories)} if categories else told

    def _facets(self, catalog: Catalog, item: str) -> Facets:
        """The values of an item by facet: labels as they are, numbers as the band they lie in."""
        key = catalog.version, item
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            index = catalog.index_of(item)
            found = self._known[key] = {} if index is None else _values(catalog, index)
        return found


def _foreign(app: Mapping[str, Any], record: Record) -> dict[str, bool]:
    """That what was paid is in another currency than the app's, which no sum of money can hold."""
    told, own = record["properties"].get("currency"), app.get("currency")
    return {"foreign": True} if record["name"] == "purchase" and told and own and told != own else {}


def _values(catalog: Catalog, index: int) -> Facets:
    told = {facet.name: _of_facet(catalog, facet, index)[:MAX_VALUES] for facet in catalog.schema.facets}
    return {name: values for name, values in told.items() if values}


def _of_facet(catalog: Catalog, facet: FacetSchema, index: int) -> tuple[str, ...]:
    if facet.type in LABEL_TYPES:
        return catalog.values_at(facet.name, index)
    if facet.type is FacetType.NUMBER and facet.bands:
        number = float(catalog.number(facet.name)[index])
        bands = (band for band in facet.bands if _within(number, band.low, band.high))
        return tuple(band.name for band in bands)
    return ()


def _within(number: float, low: float | None, high: float | None) -> bool:
    """Whether it lies in a band; the upper end is the next band's, and no number is in none."""
    return (low is None or number >= low) and (high is None or number < high) and number == number


def _united(found: Iterable[Facets]) -> dict[str, tuple[str, ...]]:
    united: dict[str, tuple[str, ...]] = {}
    for facets in found:
        for name, values in facets.items():
            united[name] = tuple(dict.fromkeys((*united.get(name, ()), *values)))[:MAX_VALUES]
    return united


def _category(catalog: Catalog) -> str | None:
    """The facet that purchases are told apart by: the first of tags, else the first of text."""
    by_type = {facet.type: facet.name for facet in reversed(catalog.schema.facets)}
    return by_type.get(FacetType.TAGS) or by_type.get(FacetType.TEXT)

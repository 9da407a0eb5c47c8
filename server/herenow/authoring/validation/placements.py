"""Placements: weights that can count, pins that can stand, items that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records, texts

#: The role a facet must have for a weight to count anything.
_ROLE_FOR: Final[Mapping[str, str]] = {
    "quality": "quality",
    "popularity": "popularity",
    "freshness": "freshness",
    "price_fit": "price",
}


def check(folder: Folder) -> Iterator[Problem]:
    """Every placement."""
    for at, placement in records(folder.document("placements"), "*"):
        yield from _weights(folder, at, placement)
        yield from _diversity(at, placement)
        yield from _pins(at, placement)
    yield from _unknown_items(folder)


def _weights(folder: Folder, at: Path, placement: Mapping[str, Any]) -> Iterator[Problem]:
    weights = placement.get("weights")
    if weights is None or "app" in folder.unreadable:
        return
    if not any(weights.values()):
        fault = Fault("NO_WEIGHTS", "every item would count the same", "a weight above 0")
        yield warning("placements", (*at, "weights"), fault)
    roles = {facet.get("role") for facet in folder.facets.values()}
    located = any("lat" in facet for facet in folder.facets.values())
    for name, weight in weights.items():
        role = _ROLE_FOR.get(name)
        without = (role is not None and role not in roles) or (name == "distance" and not located)
        if weight and without:
            needs = f'a facet with "role": "{role}"' if role else "a place facet with lat and lon"
            fault = Fault(
                "WEIGHT_COUNTS_NOTHING", f"nothing in the catalogue tells {name}", f"{needs} in app.json"
            )
            yield warning("placements", (*at, "weights", name), fault)


def _diversity(at: Path, placement: Mapping[str, Any]) -> Iterator[Problem]:
    diversity = placement.get("diversity", {})
    if diversity.get("max", 0) >= diversity.get("per", 101):
        detail = f"{diversity['max']} alike in {diversity['per']} positions is no bound"
        fault = Fault("NO_BOUND", detail, "max below per")
        yield warning("placements", (*at, "diversity", "max"), fault)


def _pins(at: Path, placement: Mapping[str, Any]) -> Iterator[Problem]:
    size = placement.get("size", 100)
    everybody: dict[Any, Any] = {}
    for path, pin in records(placement, "pins/*"):
        position = pin.get("position")
        if position is None:
            continue
        where = (*at, *path, "position")
        if position > size:
            fault = Fault("BEYOND_SIZE", f"the placement ends at position {size}", f"1 to {size}")
            yield warning("placements", where, fault)
        if position in everybody:
            detail = f"'{everybody[position]}' is already pinned there for everybody; this one moves down"
            yield warning("placements", where, Fault("PIN_TAKEN", detail, "a free position"))
        elif "audience" not in pin:
            everybody[position] = pin.get("item")


def _unknown_items(folder: Folder) -> Iterator[Problem]:
    if folder.catalog is None:
        return
    for document, path in (("placements", "*/pins/*/item"), ("fences", "features/*/properties/item")):
        for at, item in texts(folder.document(document), path):
            if not folder.catalog.has_item(item):
                near = tuple(folder.catalog.near_items(item))
                fault = Fault(
                    "UNKNOWN_ITEM", f"no item '{item}' in the catalogue", "an item's id", item, near
                )
                yield warning(document, at, fault)

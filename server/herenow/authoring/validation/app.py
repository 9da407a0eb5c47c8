"""``app.json``: a zone that exists, facets whose members fit their type, roles played once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.moments import time_zone_fault
from herenow.authoring.validation.select import records, texts

_ONLY_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "lat": ("place",),
    "lon": ("place",),
    "radius_m": ("place",),
    "parent": ("place",),
    "bands": ("number",),
    "separator": ("tags",),
}
_ONLY_FOR_PROPERTY: Final[Mapping[str, tuple[str, ...]]] = {
    "values": ("text", "texts"),
    "minimum": ("number", "integer"),
    "maximum": ("number", "integer", "text", "texts"),
}
_TYPES_OF_ROLE: Final[Mapping[str, str]] = {
    "quality": "number",
    "popularity": "number",
    "price": "number",
    "freshness": "date",
}
_SEARCHABLE: Final = ("tags", "text", "place")


def check(folder: Folder) -> Iterator[Problem]:
    """The app's own declarations."""
    app = folder.document("app")
    for at, zone in texts(app, "time_zone"):
        fault = time_zone_fault(zone)
        if fault:
            yield Problem("app", at, fault)
    for at, facet in records(app, "facets/*"):
        yield from _members(at, facet)
        yield from _bands(at, facet)
        yield from _parent(folder, at, facet)
    for at, told in records(app, "events/*/properties/*"):
        yield from _event_property(at, told)
    yield from _roles(folder)
    yield from _locations(folder)


def _event_property(at: Path, told: Mapping[str, Any]) -> Iterator[Problem]:
    declared = told.get("type")
    if declared is None:
        return
    for member, types in _ONLY_FOR_PROPERTY.items():
        if member in told and declared not in types:
            fault = Fault("WRONG_PROPERTY_TYPE", f"a {declared} has no {member}", f"type {types[0]}")
            yield Problem("app", (*at, member), fault)
    if told.get("minimum", float("-inf")) > told.get("maximum", float("inf")):
        fault = Fault("EMPTY_RANGE", "no value is that great and that small", "minimum not above maximum")
        yield Problem("app", (*at, "minimum"), fault)


def _members(at: Path, facet: Mapping[str, Any]) -> Iterator[Problem]:
    declared = facet.get("type")
    if declared is None:
        return
    for member, types in _ONLY_FOR.items():
        if member in facet and declared not in types:
            fault = Fault("WRONG_FACET_TYPE", f"a {declared} facet has no {member}", f"type {types[0]}")
            yield Problem("app", (*at, member), fault)
    role = facet.get("role")
    if role is not None and _TYPES_OF_ROLE[role] != declared:
        fault = Fault("WRONG_FACET_TYPE", f"a {declared} cannot tell {role}", f"type {_TYPES_OF_ROLE[role]}")
        yield Problem("app", (*at, "role"), fault)
    if facet.get("intent") and declared not in _SEARCHABLE:
        fault = Fault("WRONG_FACET_TYPE", f"nobody searches for a {declared} in words", "tags, text or place")
        yield warning("app", (*at, "intent"), fault)
    if ("lat" in facet) != ("lon" in facet):
        yield Problem(
            "app", at, Fault("MISSING_FIELD", "only one of lat and lon is given", "both, or neither")
        )


def _bands(at: Path, facet: Mapping[str, Any]) -> Iterator[Problem]:
    bands = facet.get("bands", {})
    for name, (low, high) in bands.items():
        if low is not None and high is not None and low >= high:
            fault = Fault("EMPTY_RANGE", f"nothing is from {low:g} and below {high:g}", "from below to")
            yield Problem("app", (*at, "bands", name), fault)


def _parent(folder: Folder, at: Path, facet: Mapping[str, Any]) -> Iterator[Problem]:
    """A parent is a place facet; any other name is taken for a column, which only an import can judge."""
    parent = folder.facets.get(str(facet.get("parent", "")))
    if parent is not None and parent.get("type", "place") != "place":
        detail = f"'{facet['parent']}' is a {parent['type']} facet"
        yield Problem("app", (*at, "parent"), Fault("WRONG_FACET_TYPE", detail, "a place facet, or a column"))


def _roles(folder: Folder) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, facet in folder.facets.items():
        role = facet.get("role")
        if role in seen:
            fault = Fault("REPEATED_ROLE", f"'{seen[role]}' already tells {role}", "one facet a role")
            yield Problem("app", ("facets", name, "role"), fault)
        elif role is not None:
            seen[role] = name


def _locations(folder: Folder) -> Iterator[Problem]:
    located = [name for name, facet in folder.facets.items() if "lat" in facet and "lon" in facet]
    for name in located[1:]:
        fault = Fault("REPEATED_ROLE", f"'{located[0]}' already locates an item", "lat and lon on one facet")
        yield Problem("app", ("facets", name, "lat"), fault)

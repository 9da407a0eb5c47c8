"""Fences: shapes on the globe, ids once, beacons that can be heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.drawing import misdrawn
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records

_LEAST_RELIABLE_RADIUS_M: Final = (
    100  # phones place themselves to within 20 to 50 m; smaller circles are missed
)
_LEAST_RADIUS_M: Final = 0.5  # less is rounded to none (SPEC 10.11.2)
_SHORTEST_RING: Final = 4  # RFC 7946, section 3.1.6
_OF_BEACON: Final = {"ibeacon": ("uuid", ("major", "minor")), "eddystone_uid": ("namespace", ("instance",))}


def check(folder: Folder) -> Iterator[Problem]:
    """Every fence."""
    seen: set[str] = set()
    for at, fence in records(folder.document("fences"), "features/*"):
        identifier = str(fence.get("id", ""))
        if identifier and identifier in seen:
            fault = Fault("REPEATED_ID", f"two fences are called '{identifier}'", "an id of its own")
            yield Problem("fences", (*at, "id"), fault)
        seen.add(identifier)
        yield from _shape(at, fence)
        yield from _beacon(at, fence.get("properties", {}).get("beacon", {}))


def _shape(at: Path, fence: Mapping[str, Any]) -> Iterator[Problem]:
    geometry = fence.get("geometry", {})
    properties = fence.get("properties", {})
    coordinates = geometry.get("coordinates")
    where = (*at, "geometry", "coordinates")
    if geometry.get("type") == "Point":
        yield from _circle(at, properties)
        if coordinates is not None and not is_position(coordinates):
            yield Problem("fences", where, _not_a_position())
    if geometry.get("type") == "Polygon" and coordinates is not None:
        yield from _polygon(where, coordinates)
        if "radius" in properties:
            fault = Fault("WRONG_SHAPE", "a polygon has no radius", "a Point")
            yield Problem("fences", (*at, "properties", "radius"), fault)


def _circle(at: Path, properties: Mapping[str, Any]) -> Iterator[Problem]:
    radius = properties.get("radius")
    if radius is None and "beacon" not in properties:
        yield Problem(
            "fences", (*at, "properties"), Fault("MISSING_FIELD", "a Point needs a radius", "radius")
        )
    elif radius is not None and radius < _LEAST_RADIUS_M:
        fault = Fault("WRONG_SHAPE", f"a circle of {radius:g} m is a point", "100 or more")
        yield Problem("fences", (*at, "properties", "radius"), fault)
    elif radius is not None and radius < _LEAST_RELIABLE_RADIUS_M:
        fault = Fault("SMALL_RADIUS", f"phones often miss a circle of {radius:g} m", "100 or more")
        yield warning("fences", (*at, "properties", "radius"), fault)


def _polygon(at: Path, rings: list[Any]) -> Iterator[Problem]:
    problems = [problem for index, ring in enumerate(rings) for problem in _ring((*at, index), ring)]
    yield from problems
    wrong = None if problems else misdrawn(rings)
    if wrong is not None:
        yield Problem("fences", at, wrong)


def _ring(at: Path, ring: Any) -> Iterator[Problem]:
    if not isinstance(ring, list) or not all(is_position(position) for position in ring):
        yield Problem("fences", at, _not_a_position())
    elif len(ring) < _SHORTEST_RING or ring[0] != ring[-1]:
        expected = f"at least {_SHORTEST_RING} positions, the last equal to the first"
        yield Problem("fences", at, Fault("OPEN_RING", "the ring is not closed", expected))


def is_position(value: Any) -> bool:
    """Whether it is longitude and latitude, perhaps with a height, on the globe."""
    if not isinstance(value, list) or len(value) not in {2, 3}:
        return False
    bounds = zip(value, (180, 90, 100_000), strict=False)
    return all(
        isinstance(number, int | float) and not isinstance(number, bool) and abs(number) <= bound
        for number, bound in bounds
    )


def _not_a_position() -> Fault:
    return Fault(
        "WRONG_POSITION", "not a position on the globe", "[longitude -180 to 180, latitude -90 to 90]"
    )


def _beacon(at: Path, beacon: Mapping[str, Any]) -> Iterator[Problem]:
    if "kind" not in beacon:
        return
    where = (*at, "properties", "beacon")
    needed, _ = _OF_BEACON[beacon["kind"]]
    if needed not in beacon:
        yield Problem("fences", where, Fault("MISSING_FIELD", f"{beacon['kind']} needs {needed}", needed))
    for kind, (first, others) in _OF_BEACON.items():
        for member in (first, *others):
            if kind != beacon["kind"] and member in beacon:
                fault = Fault("WRONG_KIND", f"{beacon['kind']} has no {member}", f'"kind": "{kind}"')
                yield Problem("fences", (*where, member), fault)
    if "minor" in beacon and "major" not in beacon:
        fault = Fault(
            "MISSING_FIELD", "a minor number needs its major: wildcards go from right to left", "major"
        )
        yield Problem("fences", where, fault)

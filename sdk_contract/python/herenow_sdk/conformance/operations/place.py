"""Chapter 10: distance, tiles, fences, transitions, slots, beacon regions, opening hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.core.geo import cosine, distance_m, geohash
from herenow_sdk.core.place.fences import read_fences
from herenow_sdk.core.place.hearing import listen
from herenow_sdk.core.place.hours import read_hours
from herenow_sdk.core.place.regions import read_region
from herenow_sdk.core.place.shapes import Circle, Shape, read_shape
from herenow_sdk.core.place.slots import Budget, Plan, difference, next_action, plan, standpoint
from herenow_sdk.core.place.tiles import read_tile, tiles_around
from herenow_sdk.core.place.transitions import Advance, advance, tick
from herenow_sdk.core.zones import UTC, zone_of


def _distance(given: Mapping[str, Any]) -> Any:
    """``{"from", "to"}``, each ``[lat_e6, lon_e6]``: whole metres."""
    return distance_m(*given["from"], *given["to"])


def _distance_steps(given: Mapping[str, Any]) -> Any:
    return {"cosine": cosine(abs(given["from"][0] + given["to"][0]) // 2)}


def _geohash(given: Mapping[str, Any]) -> Any:
    """``{"point", "length"}``: the geohash."""
    lat, lon = given["point"]
    return geohash(lat, lon, given["length"])


def _shape(given: Mapping[str, Any]) -> Shape:
    shape = read_shape(given["fence"])
    if shape is None:
        raise Refused("MALFORMED_SHAPE")
    return shape


def _containment(given: Mapping[str, Any]) -> Any:
    """``{"fence", "point"}``: metres to the edge, zero or less inside."""
    lat, lon = given["point"]
    edge = _shape(given).edge_m((lat, lon))
    return {"inside": edge <= 0, "edge_m": edge}


def _transition(given: Mapping[str, Any]) -> Any:
    """``{"fences", "state", "steps"}``: the transitions of each step, the state after the last.

    A step is ``{"fix", "now"}``, ``{"tick": now}``, or ``{"packets", "now"}``.
    """
    fences, state = read_fences(given["fences"]), given.get("state")
    told = []
    for step in given["steps"]:
        outcome = _step(fences, state, step)
        state = outcome.state
        told.append(_told(outcome))
    return {"steps": told, "state": state if given.get("show_state") else None}


def _step(fences: Any, state: Any, step: Mapping[str, Any]) -> Advance:
    if "tick" in step:
        return tick(fences, state, step["tick"])
    if "packets" in step:
        return listen(fences, state, step["packets"], step["now"])
    return advance(fences, state, step["fix"], step["now"])


def _told(outcome: Advance) -> Any:
    transitions = [each.as_json() for each in outcome.transitions]
    return transitions if outcome.fault is None else outcome.fault.value


def _plan(given: Mapping[str, Any]) -> Plan:
    budget = Budget(**given["budget"])
    lat, lon = given["point"]
    around = standpoint(given.get("ranked"), (lat, lon))
    return plan(read_fences(given["fences"]), (lat, lon), budget, given.get("entered", ()), around=around)


def _slots(given: Mapping[str, Any]) -> Any:
    """``{"fences", "point", "budget", "entered"?, "ranked"?}``: what to watch, in order."""
    chosen = _plan(given)
    return {"regions": list(chosen.circles), "beacons": list(chosen.beacons), "inside": list(chosen.inside)}


def _slots_steps(given: Mapping[str, Any]) -> Any:
    return {name: [*each.middle, each.radius_m] for name, each in _plan(given).circles.items()}


def _slot_diff(given: Mapping[str, Any]) -> Any:
    """``{"registered", "planned"}`` circles by id: what to remove and add; or, with ``state``, the action."""
    if "state" in given:
        lat, lon = given["point"]
        return next_action(given["state"], (lat, lon), Budget(**given["budget"]), given["now"]).value
    sides = (_circles(given[name]) for name in ("registered", "planned"))
    changes = difference(*sides)
    return {"remove": list(changes.remove), "add": list(changes.add)}


def _circles(raw: Any) -> dict[str, Circle]:
    # an array of pairs, because the order of the plan counts
    return {name: Circle((lat, lon), radius) for name, (lat, lon, radius) in raw}


def _region(given: Mapping[str, Any]) -> Any:
    """``{"region", "beacon"}``: whether the beacon belongs to the region."""
    region, beacon = read_region(given["region"]), read_region(given["beacon"])
    if region is None:
        raise Refused("MALFORMED_REGION")
    return beacon is not None and region.matches(beacon)


def _tile(given: Mapping[str, Any]) -> Any:
    """``{"point", "margin_m"}``: tiles to fetch; or ``{"tile", "documents"}``: what they hold."""
    if "point" in given:
        lat, lon = given["point"]
        return list(tiles_around((lat, lon), given["margin_m"]))
    tile = read_tile(given["tile"], given["documents"])
    return {"fences": sorted(tile.fences), "complete": tile.complete}


def _opening_hours(given: Mapping[str, Any]) -> Any:
    """``{"place", "zone" | "utc_offset_s", "now"}``: open now, and the next opening and closing."""
    hours, zone, now = read_hours(given["place"]), zone_of(given) or UTC, given["now"]
    return {
        "open": hours.is_open(now, zone),
        "opens": hours.next_opening(now, zone),
        "closes": hours.next_closing(now, zone),
    }


OPERATIONS: Final[Mapping[str, Operation]] = {
    "distance": _distance,
    "geohash": _geohash,
    "containment": _containment,
    "transition": _transition,
    "slots": _slots,
    "slot-diff": _slot_diff,
    "region": _region,
    "tile": _tile,
    "opening-hours": _opening_hours,
}
STEPS: Final[Mapping[str, Operation]] = {"distance": _distance_steps, "slots": _slots_steps}

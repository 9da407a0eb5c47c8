"""Chapter 12: what a device learns, number by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.profile.attributes import learned_attributes
from herenow_sdk.core.profile.decay import HALF_LIVES, at_day, bump, factor
from herenow_sdk.core.profile.document import bounded, read_profile, size
from herenow_sdk.core.profile.fold import fold, merged, read_event
from herenow_sdk.core.profile.habits import weeks_of, window_count
from herenow_sdk.core.profile.priors import PART
from herenow_sdk.core.profile.shrinkage import shrink_levels
from herenow_sdk.core.profile.tastes import affinities, intent_counts, item_affinity
from herenow_sdk.core.zones import UTC, parse_zone


def _counter(given: Mapping[str, Any]) -> Any:
    """``{"half_life", "counter"?, "events": [[weight, day]], "day"}``, or ``{"levels", "base"?}``."""
    if "levels" in given:
        levels = [(count, total) for count, total in given["levels"]]
        return {"share": shrink_levels(levels, given.get("base", 0), given.get("strength", 5120))}
    table = HALF_LIVES[given["half_life"]]
    first = given["events"][0][1] if given["events"] else given["day"]
    counter = tuple(given.get("counter", (0, first)))
    for weight, day in given["events"]:
        counter = bump((counter[0], counter[1]), weight, day, table)
    return {"counter": list(counter), "at_day": at_day((counter[0], counter[1]), given["day"], table)}


def _counter_steps(given: Mapping[str, Any]) -> Any:
    if "levels" in given:
        return {}
    return {
        "factors": [
            factor(abs(given["day"] - day), HALF_LIVES[given["half_life"]]) for _, day in given["events"]
        ]
    }


def _affinity(given: Mapping[str, Any]) -> Any:
    """``{"profile", "day", "intent"?, "intent_days"?, "priors"?, "item"?}``: affinities and feature.

    Or ``{"profile", "paths", "now", "zone"?, "part"?}``: attributes, and until when they hold; ``part`` is
    the content of the part ``priors``.
    """
    if "paths" in given:
        zone = parse_zone(given.get("zone")) or UTC
        priors = parse_bundle({PART: given.get("part")})[0].priors.of(given["profile"])
        learned = learned_attributes(given["profile"], given["paths"], zone, given["now"], priors)
        return {"attributes": dict(learned.attributes), "until": learned.until}
    pseudo = intent_counts(given.get("intent"), given.get("intent_days", 0))
    found = affinities(read_profile(given["profile"]), given["day"], pseudo, given.get("priors", {}))
    item = {"item": item_affinity(found, given["item"])} if "item" in given else {}
    return {"affinity": found, **item}


def _intent(given: Mapping[str, Any]) -> Any:
    """``{"intent", "days"}``: pseudo-counts by facet and value."""
    return intent_counts(given["intent"], given["days"])


def _frequency(given: Mapping[str, Any]) -> Any:
    """``{"profile", "event", "window", "day", "hour"}``, or ``{"profile", "cell", "week"}``."""
    profile = read_profile(given["profile"])
    if "cell" in given:
        seen, of = weeks_of(profile, given["cell"], given["week"])
        return {"seen": seen, "of": of}
    return {"count": window_count(profile, given["event"], given["window"], given["day"], given["hour"])}


def _fold(given: Mapping[str, Any]) -> Any:
    """``{"profile", "events"}`` or ``{"profiles", "day"}``: the document as it is kept."""
    if "profiles" in given:
        return bounded(merged([read_profile(each) for each in given["profiles"]], given["day"])).as_json()
    profile = read_profile(given["profile"])
    for raw in given["events"]:
        event = read_event(raw)
        profile = profile if event is None else fold(profile, event)
    return bounded(profile).as_json()


def _fold_steps(given: Mapping[str, Any]) -> Any:
    kept = _fold(given)
    return {"bytes": size(read_profile(kept))}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "counter": _counter,
    "affinity": _affinity,
    "intent-decay": _intent,
    "frequency": _frequency,
    "profile-fold": _fold,
}
STEPS: Final[Mapping[str, Operation]] = {"counter": _counter_steps, "profile-fold": _fold_steps}

"""Placements as configured, for one person now."""

from __future__ import annotations

import pytest

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.ordering import Candidate, Diversity, Pin
from herenow_sdk.core.placements import Placement, active_boosts, exempt_groups, placement_rule

FEED = {
    "description": "First screen",
    "size": 2,
    "candidates": {"rating": {"$gte": 3}},
    "weights": {"intent": 50, "quality": 15},
    "pins": [
        {"item": "special", "position": 1, "until": 1000, "condition": {"stage": "new"}},
        {"item": "always", "position": 2},
    ],
    "boosts": [
        {"condition": {"kind": {"$in": ["x"]}}, "points": 10, "audience": {"stage": "new"}},
        {"condition": {"kind": "y"}, "points": 100},
    ],
    "diversity": {"facet": "kind", "max": 1, "per": 2},
}


def placement(record: dict) -> Placement:
    """A placement that must be readable without complaint."""
    bundle, diagnostics = parse_bundle({"placements": {"placements": {"feed": record}}})
    assert diagnostics == ()
    return bundle.placements["feed"]


def test_pins_end_and_have_audiences() -> None:
    """A pin is in force before its end, for those it is meant for."""
    feed = placement(FEED)
    assert placement_rule(feed, {"stage": "new"}, 999).pins == (Pin("special", 1), Pin("always", 2))
    assert placement_rule(feed, {"stage": "new"}, 1000).pins == (Pin("always", 2),)
    assert placement_rule(feed, {"stage": "active"}, 999).pins == (Pin("always", 2),)


def test_weights_are_fixed_point() -> None:
    """A hundred is 1024; with boosts around, boost points count in full unless weighted."""
    assert placement(FEED).weights == {"intent": 512, "quality": 154, "boost": 1024}
    assert placement({**FEED, "weights": {"boost": 50}}).weights == {"boost": 512}
    assert placement({"weights": {"affinity": 60}}).weights == {"affinity": 614}


def test_boosts_have_audiences() -> None:
    """Only boosts for this person are active; their points are fixed point."""
    feed = placement(FEED)
    assert [boost.value for boost in active_boosts(feed, {"stage": "new"})] == [102, 1024]
    (boost,) = active_boosts(feed, {})
    assert boost.condition.raw == {"kind": "y"}
    assert boost.condition.matches({"kind": "y"})


def test_diversity_exempts_what_was_searched() -> None:
    """The values of the diverse facet that the intent names do not count."""
    feed = placement(FEED)
    assert placement_rule(feed, {}, 0).diversity == Diversity(1, 2)
    assert exempt_groups(feed, {"intent": {"kind": ["x", "z"]}}) == {"x", "z"}
    assert exempt_groups(feed, {"intent": {"other": ["x"]}}) == frozenset()
    assert exempt_groups(placement({}), {"intent": {"kind": ["x"]}}) == frozenset()


@pytest.mark.parametrize(
    ("record", "where"),
    [
        ({"pins": [{"item": "a"}]}, "feed/pins/0"),
        ({"pins": [{"item": "a", "position": 0}]}, "feed/pins/0"),
        ({"pins": [{"item": "a", "position": 1.5}]}, "feed/pins/0"),
        ({"boosts": [{"points": 5}]}, "feed/boosts/0"),
        ({"boosts": [{"condition": {}, "points": 101}]}, "feed/boosts/0"),
        ({"weights": {"charm": 5}}, "feed/weights/charm"),
        ({"candidates": {"a": {"$nope": 1}}}, "feed/candidates"),
        ({"weights": {"intent": 101}}, "feed"),
        ({"diversity": {"facet": "kind", "max": 3, "per": 2}}, "feed"),
    ],
)
def test_faults_are_reported_where_they_are(record: dict, where: str) -> None:
    """A pin, boost or weight that cannot be read is left out alone; a broken rule drops the placement."""
    bundle, diagnostics = parse_bundle({"placements": {"placements": {"feed": record}}})
    assert [diagnostic.record for diagnostic in diagnostics] == [where]
    assert ("feed" in bundle.placements) is (where != "feed")


def test_evaluate_orders_the_candidates() -> None:
    """All candidates come back in order, pinned, with variety except for what was searched."""
    bundle, _ = parse_bundle({"placements": {"placements": {"feed": FEED}}})
    items = [Candidate(f"x{n}", {"quality": 9 - n}, ("x",)) for n in range(3)]
    items += [Candidate("y", {}, ("y",)), Candidate("always", {}, ())]
    result = evaluate(bundle, {}, {}, {}, {"feed": items, "unknown": items}, 2000).placements["feed"]
    assert [entry.candidate.id for entry in result.items] == ["x0", "always", "x1", "y", "x2"]
    assert result.size == 2
    searched = {"intent": {"facets": [{"facet": "kind", "value": "x"}]}}
    result = evaluate(bundle, {}, searched, {}, {"feed": items}, 2000).placements["feed"]
    assert [entry.candidate.id for entry in result.items] == ["x0", "always", "x1", "x2", "y"]

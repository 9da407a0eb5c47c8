"""Items given to a device to be re-ordered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.candidates import FEATURE_LIMIT, MAX_CANDIDATES, read_candidates
from herenow_sdk.core.ordering import Candidate
from herenow_sdk.core.placements import active_boosts

from .strategies import json_objects, json_values, quick


def test_an_item_as_it_came() -> None:
    """Features, groups and priority are read; fields, reasons and what is unknown are not."""
    item = {
        "id": "a",
        "features": {"intent": 1024, "new": 7},
        "groups": ["x", 5],
        "priority": 3,
        "fields": {},
    }
    assert read_candidates([item]) == (Candidate("a", {"intent": 1024, "new": 7}, ("x",), 3),)


def test_whoever_cannot_be_ordered_is_left_out() -> None:
    """Without an id or features, or a second time, an item is no candidate."""
    named = {"id": "a", "features": {}}
    items = [named, {"id": "b"}, {"id": "", "features": {}}, 5, {"id": 7, "features": {}}, named]
    assert [each.id for each in read_candidates(items)] == ["a"]


def test_int16() -> None:
    """What is beyond the sixteen bits is held at the edge; what is no whole number is no feature."""
    (only,) = read_candidates([{"id": "a", "features": {"x": 40_000, "y": -40_000, "z": 0.5, "w": "1"}}])
    assert only.features == {"x": FEATURE_LIMIT, "y": -FEATURE_LIMIT}


def test_at_most_sixty() -> None:
    """The sixty first are re-ordered."""
    assert len(read_candidates([{"id": str(n), "features": {}} for n in range(99)])) == MAX_CANDIDATES


def test_boosts_that_are_active_now() -> None:
    """The ``boost`` feature is the sum of the active boosts that are for the item, whatever it was before."""
    noon = {"now.hour": {"$gte": 11, "$lt": 15}}
    boosts = [{"condition": {}, "points": 10, "audience": noon}, {"condition": {}, "points": 5}]
    bundle, _ = parse_bundle({"placements": {"placements": {"p": {"boosts": boosts}}}})
    placement = bundle.placements["p"]
    item = {"id": "a", "features": {"boost": 999}, "boosts": [0, 1, 9]}
    for hour, value in ((12, 102 + 51), (20, 51)):
        active = active_boosts(placement, {"now": {"hour": hour}})
        (read,) = read_candidates([item], placement.boosts, active)
        assert read.features["boost"] == value
    (kept,) = read_candidates([{**item, "boosts": None}], placement.boosts, placement.boosts)
    assert kept.features["boost"] == 999


@quick
@given(json_values, st.lists(json_objects, max_size=3))
def test_never_raises(items: object, objects: list) -> None:
    """Whatever an answer holds."""
    assert isinstance(read_candidates(items), tuple)
    hostile = [{"id": "a", "features": each, "groups": each, "boosts": items} for each in objects]
    assert len(read_candidates(hostile, (), ())) <= 1

"""What everybody likes, as a device reads it."""

import pytest
from hypothesis import given
from tests.sdk_contract.core.strategies import json_values, quick

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.profile.tastes import Affinity

BOTH: Affinity = {"category": {"burger": 300}}


def read(part):
    """The shares, and the places of what was left out."""
    bundle, dropped = parse_bundle({"priors": part})
    return bundle.priors, [each.record for each in dropped]


@pytest.mark.requirement("12.2.4")
@pytest.mark.parametrize(
    ("body", "places"),
    [
        (7, [""]),
        ({"facets": 7}, ["facets"]),
        ({"facets": {"category": 7, "area": {"x": 1}}}, ["facets/category"]),
        ({"sources": ["ads"]}, ["sources"]),
        ({"sources": {"ads": 7}}, ["sources/ads"]),
        ({"sources": {"ads": {"category": "x"}}}, ["sources/ads/category"]),
        ({"facets": None, "sources": {"ads": None}, "newer": [1]}, []),
    ],
)
def test_what_is_no_object_is_left_out_alone_and_told(body, places):
    """By its place; null and members that are not known are no fault."""
    _, dropped = read({"priors": body})

    assert dropped == places


def test_a_source_speaks_before_everybody():
    """Of each facet that it knows; what it does not know is everybody's, and so is everything of nobody's."""
    shares, _ = read(
        {"priors": {"facets": {**BOTH, "area": {"x": 9}}, "sources": {"ads": {"category": {"dosa": 5}}}}}
    )

    assert shares.of({"acquisition": {"source": "ads"}}) == {"category": {"dosa": 5}, "area": {"x": 9}}
    for nobody in ({}, {"acquisition": {"source": "play"}}, {"acquisition": {"source": []}}, None, 7):
        assert shares.of(nobody) == {**BOTH, "area": {"x": 9}}


@quick
@given(json_values)
def test_nothing_in_its_place_raises(junk):
    """Whatever was published or damaged."""
    for part in (junk, {"priors": junk}, {"priors": {"facets": junk, "sources": {"ads": junk}}}):
        shares, _ = read(part)
        assert all(
            isinstance(values, dict) for values in shares.of({"acquisition": {"source": "ads"}}).values()
        )

"""What was searched leads a profile at first, by how sure it is, and gives way to what is done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.profile import fold, read_event, read_profile
from herenow_sdk.core.profile.tastes import affinities, intent_counts

DAY = 20_000
A_SESSION = 5
"""Taps. Few sessions have less, and a search that still leads after two would be stubborn."""


def _search(confidence, weight=1.0):
    return {
        "facets": [{"facet": "category", "value": "burger", "weight": weight}],
        "confidence": confidence,
    }


def _tastes(confidence, taps, *, name="item_tap", days=0):
    """Affinities of somebody who searched burgers and then did so much with sushi."""
    event = {"name": name, "day": DAY + days, "hour": 12, "facets": {"category": ["sushi"]}}
    profile = read_profile({})
    for _ in range(taps):
        profile = fold(profile, read_event(event))
    found = affinities(profile, DAY + days, intent_counts(_search(confidence), days))["category"]
    return found.get("burger", 0), found.get("sushi", 0)


def test_the_search_leads_before_anything_is_done():
    """The first screens follow what was searched."""
    burger, sushi = _tastes(1.0, 0)
    assert burger > sushi == 0


def test_behaviour_that_contradicts_wins_within_two_sessions():
    """After one session a sure search still leads; after the second it does not."""
    burger, sushi = _tastes(1.0, A_SESSION)
    assert burger > sushi
    burger, sushi = _tastes(1.0, 2 * A_SESSION)
    assert sushi > burger


def test_a_search_that_was_half_understood_gives_way_within_one_session():
    """What was guessed is not defended against what is seen."""
    burger, sushi = _tastes(0.5, A_SESSION)
    assert sushi > burger


def test_a_purchase_says_more_than_a_tap():
    """Two purchases outweigh the surest search at once."""
    burger, sushi = _tastes(1.0, 2, name="purchase")
    assert sushi > burger


def test_two_weeks_later_one_session_is_enough():
    """By then the search is half of what it was."""
    burger, sushi = _tastes(1.0, A_SESSION, days=14)
    assert sushi > burger


@pytest.mark.parametrize("confidence", [0.1, 0.4, 0.9])
def test_confidence_weighs_as_the_weight_does(confidence):
    """A sure reading of a faint hint and a faint reading of a sure word count alike."""
    assert intent_counts(_search(confidence), 0) == intent_counts(_search(1.0, confidence), 0)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 60))
def test_the_surer_the_more(one, other, days):
    """No less confidence ever counts for more, whatever the day."""
    low, high = sorted((one, other))
    counts = [
        intent_counts(_search(confidence), days).get("category", {}).get("burger", 0)
        for confidence in (low, high)
    ]
    assert counts[0] <= counts[1]

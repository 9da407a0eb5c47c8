"""How sure the source of a search is weighs in what is learned from it."""

from __future__ import annotations

import pytest
from tests.examples.first_screens import serving_set

from herenow.acquisition.model import Acquisition, Rung
from herenow.launch.acquiring import intent_of
from herenow.launch.decision import Subject, profile_json
from herenow_sdk.core.profile.tastes import intent_counts

SEARCH = "burgers in kandivali west"


def _counts(rung: Rung) -> dict[str, dict[str, int]]:
    """Pseudo-events of an installation that came by a search told on this rung."""
    acquisition = Acquisition("resolved", "query", text=SEARCH, rung=rung)
    intent = intent_of(acquisition, serving_set("bites"), {}, {})
    subject = Subject(id="i", installed_at=0, consent={}, acquisition=acquisition, intent=intent)
    return intent_counts(profile_json(subject)["intent"], 0)


@pytest.mark.parametrize("rung", [rung for rung in Rung if rung is not Rung.NONE])
def test_a_source_that_guesses_counts_for_less(rung):
    """The profile that the evaluator reads carries the confidence of the source times that of the reading."""
    surest = _counts(Rung.EXPLICIT_QUERY)["category"]["burger"]
    guessed = _counts(rung)["category"]["burger"]
    confidence = Acquisition("resolved", "query", text=SEARCH, rung=rung).confidence
    assert surest > 8 * 1024 * 0.9
    assert guessed == pytest.approx(surest * confidence, abs=16)

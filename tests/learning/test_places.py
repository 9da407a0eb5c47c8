"""Visited places: counted in any order within a day, added over installations, bounded always."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import depth

from herenow.learning.places import (
    LOTS,
    NAMED,
    PLACES,
    STEPS,
    Places,
    Visit,
    bounded,
    cell_of,
    merged,
    restored,
    stored,
    strength,
    visited,
)

FEW = st.sampled_from(["home", "work", "gym", "café"])
VISITS = st.lists(st.builds(Visit, FEW, st.integers(700, 760), st.integers(0, 47)), max_size=30)
MANY = st.lists(
    st.builds(Visit, st.integers(0, 200).map(str), st.integers(700, 760), st.integers(0, 47)),
    min_size=100,
    max_size=250,
)


def walked(visits):
    """The places after these visits in this order."""
    known = Places()
    for visit in visits:
        known = visited(known, visit)
    return known


def counts(known, day=760):
    """How strong each place is on a day, and its hours."""
    return {name: (strength(place.counter, day), dict(place.cells)) for name, place in known.places.items()}


@given(visits=VISITS, data=st.data())
def test_visits_of_a_day_may_come_in_any_order(visits, data):
    """Places and hours of one day do not depend on which visit arrives first; steps are a matter of order."""
    day = [Visit(visit.place, 730, visit.cell) for visit in visits]
    assert counts(walked(data.draw(st.permutations(day)))) == counts(walked(day))


@given(one=VISITS, other=VISITS)
def test_two_installations_add_up(one, other):
    """Merged places have the hours of both and, but for rounding down a 1024th, the strength of both."""
    together, apart = merged(walked(one), walked(other)), (walked(one), walked(other))
    for name, place in together.places.items():
        parts = [known.places[name] for known in apart if name in known.places]
        assert sum(place.cells.values()) == sum(sum(part.cells.values()) for part in parts)
        whole = sum(strength(part.counter, 760) for part in parts)
        assert strength(place.counter, 760) == pytest.approx(whole, abs=3)
    assert counts(merged(apart[1], apart[0])) == counts(together)


@settings(max_examples=depth.examples(20))
@given(visits=MANY)
def test_the_bounds_hold(visits):
    """However many places are visited, as many are kept as are told, with their steps and no others."""
    known = walked(visits)
    more_places, more_hours, more_steps = LOTS
    assert len(known.places) <= NAMED + more_places
    assert len(known.steps) <= STEPS + more_steps
    assert sum(bool(place.cells) for place in known.places.values()) <= PLACES + more_hours
    assert len(bounded(known).places) <= NAMED
    assert {end for step in known.steps for end in step} <= set(known.places)
    assert bounded(bounded(known)) == bounded(known)


def test_the_weakest_leaves_first():
    """Of more places than fit, those visited once leave, of them the one longest unseen first."""
    often = [Visit(f"often-{at}", 700, 9) for at in range(NAMED - 1)] * 2
    known = bounded(walked([*often, Visit("early", 690, 9), Visit("late", 700, 9)]))
    assert "early" not in known.places
    assert "late" in known.places
    assert len(known.places) == NAMED


def test_a_place_that_left_takes_part_in_no_step():
    """The latest place may have left at once for being the weakest; the step from there is not kept."""
    often = [Visit(f"often-{at}", 700, 9) for at in range(NAMED + LOTS[0])] * 2
    known = walked([*often, Visit("weak", 640, 9), Visit("often-1", 700, 10)])
    known = Places({k: v for k, v in known.places.items() if k != known.last.place}, {}, known.last)
    assert visited(known, Visit("often-2", 700, 11)).steps == {}


@given(visits=VISITS)
def test_a_stored_document_is_read_back(visits):
    """What is stored is everything that is known."""
    known = walked(visits)
    assert restored(stored(known)) == known


def test_a_place_of_another_age_is_gone():
    """After centuries nothing is left of a place, and it leaves before one that was visited today."""
    ancient = [Visit(f"ancient-{at}", 700, 9) for at in range(NAMED)] * 3
    known = walked([*ancient, Visit("now", 99_000, 9)])
    assert strength(known.places["ancient-0"].counter, 99_000) == 0
    assert "now" in known.places


def test_a_visit_halves_in_sixty_days():
    """The half-life of a place is sixty days."""
    known = walked([Visit("home", 700, 9)])
    assert strength(known.places["home"].counter, 760) * 2 == strength(known.places["home"].counter, 700)


def test_weekends_have_their_own_hours():
    """Saturday and Sunday share the second half of the cells."""
    assert cell_of(4, 8) == 8
    assert cell_of(5, 8) == cell_of(6, 8) == 32

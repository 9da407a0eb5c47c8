"""The next place: from habit, hour and steps; from everybody where nothing is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.learning.next_place import (
    COMPONENTS,
    earned_more,
    fit_places,
    foretold,
    weights_of,
    with_weights,
)
from herenow.learning.places import Places, Visit, cell_of, visited

MORNING, NOON, EVENING = (cell_of(0, hour) for hour in (8, 12, 20))


def working_days(person, days=40):
    """Home, office, lunch and home again, each person with their own, at one of two places for lunch."""
    lunch = f"lunch-{person % 2}"
    places = ((f"home-{person}", MORNING - 1), (f"office-{person}", MORNING + 1), (lunch, NOON))
    return [Visit(place, 700 + day, cell) for day in range(days) for place, cell in places]


@pytest.fixture(scope="module")
def model():
    """The tables of six people, with weights fitted on how their own last days went."""
    people = [working_days(person) for person in range(6)]
    tables = fit_places(people)
    outcomes = []
    for history in people:
        known = Places()
        for at, visit in enumerate(history):
            if at > 60:
                told = foretold(known, tables, history[at - 1])
                outcomes.append((told.of(visit.place), told.context))
            known = visited(known, visit)
    return with_weights(tables, outcomes)


def known_after(visits):
    """The places after these visits."""
    known = Places()
    for visit in visits:
        known = visited(known, visit)
    return known


def first(told, model):
    """The likeliest place."""
    return told.ranked(weights_of(model, told.context))[0][0]


def test_a_habit_is_foretold(model):
    """After the office this person has lunch where they always do; after lunch they go home."""
    history = working_days(1)
    known = known_after(history)
    assert first(foretold(known, model, history[-2]), model) == "lunch-1"
    assert first(foretold(known, model, history[-1]), model) == "home-1"


def test_the_hour_counts_when_it_is_known(model):
    """Asked of noon, lunch is likelier than asked of the early morning."""
    history = working_days(0)
    known = known_after(history)

    def chance(cell):
        told = foretold(known, model, history[-1], cell)
        return dict(told.ranked(weights_of(model, told.context)))["lunch-0"]

    assert chance(NOON) > chance(MORNING)


def test_somebody_new_goes_where_others_go(model):
    """One visit to an office of others: lunch there is foretold though this person never had it."""
    here = Visit("office-1", 800, MORNING + 1)
    told = foretold(known_after([here]), model, here)
    names = [name for name, _ in told.ranked(weights_of(model, told.context))]
    assert "lunch-1" in names[:3]


def test_nobody_known_is_told_what_is_popular(model):
    """Without any place of one's own there are still candidates, and no error."""
    told = foretold(Places(), model, Visit("nowhere", 800, NOON))
    assert set(told.names) >= {"lunch-0", "lunch-1"}


@given(visits=st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 47)), min_size=1, max_size=40))
def test_each_component_is_a_distribution_or_silent(model, visits):
    """Whatever was visited, no component gives more than 1 in all, and none less than nothing."""
    history = [Visit(place, 700 + at // 3, cell) for at, (place, cell) in enumerate(visits)]
    told = foretold(known_after(history), model, history[-1])
    assert (told.given >= 0).all()
    assert (told.given.sum(axis=0) <= 1 + 1e-9).all()


def test_weights_follow_what_came_true_for_this_person(model):
    """A component that foresaw ten outcomes of a person weighs more for them than for everybody."""
    weights = weights_of(model, (0, 0))
    given_, earned = np.zeros(COMPONENTS), (0.0,) * COMPONENTS
    given_[-1] = 0.5
    for _ in range(10):
        earned = earned_more(earned, given_, weights)
    assert weights_of(model, (0, 0), earned)[-1] > weights[-1]
    assert weights_of(model, (0, 0), earned).sum() == pytest.approx(1)


@given(visits=st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 47)), min_size=1, max_size=40))
def test_the_likeliest_is_the_first_of_all(model, visits):
    """Alone or ranked, with the same chance: what the components give, weighted."""
    history = [Visit(place, 700 + at // 3, cell) for at, (place, cell) in enumerate(visits)]
    told = foretold(known_after(history), model, history[-1])
    weights = weights_of(model, told.context)
    assert told.likeliest(weights) == told.ranked(weights)[0]
    chances = dict(told.ranked(weights))
    assert [chances[name] for name in told.names] == pytest.approx(list(told.given @ weights))
    assert all((told.of(name) == row).all() for name, row in zip(told.names, told.given, strict=True))

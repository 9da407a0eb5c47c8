import numpy as np

from herenow.simulation.people import Fate, populate


def test_the_same_seed_makes_the_same_people(corner):
    """And another one others."""
    one, again, other = (populate(corner, 5, 21, seed) for seed in (1, 1, 2))
    assert [each.arrival for each in one] == [each.arrival for each in again]
    assert all((a.taste == b.taste).all() for a, b in zip(one, again, strict=True))
    assert not all((a.taste == b.taste).all() for a, b in zip(one, other, strict=True))


def test_more_people_change_nobody(corner):
    """Each is drawn from a stream of their own."""
    few, many = populate(corner, 3, 21, 7), populate(corner, 9, 21, 7)
    assert all((a.taste == b.taste).all() and a.places == b.places for a, b in zip(few, many, strict=False))


def test_tastes_are_shares_and_most_like_few_things(corner):
    """They add up to one, and three values hold most of it."""
    tastes = np.array([each.taste for each in populate(corner, 50, 21, 3)])
    assert np.allclose(tastes.sum(axis=1), 1)
    assert np.sort(tastes, axis=1)[:, -3:].sum(axis=1).mean() > 0.9


def test_a_search_is_what_somebody_likes_where_they_live(corner):
    """In the words that people type, with the area next to their home."""
    for person in populate(corner, 60, 21, 5):
        if person.arrival.search is None:
            continue
        word, _, area = person.arrival.search.partition(" in ")
        value = "tea" if word == "chai" else word
        assert person.taste[corner.values.index(value)] > 0
        assert area == corner.items[int(corner.near(person.places["home"], 1)[0])].area


def test_everybody_comes_before_their_fate(corner):
    """Visitors at most six days before they leave again."""
    for person in populate(corner, 200, 21, 4):
        assert person.arrival.day < person.until <= 21
        assert person.fate is not Fate.VISITS or person.until - person.arrival.day <= 6

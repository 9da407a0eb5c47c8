"""Which of several places of one name is meant."""

from __future__ import annotations

from herenow.intent.gazetteer import City, settle
from herenow.intent.gazetteer.settling import MOST_ASKED


def city(name, population, country="US"):
    """A city somewhere."""
    return City(hash(name), name, 0, 0, population, country, "", "", 5000)


BIG, HALF, TINY = city("big", 900_000), city("half", 450_000, "GB"), city("tiny", 20_000, "GB")
ALL = (BIG, HALF, TINY)


def test_of_nothing_there_is_nothing():
    """No candidates, no place."""
    assert settle(()) is None


def test_the_first_candidate_is_the_likeliest():
    """They come in that order; the others stay in it."""
    settled = settle(ALL)
    assert (settled.place, settled.alternatives) == (BIG, (HALF, TINY))


def test_what_is_served_goes_first_and_most_of_it_before_all():
    """Items at a place outweigh its population and the device's country."""
    served = {HALF: 3, TINY: 40}
    settled = settle(ALL, lambda place: served.get(place, 0), "US")
    assert (settled.place, settled.alternatives) == (TINY, (HALF, BIG))


def test_a_comparable_place_at_home_goes_first():
    """Half as many people is comparable, a fortieth is not."""
    assert settle(ALL, country="GB").place == HALF
    assert settle((BIG, TINY), country="GB").place == BIG


def test_an_unknown_country_changes_nothing():
    """Nor does none."""
    assert settle(ALL, country="ZZ") == settle(ALL, country=None) == settle(ALL)


def test_the_catalogue_is_asked_about_a_bounded_number_of_places():
    """And not at all about a name of one place."""
    asked = []
    settle(
        [city(str(number), 1000 - number) for number in range(100)], lambda place: asked.append(place) or 0
    )
    assert len(asked) == MOST_ASKED

    asked.clear()
    settle((BIG,), lambda place: asked.append(place) or 0)
    assert asked == []

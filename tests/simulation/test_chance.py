import pytest

from herenow.simulation.chance import Chance
from herenow.simulation.people import populate
from herenow.simulation.timetable import visits


def _weeks(chance, person):
    return [list(visits(person.timetable, day % 7, chance.week)) for day in range(21)]


def test_a_person_does_the_same_beside_whomever(corner):
    """Their chance is by seed and number alone."""
    people = populate(corner, 4, 21, 7)
    one, again = (_weeks(Chance.of(7, 3), people[3]) for _ in range(2))
    assert one == again
    assert one != _weeks(Chance.of(8, 3), people[3])
    assert one != _weeks(Chance.of(7, 2), people[3])


@pytest.mark.parametrize("more", ["looking", "answering", "phones"])
def test_a_thing_done_more_often_moves_nothing_else(corner, more):
    """Who reacts to one message more goes about the week as they would have."""
    person, chance = populate(corner, 1, 21, 7)[0], Chance.of(7, 0)
    getattr(chance, more).random(17)
    assert _weeks(chance, person) == _weeks(Chance.of(7, 0), person)


def test_a_past_is_lived_in_their_own_week(corner):
    """Every fourth has one; they bought in hours in which they look into the app."""
    people = populate(corner, 200, 21, 7)
    regulars = [each for each in people if each.contact.past]
    assert 30 < len(regulars) < 70
    for each in regulars:
        days = [before for before, _ in each.contact.past]
        assert days == sorted(days, reverse=True)
        assert set(days) <= set(range(1, 71))
        assert each.signs_in

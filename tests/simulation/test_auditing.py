from herenow.simulation.auditing import allowed, audit
from herenow.simulation.people import populate


def _beacon(kind, **properties):
    return {"type": kind, "name": "x", "properties": properties}


def _person(corner, **denied):
    person = populate(corner, 1, 21, 1)[0]
    object.__setattr__(person, "consent", {**dict.fromkeys(person.consent, "granted"), **denied})
    return person


def test_a_place_kept_against_somebodys_will_is_found(corner):
    """As a beacon of a place, and as a cell in any other beacon."""
    person = _person(corner, location="denied")
    assert not allowed(person, _beacon("geo", fence="park"))
    assert not allowed(person, _beacon("behavior", cell="te7u6c"))
    assert allowed(person, _beacon("behavior", item="a"))
    assert allowed(_person(corner), _beacon("geo", fence="park", cell="te7u6c"))


def test_behaviour_and_searches_kept_against_a_will_are_found(corner):
    """Each by its own purpose."""
    assert not allowed(_person(corner, analytics="denied"), _beacon("behavior", item="a"))
    assert not allowed(_person(corner, personalization="denied"), _beacon("behavior", query="tea"))
    assert allowed(_person(corner, personalization="denied"), _beacon("behavior", item="a"))


def test_everybodys_every_page_is_looked_at(corner):
    """Of those who deny something."""

    class Told:
        def __init__(self, person):
            self.person = person

        def me(self, cursor=None, **query):
            assert query == {"format": "json"}
            beacon = {"beacon": _beacon("geo", fence="park")}
            return {"beacons": [beacon], "next": None if cursor else "more"}

    found = audit([Told(_person(corner, location="denied")), Told(_person(corner))])
    assert (found.people, found.beacons, found.violations) == (1, 2, 2)

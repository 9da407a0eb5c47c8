"""Joining is a link each: no order of it matters, and nobody is ever somebody else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.errors import Conflict, Forbidden
from herenow.identity.subjects import subject_mark, subject_partition
from herenow.profiles.installation import Installation
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments
from herenow.storage.ports import walk

BITES = Scope("bites", "production")
NOW = 1_790_000_000
PHONES = [str(UUID(int=each)) for each in range(3)]


class World:
    """A store with three phones in it, none of which belongs to anybody."""

    def __init__(self) -> None:
        self.documents = MemoryDocuments(lambda: NOW)
        self.store = Installations(self.documents, pepper=b"p" * 32, clock=lambda: NOW)
        self.persons = Persons(self.documents, self.store, clock=lambda: NOW)
        for each in PHONES:
            self.store.create(BITES, Installation(each, NOW, "", {}, {}))

    def phone(self, number: int) -> Installation:
        """A phone as it is stored."""
        found = self.store.get(BITES, PHONES[number])
        assert found is not None
        return found

    def join(self, number: int, subject: str) -> Installation:
        """A phone joined to a person."""
        return self.persons.join(BITES, self.phone(number), subject)


@pytest.fixture(name="world")
def _world() -> World:
    return World()


def test_the_first_installation_gives_the_id_that_experiments_hash(world):
    """Those that come later take it over."""
    assert [world.join(each, "asha").user_id for each in (1, 0, 2)] == [PHONES[1]] * 3


def test_a_person_of_a_stale_reading_is_joined_all_the_same(world):
    """What another request changed in between is read again."""
    stale = world.phone(0)
    world.store.change(BITES, stale, lambda held: Installation(held.id, NOW, "", {"push": "granted"}, {}))

    joined = world.persons.join(BITES, stale, "asha")

    assert joined.consent == {"push": "granted"}
    assert joined == world.phone(0)


def test_who_is_suppressed_is_joined_to_nothing(world):
    """The mark of an erasure or a suppression holds against the proof."""
    world.documents.put_if(subject_mark(BITES, "asha"), {})

    with pytest.raises(Forbidden) as refusal:
        world.join(0, "asha")

    assert refusal.value.code == "SUPPRESSED"
    assert world.phone(0).belongs_to is None
    assert list(walk(world.documents, subject_partition(BITES, "asha"))) == []


def test_with_the_last_installation_the_person_is_gone(world):
    """Taking one of two off leaves the other and the id they hash by."""
    for each in (0, 1):
        world.join(each, "asha")

    world.persons.unlink(BITES, "asha", PHONES[0])
    assert world.persons.installations_of(BITES, "asha") == [PHONES[1]]
    assert world.join(2, "asha").user_id == PHONES[0]
    for each in (1, 2):
        world.persons.unlink(BITES, "asha", PHONES[each])

    assert list(walk(world.documents, subject_partition(BITES, "asha"))) == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["join", "leave"]), st.integers(0, 2), st.sampled_from(["asha", "ravi"])),
    max_size=12,
)


@given(STEPS)
def test_a_phone_is_of_whom_it_was_first(steps):
    """In any order of signing in and out each phone is one person's: the first who proved it."""
    world = World()
    owners: dict[int, str] = {}
    for step, number, subject in steps:
        if step == "leave":
            world.persons.leave(BITES, world.phone(number))
        elif owners.setdefault(number, subject) == subject:
            world.join(number, subject)
        else:
            with pytest.raises(Conflict):
                world.join(number, subject)

    for subject in ("asha", "ravi"):
        theirs = [PHONES[number] for number, owner in sorted(owners.items()) if owner == subject]
        assert world.persons.installations_of(BITES, subject) == theirs
        assert len({world.phone(PHONES.index(each)).user_id for each in theirs}) <= 1

"""Profiles as they are kept: caught up with the log, allowed by the person, gone with what they stood on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tests.profiles.learned.streams import EPOCH_MS, record

from herenow.beacons.marks import log_partition
from herenow.beacons.people import People
from herenow.identity.subjects import subject_partition
from herenow.profiles.installation import Installation
from herenow.profiles.learned.document import NOTHING, VERSION
from herenow.profiles.learned.store import Profiles
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments, MemoryEventLog
from herenow.storage.ports import Key

BITES = Scope("bites", "production")
NOW = EPOCH_MS // 1000
ALLOWED = {"analytics": "granted", "personalization": "granted"}
PHONE, TABLET = (str(UUID(int=each)) for each in (1, 2))
TAP = record("item_tap", item="a", facets={"category": ["burger"]})


class World:
    """A store with one installation that allows everything."""

    def __init__(self) -> None:
        self.documents, self.log = MemoryDocuments(lambda: NOW), MemoryEventLog()
        self.installations = Installations(self.documents, pepper=b"p" * 32, clock=lambda: NOW)
        self.persons = Persons(self.documents, self.installations, clock=lambda: NOW)
        self.policy: Mapping[str, Any] = {}
        self.people = People(
            self.documents,
            clock=lambda: NOW,
            policy_of=lambda _: self.policy,
            devices_of=self.persons.statements_of,
        )
        self.profiles = Profiles(
            self.documents, self.log, partition_of=log_partition, consent_of=self.people.consent
        )
        self.phone = self.launched(PHONE, ALLOWED)

    def launched(self, identifier: str, consent: Mapping[str, str]) -> Installation:
        """A new installation."""
        return self.installations.create(BITES, Installation(identifier, NOW, "", consent, {}))

    def tell(self, sender: str, *records: Mapping[str, Any]) -> None:
        """Append to a log."""
        self.log.append(log_partition(BITES, sender), records)

    def customer(self, subject: str, **told: Any) -> None:
        """What a backend told of a person."""
        value = {"consent": ALLOWED, "tastes": {}, "updated_at": NOW, **told}
        self.documents.put_if(Key(subject_partition(BITES, subject), "customer"), value)

    def kept(self, identifier: str = PHONE) -> Any:
        """The stored profile of an installation."""
        return self.documents.get(Key(BITES.partition(f"installation#{identifier}"), "profile"))


@pytest.fixture(name="world")
def _world() -> World:
    return World()


def test_what_was_told_is_learned_once_and_told_apart(world: World) -> None:
    """Whether anything was new; the token changes with it, and reading changes nothing more."""
    before = world.profiles.token(BITES, world.phone)
    world.tell(PHONE, TAP, TAP)
    assert world.profiles.learn(BITES, world.phone) is True
    after = world.profiles.token(BITES, world.phone)
    assert (world.profiles.learn(BITES, world.phone), before != after) == (False, True)
    learned = world.profiles.read(BITES, world.phone)
    assert learned.at == 2
    assert learned.taught.affinity["category"]["burger"][0] == 2048
    assert (world.kept().version, world.profiles.token(BITES, world.phone)) == (1, after)


def test_reading_repairs_what_a_crash_left_out(world: World) -> None:
    """Beacons that are in the log and in no profile yet are folded by whoever reads."""
    world.tell(PHONE, TAP)
    assert world.profiles.read(BITES, world.phone).at == 1
    world.tell(PHONE, *[TAP] * 1500)
    assert world.profiles.read(BITES, world.phone).at == 1501
    assert world.kept().value["at"] == 1501


def test_a_profile_of_a_newer_version_is_learned_again(world: World) -> None:
    """What cannot be read is replaced by a fold of the whole log."""
    world.tell(PHONE, TAP)
    world.profiles.learn(BITES, world.phone)
    world.documents.put_if(world.kept().key, {"v": 99, "at": 1})
    assert world.profiles.read(BITES, world.phone).recents == ("a",)
    assert world.kept().value["v"] == VERSION


@pytest.mark.parametrize("purpose", ["analytics", "personalization"])
def test_without_consent_nothing_is_learned_or_used(world: World, purpose: str) -> None:
    """Neither kept nor read, whatever the log holds."""
    world.tell(PHONE, TAP)
    denied = world.installations.change(
        BITES, world.phone, lambda held: _consenting(held, {**ALLOWED, purpose: "denied"})
    )
    assert world.profiles.learn(BITES, denied) is False
    assert world.profiles.read(BITES, denied) == NOTHING
    assert world.profiles.token(BITES, denied) == ""
    assert world.kept() is None


def test_a_withdrawal_while_it_is_folded_wins(world: World) -> None:
    """A first profile is stored only if the installation is as it was when the fold began."""
    world.tell(PHONE, TAP)
    world.installations.change(BITES, world.phone, lambda held: _consenting(held, {}))
    world.profiles.learn(BITES, world.phone)
    assert world.kept() is None


def test_a_person_is_all_their_devices_and_what_the_backend_told(world: World) -> None:
    """Each device's own consent counts; a lone installation knows nothing of the rest."""
    tablet = world.launched(TABLET, ALLOWED)
    world.tell(PHONE, TAP)
    world.tell(TABLET, record("item_tap", item="b", facets={"category": ["burger"]}))
    world.customer("s", tastes={"category": {"sushi": -1}})
    world.tell("s", record("purchase", items=["c"], value=9, facets={"category": ["wrap"]}))
    world.profiles.learn_of(BITES, "s")
    assert world.profiles.read(BITES, world.phone).recents == ("a",)
    phone, tablet = world.persons.join(BITES, world.phone, "s"), world.persons.join(BITES, tablet, "s")
    learned = world.profiles.read(BITES, phone)
    assert learned == world.profiles.read(BITES, tablet)
    tastes = learned.taught.affinity["category"]
    assert {value: taste[0] - taste[1] > 0 for value, taste in tastes.items()} == {
        "burger": True,
        "sushi": False,
        "wrap": True,
    }
    assert set(learned.recents) == {"a", "b", "c"}
    world.installations.change(BITES, tablet, lambda held: _consenting(held, {}))
    assert set(world.profiles.read(BITES, phone).recents) == {"a", "c"}
    world.installations.erase(BITES, TABLET)
    assert set(world.profiles.read(BITES, phone).recents) == {"a", "c"}


def test_who_signed_out_is_not_shown(world: World) -> None:
    """Their beacons are still learned from; whoever holds the device sees none of it."""
    world.persons.join(BITES, world.phone, "s")
    joined = world.installations.reread(BITES, PHONE)
    left = world.persons.leave(BITES, joined)
    world.tell(PHONE, TAP)
    assert world.profiles.learn(BITES, left) is True
    assert world.profiles.read(BITES, left) == NOTHING


def test_a_backend_teaches_by_the_policys_consent_too(world: World) -> None:
    """Of somebody whom the backend said nothing of, the policy's defaults hold."""
    world.tell("s", record("purchase", value=9))
    world.profiles.learn_of(BITES, "s")
    assert world.documents.get(Key(subject_partition(BITES, "s"), "profile")) is None
    world.policy = {"consent": ALLOWED}
    world.profiles.learn_of(BITES, "s")
    assert world.profiles.replay_of(BITES, "s").same


def test_a_replay_tells_what_differs_and_mends_it(world: World) -> None:
    """The same log gives the same state; a check changes nothing."""
    world.tell(PHONE, *[TAP] * 70)
    world.profiles.learn(BITES, world.phone)
    told = world.profiles.replay(BITES, world.phone)
    assert (told.records, told.same, told.stored) == (70, True, True)
    kept = world.kept()
    other = World()
    other.tell(PHONE, TAP)
    other.profiles.learn(BITES, other.phone)
    world.documents.put_if(kept.key, {**other.kept().value, "at": 1})
    wrong = {**kept.value, "z": other.kept().value["z"]}
    world.documents.put_if(kept.key, wrong)
    world.tell(PHONE, record("search"))
    assert world.profiles.replay(BITES, world.phone, keep=False).same is True  # of what it had read
    assert world.kept().value == wrong


def _consenting(held: Installation, consent: Mapping[str, str]) -> Installation:
    return replace(held, consent=consent)

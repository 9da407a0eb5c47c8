"""An app that says things, in memory: its phones, its couriers, its workers, and a clock that is moved."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import structlog

from herenow.beacons.model import Batch, Sender
from herenow.bootstrap import build_services
from herenow.clock import iso_utc
from herenow.launch.newcomer import FirstLaunch
from herenow.measures.counters import Counters
from herenow.messaging.due import DueIndex
from herenow.messaging.lending import Lending
from herenow.messaging.offers.promises import StockedPromises
from herenow.messaging.pacing import Pacing
from herenow.messaging.people import Person
from herenow.messaging.records import records_of
from herenow.messaging.seams import HandedOver, Letter, Result
from herenow.messaging.service import Messages, Parts
from herenow.messaging.state import Kept
from herenow.messaging.store import MessageStore
from herenow.messaging.worker import Worker
from herenow.messaging.writing import TemplateWriter
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings

APP = Scope("talk", "production")
NOON = 1_795_501_800
"""2026-11-24T12:00:00+05:30, a Tuesday."""
GRANTED = dict.fromkeys(
    ("analytics", "personalization", "location", "in_app", "push", "local_notification", "email", "sms"),
    "granted",
)
DOCUMENTS: dict[str, Any] = {
    "app.json": {
        "app": "talk",
        "name": "Talk",
        "time_zone": "Asia/Kolkata",
        "locales": ["en"],
        "currency": "INR",
        "catalog": {"id": "id", "fields": ["name"]},
        "capabilities": ["in_app", "push", "local_notification", "email", "sms", "geofence"],
    },
    "policy.json": {"approvals": {"production": 0}},
    "fences.geojson": {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "patty",
                "properties": {"name": "Patty Lane", "groups": ["diners"], "radius": 100},
                "geometry": {"type": "Point", "coordinates": [72.83, 19.2]},
            }
        ],
    },
    "features.json": {"hello": {"type": "boolean", "default": True}},
}


def campaign(**members: Any) -> dict[str, Any]:
    """A campaign that an item_view starts, in the app, with changes."""
    said = {
        "kind": "triggered",
        "trigger": {"event": "item_view"},
        "channels": ["in_app"],
        "template": {"en": {"title": "Hello"}},
        **members,
    }
    return {name: value for name, value in said.items() if value is not None}


class MovedClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        """The instant it stands at."""
        return self.now


@dataclass
class FakeCouriers:
    """Carry everything and remember it; ``answers`` are given first, in turn."""

    channels: frozenset[str] = frozenset({"push", "email", "sms"})
    letters: list[tuple[str, Letter, int]] = field(default_factory=list)
    answers: list[HandedOver] = field(default_factory=list)

    def reach(self, _installation: Installation, _person: Person, wanted: frozenset[str]) -> frozenset[str]:
        """Everything that this courier has."""
        return self.channels & wanted

    def hand_off(self, installation: Installation, _person: Person, letter: Letter, now: int) -> HandedOver:
        """Remember the letter."""
        self.letters.append((installation.id, letter, now))
        return self.answers.pop(0) if self.answers else HandedOver(Result.HANDED)


@dataclass
class House:
    """Everything of one process, and what tests do with it."""

    services: Services
    clock: MovedClock
    parts: Parts
    index: DueIndex
    couriers: FakeCouriers
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def messages(self) -> Messages:
        """What requests call."""
        return Messages(self.parts)

    @property
    def lending(self) -> Lending:
        """What requests lend with."""
        return Lending(self.parts)

    def publish(self, **documents: Any) -> None:
        """Make campaigns (and policy, offers, audiences …) live, with what every app has."""
        self.publish_files({f"{name}.json": body for name, body in documents.items()})

    def publish_files(self, named: dict[str, Any]) -> None:
        """The same by the names of files."""
        files = {name: json.dumps(body).encode() for name, body in {**DOCUMENTS, **named}.items()}
        release = self.services.releases.create(APP, files, by="tests").release
        live = self.services.publishing.pointer(APP)
        self.services.going_live.publish(
            APP, release.number, by="tests", if_match=live.sequence if live else None
        )
        self.services.serving.refresh(APP)

    def kill(self, *capabilities: str) -> None:
        """Switch these off for everybody, and nothing else."""
        live = self.services.publishing.live(APP)
        self.services.publishing.set_kill(APP, capabilities, by="tests", if_match=live.sequence)

    def phone(self, consent: dict[str, str] | None = None, **context: Any) -> Installation:
        """A phone of somebody who allows everything, or what its first launch says."""
        identity = str(UUID(int=next(self.numbers)))
        context = {"time_zone": "Asia/Kolkata", "locale": "en-IN", **context}
        launch = FirstLaunch(identity, "s" * 40, context, {}, GRANTED if consent is None else consent)
        return self.services.launch.first_launch(APP, launch).installation

    def store(self, phone: Installation, *beacons: Any, ago: int = 0) -> None:
        """Store beacons ``(name, properties)`` that happened ``ago`` seconds ago, and do nothing else."""
        told = [self._beacon(name, properties, ago) for name, properties in beacons]
        outcome = self.services.beacons.accept(APP, Sender(phone.id, GRANTED), Batch(told))
        assert not outcome.rejected

    def tell(self, phone: Installation, *beacons: Any, ago: int = 0) -> list[dict[str, Any]]:
        """The decisions after beacons came in."""
        self.store(phone, *beacons, ago=ago)
        return self.messages.heard(APP, phone)

    def worker(self, name: str = "w1") -> Worker:
        """A worker of that name."""
        return Worker(self.parts, self.index, self.services.persons, name=name)

    def kept(self, phone: Installation) -> Kept:
        """What is kept of somebody."""
        return self.parts.store.load(Person.of(APP, phone)).kept

    def ledger(self, phone: Installation) -> list[tuple[str, str]]:
        """The outcomes and reasons of somebody's records, the oldest first."""
        found = records_of(self.services.documents, Person.of(APP, phone))
        return [(each.told["outcome"], each.told["reason"]) for each in found]

    def with_parts(self, **changes: Any) -> None:
        """Exchange a part."""
        self.parts = replace(self.parts, **changes)

    def _beacon(self, name: str, properties: Any, ago: int) -> dict[str, Any]:
        number = next(self.numbers)
        kinds = {
            **dict.fromkeys(("shown", "opened", "acted", "dismissed"), "message"),
            "fence_entered": "geo",
            "fence_dwelled": "geo",
            "fence_exited": "geo",
        }
        at = iso_utc(self.clock.now - ago)
        return {
            "id": str(UUID(int=number)),
            "seq": number,
            "type": kinds.get(name, "behavior"),
            "name": name,
            "at": at,
            "properties": properties,
        }


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the log out of the tests' output."""
    structlog.configure(processors=[structlog.testing.LogCapture()])
    yield
    structlog.reset_defaults()


@pytest.fixture(name="house")
def _house(tmp_path: Any) -> Iterator[House]:
    clock = MovedClock()
    settings = Settings(data_dir=tmp_path, documents="memory", secret="0" * 64, poll_interval_s=0)
    services = build_services(settings, clock=clock)
    yield house_of(services, clock)
    services.close()


def house_of(services: Services, clock: MovedClock) -> House:
    """A house over the stores of ``services``."""
    index, couriers = DueIndex(services.documents), FakeCouriers()
    parts = Parts(
        store=MessageStore(services.documents, index),
        log=services.event_log,
        serving=services.serving,
        installations=services.installations,
        writer=TemplateWriter(),
        promises=StockedPromises(services.documents, clock=clock),
        couriers=couriers,
        counters=Counters(services.documents),
        clock=clock,
        retention_days=lambda _: 395,
        pacing=Pacing(services.documents),
        allowed=services.reaching.consent,
    )
    return House(services, clock, parts, index, couriers)

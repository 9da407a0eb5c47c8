"""One decision, two hosts: what the server decides for a person is what the device decides by itself.

Two hundred people (half of the food app, half of the film app; eight of each in the fast suite) launch, go
offline, come back, and meet a publication. Their zones, places, acquisitions, consents and hours are drawn
from a fixed seed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
import structlog
from tests.sdk_contract.client.backend import EXAMPLES, Backend, Clock, Phones, seeded, serving

from herenow_sdk.client import Herenow, Host
from herenow_sdk.client.deciding import decide
from herenow_sdk.core.reasons import AnswerSource

FEW, MANY = 8, 100
"""People of each app."""
STEP_S = 6_047
"""Between two people: a prime, so that hours and weekdays of every kind are met."""
ZONES = (
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Europe/London",
    "Pacific/Kiritimati",
    "UTC",
    "Nowhere/Land",
    None,
)
ASKED = (
    "burger joints in Kandivali West",
    "cheap biryani near andheri",
    "quiet cafe bandra",
    "sci-fi films by Ilse Marovane",
    "thriller",
    "qwertz",
    "",
)
STATUSES = ("granted", "denied", "unknown", None)
PURPOSES = ("analytics", "personalization", "location", "push")


@dataclass(frozen=True)
class Person:
    """Somebody as their phone tells of them."""

    context: dict[str, Any]
    acquisition: dict[str, Any]
    consent: dict[str, str]


def drawn(random: Random) -> Person:
    """The next person of the seed."""
    context = {
        "platform": random.choice(("android", "ios")),
        "os_version": random.choice(("15", "18.1", "9")),
        "app_version": random.choice(("3.2.1", "3.10.0", "2.9", "3.2.0-beta.1")),
        "locale": random.choice(("en-IN", "hi-IN", "en", "fr-FR")),
        "time_zone": random.choice(ZONES),
        "now": random.choice((None, "2026-11-22T07:12:03+05:45", "2026-11-22T07:12:03-03:30")),
        "network": random.choice(("wifi", "cellular", None)),
        "device": {"class": random.choice(("phone", "tablet"))},
        "capabilities": random.choice((["in_app"], ["in_app", "push", "geofence"], [])),
        "location": random.choice((None, {"lat": 19.2 + random.random() / 10, "lon": 72.83})),
    }
    query = random.choice(ASKED)
    ways = ({"query": query}, {"utm": {"term": query, "medium": "search"}}, {})
    statuses = {purpose: random.choice(STATUSES) for purpose in PURPOSES}
    return Person(_told(context), random.choice(ways) if query else {}, _told(statuses))


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def features_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """Every feature's value with its type, reason and rule."""
    told = ("type", "value", "reason", "rule")
    return {name: [each.get(member) for member in told] for name, each in config["features"].items()}


def orders_of(config: Mapping[str, Any]) -> dict[str, list[str]]:
    """The ids of every placement in order."""
    return {name: [item["id"] for item in page["items"]] for name, page in config["placements"].items()}


def ordered_by(page: Mapping[str, Any]) -> dict[str, Any]:
    """What each item of a page is ordered by."""
    return {item["id"]: (item["features"], item.get("boosts")) for item in page["items"]}


def decided_alone(app: Herenow) -> Mapping[str, Any]:
    """What the device decides at this moment by itself, from its own rules and what the answer told."""
    device = app._device
    assert device is not None
    assert device.rules.active is not None
    with device.lock:
        return decide(device.rules.active.bundle, device.person, device._pages(), device.now)


def settled(app: Herenow, serving_set: Mapping[str, Any]) -> Herenow:
    """The app once it shows a fresh answer of the server's and holds the rules, both of this serving set."""
    for _ in range(5):
        if _is_settled(app, serving_set):
            return app
        app.refresh(within_s=10)
    raise AssertionError("the app never came to rest on what is live")


def _is_settled(app: Herenow, serving_set: Mapping[str, Any]) -> bool:
    device = app._device
    assert device is not None
    with device.lock:
        active, answer = device.rules.active, device.answer
        return (
            active is not None
            and answer is not None
            and active.manifest.serving_set == answer.config["serving_set"] == serving_set
            and app.config is answer.config
            and answer.valid_until > device.now
            and answer.etag is not None  # of a config: a launch may be shaped by a search that is not kept
        )


@dataclass
class Town:
    """An app's server, and the people who use it."""

    backend: Backend
    phones: Phones
    people: list[Person]
    clock: Clock

    def serving_set(self) -> dict[str, Any]:
        """What is live."""
        return dict(self.backend.services.publishing.live(self.backend.scope).serving_set)

    def opened(self, number: int) -> Herenow:
        """The app of one person, started."""
        person = self.people[number]
        host = Host(clock=self.clock, token_bytes=Random(f"{self.backend.scope}, {number}").randbytes)
        app = self.phones.open(f"person-{number}", host=host)
        app.start(person.context, person.acquisition, person.consent)
        return app


@pytest.fixture(autouse=True, scope="module")
def _silent() -> Iterator[None]:
    structlog.configure(processors=[structlog.testing.LogCapture()])
    yield
    structlog.reset_defaults()


@pytest.fixture(
    scope="module",
    params=[
        ("bites", FEW),
        ("reels", FEW),
        pytest.param(("bites", MANY), marks=pytest.mark.slow),
        pytest.param(("reels", MANY), marks=pytest.mark.slow),
    ],
    ids=lambda drawn: f"{drawn[0]}, {drawn[1]} people",
    name="town",
)
def _town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    example, people = request.param
    seed = seeded(tmp_path_factory.mktemp("seed") / "data", EXAMPLES / example)
    clock, random = Clock(), Random(f"{example}, 2026")
    with serving(seed, tmp_path_factory.mktemp("server") / "data", clock) as backend:
        phones = Phones(backend, tmp_path_factory.mktemp("phones"), clock)
        yield Town(backend, phones, [drawn(random) for _ in range(people)], clock)
        phones.close()


@pytest.mark.requirement("14.6.1", "14.6.2")
def test_online_the_device_would_have_decided_the_same(town: Town) -> None:
    """At a first launch, features with their reasons and the order of every page are equal."""
    live = town.serving_set()
    for number in range(len(town.people)):
        town.backend.pass_time(STEP_S)
        app = settled(town.opened(number), live)
        online, alone = app.config, decided_alone(app)
        app.close()
        assert features_of(alone) == features_of(online), town.people[number]
        assert orders_of(alone) == orders_of(online), town.people[number]


@pytest.mark.requirement("14.2.1", "14.6.2")
def test_offline_the_device_decides_what_the_server_would_have(town: Town) -> None:
    """After the answer has lapsed, without a network: what is shown is what the server says once it is back.

    A page is compared where the server still orders the same items by the same features: what it would bring
    in from beyond the page, and a film that has become a day older, cannot be known offline (ADR 0012).
    """
    live, pages = town.serving_set(), [0, 0]
    for number in range(len(town.people)):
        settled(town.opened(number), live).close()
        town.backend.pass_time(STEP_S)
        town.backend.down = True
        app = town.opened(number)
        assert app._device is not None
        assert app._device.view.source is AnswerSource.DEVICE, town.people[number]
        offline = app.config
        app.close()
        town.backend.down = False
        app = settled(town.opened(number), live)
        online = app.config
        app.close()
        assert features_of(offline) == features_of(online), town.people[number]
        for name, page in online["placements"].items():
            same = ordered_by(offline["placements"][name]) == ordered_by(page)
            pages[same] += 1
            assert not same or orders_of(offline)[name] == orders_of(online)[name], town.people[number]
    assert pages[True] > len(town.people), pages


def test_after_a_publication_both_have_moved(town: Town) -> None:
    """New rules and new weights go live: the server's answer and the device's own decision agree again."""
    _publish(town)
    live = town.serving_set()
    moved = 0
    for number in range(len(town.people)):
        town.backend.pass_time(STEP_S)
        app = town.opened(number)
        before = features_of(app.config), orders_of(app.config)
        settled(app, live)
        online, alone = app.config, decided_alone(app)
        app.close()
        assert features_of(alone) == features_of(online), town.people[number]
        assert orders_of(alone) == orders_of(online), town.people[number]
        moved += before != (features_of(online), orders_of(online))
    assert moved == len(town.people)


def _publish(town: Town) -> None:
    """A feature more, with rules over hours and places; other weights and boosts in every placement."""

    def features(document: dict[str, Any]) -> None:
        rules = [
            {
                "id": "morning",
                "condition": {"now.hour": {"$lt": 12}, "intent.label": {"$exists": True}},
                "force": "am",
            },
            {"id": "arms", "variations": ["a", "b", "c"], "weights": [0.3, 0.3, 0.4], "coverage": 0.9},
        ]
        document["greeting"] = {"type": "string", "description": "New", "default": "-", "rules": rules}

    def placements(document: dict[str, Any]) -> None:
        for name, each in document.items():
            if name != "$schema":
                each["weights"] = {"quality": 70, "popularity": 20, "intent": 10}

    town.backend.publish({"features.json": features, "placements.json": placements})

"""Messages: a decision over 200 campaigns, a beacon and its decision in one request, what workers decide."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from tests.benchmarks.figures import Bound, Figure, SingleFigure, timed

from herenow.api.app import create_app
from herenow.beacons.model import Batch, Sender
from herenow.bootstrap import build_services
from herenow.clock import iso_utc
from herenow.launch.service import FirstLaunch
from herenow.measures.counters import Counters
from herenow.messaging.deciding import drawn
from herenow.messaging.due import DueIndex
from herenow.messaging.moments import following_of, moment_of
from herenow.messaging.offers.promises import StockedPromises
from herenow.messaging.pacing import Pacing
from herenow.messaging.people import Person
from herenow.messaging.seams import HandedOver, Result
from herenow.messaging.service import Parts
from herenow.messaging.state import Kept
from herenow.messaging.store import MessageStore
from herenow.messaging.worker import Worker
from herenow.messaging.writing import TemplateWriter
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings
from herenow_sdk.core.messages.waiting import Pending, Waiting

SCOPE: Final = Scope("talk", "production")
LIVE: Final = 200
DUE: Final = 100_000
WORKERS: Final = 2
_NOW: Final = 1_795_501_800
_DECISION: Final = Bound("≤", 1, "ms")
_REQUEST: Final = Bound("≤", 20, "ms")
_ALL_DUE: Final = Bound("≤", 60, "s")
_GRANTED: Final = dict.fromkeys(("analytics", "personalization", "in_app", "push"), "granted")
_numbers = count(1)


class _Clock:
    """A clock that is moved."""

    now: float = _NOW

    def __call__(self) -> float:
        return self.now


class _Couriers:
    """Carry everything at once."""

    def reach(self, _installation: Installation, _person: Person, _wanted: frozenset[str]) -> frozenset[str]:
        return frozenset({"push"})

    def hand_off(self, *_: Any) -> HandedOver:
        return HandedOver(Result.HANDED)


def messages(folder: Path, seconds: float, *, due: int) -> Iterator[Figure]:
    """Over ``due`` people for whom something is due; the figure for all is told in proportion."""
    settings = replace(_settings(folder), installations_per_minute=1_000_000)
    clock = _Clock()
    services = build_services(settings, clock=clock)
    try:
        yield from _decisions(services, seconds)
        yield _requests(services, clock, seconds)
        _publish(services, {"c": _campaign(delay="1h", channels=["push", "in_app"], expires_after="12h")})
        for _ in range(due):
            _heard(services, clock, services.launch.first_launch(SCOPE, _launch()).installation)
    finally:
        services.close()
    took = _worked_off(folder, int(clock.now) + 3600)
    name = f"{DUE:,} due messages decided, {WORKERS} workers (of {due:,})"
    yield SingleFigure(name, took * DUE / due, "s", _ALL_DUE)


def _decisions(services: Services, seconds: float) -> Iterator[Figure]:
    """Of one person, with few and with all of the campaigns waiting."""
    _publish(services, _campaigns(LIVE))
    phone = services.launch.first_launch(SCOPE, _launch()).installation
    person, serving = Person.of(SCOPE, phone), services.serving.current(SCOPE)
    moment = moment_of(serving, phone, person, _NOW + 4000, reach=frozenset({"push"}), present=True)
    moment, following = replace(moment, consent=_GRANTED), following_of(serving, phone)
    for waiting in (5, 25, LIVE):
        kept = Kept(pending=Pending(tuple(Waiting(f"c{n}", _NOW) for n in range(waiting)), {}))
        name = f"decide, {LIVE} campaigns live, {waiting} of them waiting"
        decide = partial(drawn, moment=moment, following=following)
        yield timed(name, decide, [kept], seconds=seconds, bound=_DECISION)


def _requests(services: Services, clock: _Clock, seconds: float) -> Figure:
    """``POST /v1/beacons`` of a phone that a campaign is triggered for each time, through the application."""
    _publish(services, {**_campaigns(LIVE), "now": _campaign(trigger={"event": "item_tap"}, caps=[])})
    _, key = services.keys.create(SCOPE, "publishable", label="bench", by="bench")
    client = create_app(services).test_client()

    def fresh() -> dict[str, str]:
        body = {"installation_id": _id(), "installation_secret": "s" * 43, "consent": _GRANTED}
        answer = client.post("/v1/installations", json=body, headers={"X-Herenow-Key": key})
        assert answer.json is not None
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json['installation']['token']}"}

    def ask(bearer: dict[str, str]) -> None:
        clock.now += 1
        answer = client.post("/v1/beacons", json={"beacons": [_beacon("item_tap", clock)]}, headers=bearer)
        assert answer.json is not None
        assert answer.json["decisions"]

    phones = [fresh() for _ in range(32)]
    return timed("beacon to decision in one request", ask, phones, seconds=seconds, bound=_REQUEST)


def _worked_off(folder: Path, now: int) -> float:
    """Seconds until workers in processes of their own have decided everything due."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, range(WORKERS)))
        begun = time.time() + 2  # every process is ready by then
        ends = pool.map(
            _turn,
            [folder] * WORKERS,
            [now] * WORKERS,
            [f"worker {n}" for n in range(WORKERS)],
            [begun] * WORKERS,
        )
        return max(ends) - begun


def _settings(folder: Path) -> Settings:
    return Settings(data_dir=folder, secret="0" * 64, poll_interval_s=0)


def _warm(_: int) -> None:
    """Let every process be there, with its modules read."""
    time.sleep(0.5)


def _turn(folder: Path, now: int, name: str, begun: float) -> float:
    """Decide everything due, from ``begun`` on; when that was done."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    services = build_services(_settings(folder), clock=lambda: now)
    try:
        index = DueIndex(services.documents)
        parts = Parts(
            store=MessageStore(services.documents, index),
            log=services.event_log,
            serving=services.serving,
            installations=services.installations,
            writer=TemplateWriter(),
            promises=StockedPromises(services.documents, clock=lambda: now),
            couriers=_Couriers(),
            counters=Counters(services.documents),
            clock=lambda: now,
            retention_days=lambda _: 395,
            pacing=Pacing(services.documents),
        )
        services.serving.current(SCOPE)
        time.sleep(max(begun - time.time(), 0))
        Worker(parts, index, services.persons, name=name).turn(SCOPE)
        return time.time()
    finally:
        services.close()


def _heard(services: Services, clock: _Clock, phone: Any) -> None:
    services.beacons.accept(SCOPE, Sender(phone.id, _GRANTED), Batch([_beacon("purchase", clock)]))
    services.messages.heard(SCOPE, phone)


def _campaign(**members: Any) -> dict[str, Any]:
    return {
        "kind": "triggered",
        "trigger": {"event": "purchase"},
        "channels": ["in_app"],
        "eligible_again": "1s",
        "template": {"en": {"title": "Hello"}},
        **members,
    }


def _campaigns(number: int) -> dict[str, Any]:
    more: dict[str, Any] = {"delay": "1h", "caps": [{"max": 1, "per": "week"}], "expires_after": "12h"}
    return {f"c{n}": _campaign(**more, cancel_on=[{"event": "rating"}]) for n in range(number)}


def _publish(services: Services, campaigns: dict[str, Any]) -> None:
    documents = {
        "app.json": {
            "app": "talk",
            "name": "Talk",
            "time_zone": "Asia/Kolkata",
            "locales": ["en"],
            "catalog": {"id": "id", "fields": ["name"]},
            "capabilities": ["in_app", "push"],
        },
        "features.json": {"hello": {"type": "boolean", "default": True}},
        "policy.json": {
            "caps": [{"max": 5, "per": "day"}],
            "quiet_hours": {"from": "21:30", "to": "08:30"},
            "approvals": {"production": 0},
        },
        "campaigns.json": campaigns,
    }
    files = {name: json.dumps(body).encode() for name, body in documents.items()}
    release = services.releases.create(SCOPE, files, by="bench").release
    live = services.publishing.pointer(SCOPE)
    sequence = live.sequence if live else None
    services.going_live.publish(SCOPE, release.number, by="bench", if_match=sequence)
    services.serving.refresh(SCOPE)


def _launch() -> FirstLaunch:
    return FirstLaunch(_id(), "s" * 40, {"time_zone": "Asia/Kolkata"}, {}, _GRANTED)


def _id() -> str:
    return str(UUID(int=next(_numbers)))


def _beacon(name: str, clock: _Clock) -> dict[str, Any]:
    number = next(_numbers)
    properties = {"item": "patty"} if name == "item_tap" else {"items": [{"item": "patty"}]}
    told = {"id": _id(), "seq": number, "type": "behavior", "name": name, "properties": properties}
    return {**told, "at": iso_utc(clock.now)}

"""Many people at once: what workers decide of what is due, and one mass message on its way to everybody.

Workers are processes of their own over one store. People are made by the same number of processes: each
launches, buys something, and waits for a message that is due an hour later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import structlog
from tests.benchmarks.figures import Bound, Figure, SingleFigure
from tests.benchmarks.talk import (
    NOW,
    SCOPE,
    Clock,
    Couriers,
    Ids,
    campaign,
    heard,
    launch,
    publish,
    settings_in,
)

from herenow.bootstrap import build_services
from herenow.clock import iso_utc
from herenow.measures.counters import Counters
from herenow.messaging.due import DueIndex
from herenow.messaging.mass.calling import MassCaller
from herenow.messaging.mass.runs import CalledOff, Runs
from herenow.messaging.offers.promises import StockedPromises
from herenow.messaging.pacing import Pacing
from herenow.messaging.service import Parts
from herenow.messaging.store import MessageStore
from herenow.messaging.worker import Worker
from herenow.messaging.writing import TemplateWriter
from herenow.profiles.roll import Roll
from herenow.services import Services

DUE: Final = 100_000
WORKERS: Final = 2
HOUR_S: Final = 3600
_ALL_DUE: Final = Bound("≤", 60, "s")
_APART: Final = 1 << 64

Part = Callable[[Path, int], Callable[[], int]]
"""One worker's, by the store and its number: made ready, then called once; it answers what it counted."""


def crowd(folder: Path, people: int) -> Iterator[Figure]:
    """What is due for ``people``, and a mass message to them; the figure for all is told in proportion."""
    yield from _due(folder / "due", people)
    yield from _mass(folder / "mass", people)


def _due(folder: Path, people: int) -> Iterator[Figure]:
    _published(folder, {"c": campaign(delay="1h", channels=["push", "in_app"], expires_after="12h")})
    _together(folder, partial(_make, people=people // WORKERS, buying=True))
    took, handed = _together(folder, partial(_decide, at=NOW + HOUR_S))
    assert handed == people // WORKERS * WORKERS, f"{handed:,} messages"
    yield SingleFigure(f"messages due decided, {WORKERS} workers (of {handed:,})", handed / took, "1/s")
    name = f"{DUE:,} due messages decided, {WORKERS} workers (of {handed:,})"
    yield SingleFigure(name, took * DUE / handed, "s", _ALL_DUE)


def _mass(folder: Path, people: int) -> Iterator[Figure]:
    """Half of them in the first hour by its pace; called off after that, so that the others get nothing."""
    half = people // 2
    said: dict[str, Any] = {"kind": "mass", "channels": ["push"], "expires_after": "6h"}
    said |= {"schedule": {"at": iso_utc(NOW)}, "pace": {"max": half, "per": "1h"}}
    without = {name: each for name, each in campaign(**said).items() if name != "trigger"}
    _published(folder, {"sale": without})
    _together(folder, partial(_make, people=people // WORKERS, buying=False))
    took, called = _together(folder, _call)
    yield SingleFigure(f"mass send: people called, {WORKERS} workers (of {called:,})", called / took, "1/s")
    took, first = _together(folder, partial(_decide, at=NOW + 60))
    yield SingleFigure(
        f"mass send: messages of its first hour handed over (of {first:,})", first / took, "1/s"
    )
    progress = _called_off(folder)
    took, after = _together(folder, partial(_decide, at=NOW + HOUR_S + 60))
    assert (called, first, after) == (people // WORKERS * WORKERS, half, 0), f"{called}, {first}, {after}"
    yield SingleFigure("mass send: progress that was told of", progress, "%")
    name = f"mass send: messages called off before their hour, {WORKERS} workers"
    yield SingleFigure(name, (called - first) / took, "1/s")


def _together(folder: Path, part: Part) -> tuple[float, int]:
    """Seconds until every worker is done, and what they counted together."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, range(WORKERS)))
        begun = time.time() + 2  # every process is ready by then, else it counts from when it is
        done = list(pool.map(partial(_play, part, folder, begun), range(WORKERS)))
        took = max(end for _, end, _ in done) - min(start for start, _, _ in done)
        return took, sum(counted for *_, counted in done)


def _warm(_: int) -> None:
    """Let every process be there, with its modules read."""
    time.sleep(0.5)


def _play(part: Part, folder: Path, begun: float, number: int) -> tuple[float, float, int]:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    work = part(folder, number)
    time.sleep(max(begun - time.time(), 0))
    start = time.time()
    counted = work()
    return start, time.time(), counted


def _published(folder: Path, campaigns: dict[str, Any]) -> None:
    services = build_services(settings_in(folder), clock=Clock())
    try:
        publish(services, campaigns)
    finally:
        services.close()


def _make(folder: Path, number: int, *, people: int, buying: bool) -> Callable[[], int]:
    clock, ids = Clock(), Ids(number * _APART + 1)
    services = build_services(settings_in(folder), clock=clock)

    def work() -> int:
        for _ in range(people):
            phone = services.launch.first_launch(SCOPE, launch(ids)).installation
            if buying:
                heard(services, clock, phone, ids)
        return people

    return work


def _decide(folder: Path, number: int, *, at: int) -> Callable[[], int]:
    """Everything due at an instant; how many messages were handed over."""
    services = build_services(settings_in(folder), clock=lambda: at)
    parts, index = _parts(services, at)
    worker = Worker(parts, index, services.persons, name=f"worker {number}")
    return lambda: dict(worker.turn(SCOPE).results).get("handed", 0)


def _call(folder: Path, number: int) -> Callable[[], int]:
    """Everybody on the roll; how many messages were triggered."""
    services = build_services(settings_in(folder), clock=lambda: NOW)
    parts, _ = _parts(services, NOW)
    runs, roll = Runs(services.documents), Roll(services.documents)
    caller = MassCaller(parts, runs, roll, name=f"worker {number}")
    return lambda: caller.turn(SCOPE).messages


def _called_off(folder: Path) -> int:
    """Call the run off; how far it told to be, in per cent."""
    services = build_services(settings_in(folder), clock=lambda: NOW + 120)
    try:
        runs = Runs(services.documents)
        (run,) = runs.all(SCOPE)
        runs.cancel(SCOPE, run.campaign, run.occurrence)
        return round(100 * runs.progress(SCOPE, run).share)
    finally:
        services.close()


def _parts(services: Services, at: int) -> tuple[Parts, DueIndex]:
    index, runs = DueIndex(services.documents), Runs(services.documents)
    parts = Parts(
        store=MessageStore(services.documents, index),
        log=services.event_log,
        serving=services.serving,
        installations=services.installations,
        writer=TemplateWriter(),
        promises=StockedPromises(services.documents, clock=lambda: at),
        couriers=Couriers(),
        counters=Counters(services.documents),
        clock=lambda: at,
        retention_days=lambda _: 395,
        pacing=Pacing(services.documents),
        called_off=CalledOff(runs, clock=lambda: at),
    )
    services.serving.current(SCOPE)
    return parts, index

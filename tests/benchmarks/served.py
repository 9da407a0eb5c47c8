"""Measurements over HTTP: first launches, configs, and the two bare peers, in one run.

What is compared is measured in turns (peer, ours, peer, ours, …), so that a change of the machine's
other load falls on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Final

import orjson
from tests.benchmarks.client import Clients, Connection, Script, Tally
from tests.benchmarks.figures import Bound, Figure, HttpFigure, SingleFigure, Spread
from tests.benchmarks.scripts import (
    ACQUISITIONS,
    ChangedConfigs,
    FirstLaunches,
    Hello,
    UnchangedConfigs,
)
from tests.benchmarks.seeding import Seeded
from tests.benchmarks.server import Memory, Served, serving_herenow, serving_peer

MANY: Final = 4
"""Clients at once in the figures that are bounded."""
LARGE: Final = 100_000
_FAILED: Final = 400
_THREADS: Final = (1, 2, 4)
_TURNS: Final = 3
_COMPARED: Final = 2
"""What is compared is measured so many times as long."""
_SERVER_TIME: Final = Bound("≤", 10, "ms")
_HALF_OF_FLASK: Final = Bound("≥", 0.5, "× Flask")
_RESIDENT: Final = Bound("≤", 300, "MB")
_KINDS: Final = tuple(ACQUISITIONS)
_SEEDS: Final = count(1)
"""One for each client ever made, so that no two launches are of one installation."""


Scripts = Callable[[], Sequence[Script]]
"""Makes what the clients play in one turn; each turn plays it anew."""
Play = tuple[str, Served, Scripts]
"""A figure's name, the server asked, and what it is asked."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The means of measuring: client processes, and seconds per figure."""

    clients: Clients
    seconds: float

    def run(self, server: Served, scripts: Sequence[Script], share: float = 1.0) -> tuple[Tally, float]:
        """What the clients saw, and the worker's CPU seconds. Raises ``RuntimeError`` for failed requests."""
        before = server.cpu_s()
        tally = self.clients.run(server.port, scripts, self.seconds * share)
        if max(tally.statuses) >= _FAILED:
            raise RuntimeError(f"answers by status: {dict(tally.statuses)}; errors are not worth measuring")
        return tally, server.cpu_s() - before


def launches(seeded: Seeded, measure: Measure) -> Iterator[Figure]:
    """First launches by kind, for one client and for many; answers' size; the worker's memory."""
    with serving_herenow(seeded.settings) as server:
        started = server.memory()
        _warm(server, seeded.key)
        opened = server.memory()
        for clients in (1, MANY):
            for kind in _KINDS:
                yield _launches(server, seeded, measure, kind, clients)
        yield from _residence(seeded.items, started, opened, server.memory())


def threads(seeded: Seeded, measure: Measure) -> Iterator[Figure]:
    """The same launches by the number of the worker's threads."""
    with ExitStack() as running:
        plays: list[Play] = []
        for number in _THREADS:
            settings = replace(seeded.settings, threads=number)
            server = running.enter_context(serving_herenow(settings))
            _warm(server, seeded.key)
            name = f"first launch, search, {seeded.items:,} items, threads: {number}"
            plays.append((name, server, partial(_searches, seeded.key)))
        yield from _in_turns(measure, plays)


def configs(seeded: Seeded, measure: Measure) -> Iterator[Figure]:
    """Configs changed and unchanged beside a bare Flask and a bare WSGI application."""
    with (
        serving_herenow(seeded.settings) as ours,
        serving_peer("flask_hello") as flask,
        serving_peer("wsgi_hello") as wsgi,
    ):
        _warm(ours, seeded.key)
        plays: list[Play] = [
            ("bare WSGI hello", wsgi, _hellos),
            ("bare Flask hello", flask, _hellos),
            (f"config 304, {seeded.items:,} items", ours, _tokened(ours, seeded.key, UnchangedConfigs)),
            (f"config 200, {seeded.items:,} items", ours, _tokened(ours, seeded.key, ChangedConfigs)),
        ]
        figures = _in_turns(measure, plays)
    yield from figures
    hello, unchanged = figures[1], figures[2]
    ratio = unchanged.per_second / hello.per_second
    yield SingleFigure("config 304 rate / Flask hello rate", ratio, "× Flask", _HALF_OF_FLASK)
    yield SingleFigure("config 304 CPU / Flask hello CPU", unchanged.cpu_ms / hello.cpu_ms, "×")


def _launches(server: Served, seeded: Seeded, measure: Measure, kind: str, clients: int) -> HttpFigure:
    scripts = [FirstLaunches(seeded.key, kind, seed=next(_SEEDS)) for _ in range(clients)]
    tally, cpu_s = measure.run(server, scripts)
    bounded = seeded.items == LARGE and clients == MANY
    name = f"first launch, {kind}, {seeded.items:,} items"
    return figure_of(name, clients, tally, cpu_s, bound=_SERVER_TIME if bounded else None)


def _in_turns(measure: Measure, plays: Sequence[Play]) -> list[HttpFigure]:
    tallies = [Tally() for _ in plays]
    seconds, cpu = [0.0] * len(plays), [0.0] * len(plays)
    for _ in range(_TURNS):
        for at, (_, server, scripts) in enumerate(plays):
            tally, cpu_s = measure.run(server, scripts(), _COMPARED / _TURNS)
            tallies[at].add(tally)
            seconds[at] += tally.elapsed_s
            cpu[at] += cpu_s
    for tally, elapsed in zip(tallies, seconds, strict=True):
        tally.elapsed_s = elapsed
    return [
        figure_of(name, MANY, tally, cpu_s)
        for (name, _, _), tally, cpu_s in zip(plays, tallies, cpu, strict=True)
    ]


def figure_of(
    name: str, clients: int, tally: Tally, cpu_s: float, *, bound: Bound | None = None
) -> HttpFigure:
    """What clients saw, with the CPU seconds of the workers."""
    requests = len(tally.latencies_s)
    server = Spread.of(tally.server_ms) if tally.server_ms else None
    return HttpFigure(
        name=name,
        clients=clients,
        requests=requests,
        per_second=tally.per_second,
        client=Spread.of([each * 1000 for each in tally.latencies_s]),
        server=server,
        body_kb=tally.body_bytes / requests / 1000,
        cpu_ms=cpu_s * 1000 / requests,
        statuses=dict(sorted(tally.statuses.items())),
        bound=bound,
        bounded=server.p95 if server else 0.0,
    )


def _residence(items: int, started: Memory, opened: Memory, loaded: Memory) -> Iterator[Figure]:
    for moment, memory in (("started", started), ("catalogue open", opened), ("after load", loaded)):
        bound = _RESIDENT if moment == "after load" and items == LARGE else None
        yield SingleFigure(f"worker memory, {items:,} items, {moment}: RSS", memory.rss, "MB", bound)
        yield SingleFigure(f"worker memory, {items:,} items, {moment}: PSS", memory.pss, "MB")
        yield SingleFigure(f"worker memory, {items:,} items, {moment}: USS", memory.uss, "MB")


def _warm(server: Served, key: str) -> None:
    """Open the catalogue and every thread's connection to the store."""
    with Connection(server.port) as connection:
        for kind in _KINDS:
            script = FirstLaunches(key, kind, seed=next(_SEEDS))
            for _ in range(8):
                connection.ask(script.request())


def _hellos() -> list[Script]:
    return [Hello() for _ in range(MANY)]


def _searches(key: str) -> list[Script]:
    return [FirstLaunches(key, "search", seed=next(_SEEDS)) for _ in range(MANY)]


def _tokened(server: Served, key: str, script: Callable[[str], Script]) -> Scripts:
    """A script for each client, with an installation of its own that launched after a search."""
    launches = FirstLaunches(key, "search", seed=next(_SEEDS))
    with Connection(server.port) as connection:
        tokens = [_token(connection, launches) for _ in range(MANY)]
    return lambda: [script(token) for token in tokens]


def _token(connection: Connection, launches: FirstLaunches) -> str:
    request = launches.request().replace(b"Accept-Encoding: gzip\r\n", b"")
    answer = orjson.loads(connection.ask(request).body)
    return str(answer["installation"]["token"])

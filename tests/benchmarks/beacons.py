"""Beacons over HTTP: batches of 50, durable before they are answered, from 8 clients, by number of workers.

Each client tells for several phones in turn, numbers their beacons and never repeats one, so every batch is
judged, appended, flushed (``synchronous=FULL``) and marked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from tests.benchmarks.client import Connection, Response
from tests.benchmarks.figures import Bound, Figure, SingleFigure
from tests.benchmarks.scripts import CONTEXT, post
from tests.benchmarks.seeding import Seeded
from tests.benchmarks.served import Measure, figure_of
from tests.benchmarks.server import serving_herenow

from herenow.clock import iso_utc

CLIENTS: Final = 8
BATCH: Final = 50

_PHONES: Final = 4
"""Of each client."""
_WORKERS: Final = (1, 2)
_RATE: Final = Bound("≥", 5_000, "events/s")
_LATENCY: Final = Bound("≤", 100, "ms")
_GRANTED: Final = {"analytics": "granted", "personalization": "granted", "location": "granted"}
_PROPERTIES: Final = {"item": "item-000041", "placement": "home_feed", "position": 3}


@dataclass
class BeaconBatches:
    """Batches of new taps by the phones of some tokens, in turn."""

    tokens: list[str]
    sent: int = 0
    _ids: int = field(default_factory=lambda: uuid4().int)

    def request(self, _last: Response | None) -> bytes:
        """The next phone's next batch."""
        turn, phone = divmod(self.sent, len(self.tokens))
        self.sent += 1
        at = iso_utc(int(time.time()))
        beacons = [self._beacon(turn * BATCH + number, at) for number in range(1, BATCH + 1)]
        headers = {"Authorization": f"Bearer {self.tokens[phone]}"}
        return post("/v1/beacons", {"sent_at": at, "beacons": beacons}, headers)

    def _beacon(self, seq: int, at: str) -> dict[str, Any]:
        self._ids = (self._ids + 1) % (1 << 128)
        tap = {"type": "behavior", "name": "item_tap", "at": at, "properties": _PROPERTIES}
        return {"id": str(UUID(int=self._ids)), "seq": seq, **tap}


def beacons(seeded: Seeded, measure: Measure) -> Iterator[Figure]:
    """Events a second and what clients waited."""
    for workers in _WORKERS:
        settings = replace(seeded.settings, workers=workers, beacons_per_minute=10**9)
        with serving_herenow(settings) as server:
            scripts = [BeaconBatches(_launched(server.port, seeded.key)) for _ in range(CLIENTS)]
            tally, cpu_s = measure.run(server, scripts)
        name = f"beacons, batches of {BATCH}, workers: {workers}, synchronous=FULL"
        figure = figure_of(name, CLIENTS, tally, cpu_s)
        yield figure
        bounded = workers == max(_WORKERS)
        yield SingleFigure(
            f"{name}: events", figure.per_second * BATCH, "events/s", _RATE if bounded else None
        )
        yield SingleFigure(f"{name}: p99", figure.client.p99, "ms", _LATENCY if bounded else None)


def _launched(port: int, key: str) -> list[str]:
    """Tokens of new phones whose people allow everything."""
    with Connection(port) as connection:
        return [_token(connection, key) for _ in range(_PHONES)]


def _token(connection: Connection, key: str) -> str:
    body = {
        "installation_id": str(uuid4()),
        "installation_secret": "c2FtcGxlLW9ubHktbmV2ZXItYS1yZWFsLXNlY3JldCE",
        "context": CONTEXT,
        "consent": _GRANTED,
    }
    request = post("/v1/installations", body, {"X-Herenow-Key": key})
    answer = connection.ask(request.replace(b"Accept-Encoding: gzip\r\n", b""))
    return str(orjson.loads(answer.body)["installation"]["token"])

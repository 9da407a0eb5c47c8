"""Clients that cost little: one process each, one kept-alive raw socket, no HTTP library.

The server's worker and the clients share the machine's cores, so a client must not be what is measured:
it sends bytes made beforehand and looks for two header lines in what comes back. Each client waits for
an answer before it asks again (closed loop).
"""

from __future__ import annotations

import multiprocessing
import re
import socket
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

from tests.benchmarks.server import HOST

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_TIMING = re.compile(rb"\r\nserver-timing: app;dur=([\d.]+)", re.IGNORECASE)
_ETAG = re.compile(rb"\r\netag: (\"[^\"]+\")", re.IGNORECASE)
_CHUNK: Final = 65_536
_READY_S: Final = 0.1
"""All clients begin at one instant, so far ahead that every process is there."""


@dataclass(frozen=True, slots=True)
class Response:
    """The head of an answer, and how many bytes its body had on the wire."""

    status: int
    head: bytes
    body: bytes

    @property
    def etag(self) -> bytes:
        """The validator, empty when there is none."""
        found = _ETAG.search(self.head)
        return found[1] if found else b""


class Script(Protocol):
    """What one client sends: the next request in full, given the answer before (none at first)."""

    def request(self, last: Response | None) -> bytes:
        """The bytes of the next request."""


@dataclass(slots=True)
class Tally:
    """What clients saw: seconds per request, the server's own milliseconds, sizes, statuses."""

    latencies_s: list[float] = field(default_factory=list)
    server_ms: list[float] = field(default_factory=list)
    body_bytes: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    elapsed_s: float = 0.0
    client_cpu_s: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in what another client saw in the same time."""
        self.latencies_s += other.latencies_s
        self.server_ms += other.server_ms
        self.body_bytes += other.body_bytes
        self.statuses += other.statuses
        self.elapsed_s = max(self.elapsed_s, other.elapsed_s)
        self.client_cpu_s += other.client_cpu_s

    @property
    def per_second(self) -> float:
        """Requests answered per second by all clients together."""
        return len(self.latencies_s) / self.elapsed_s


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> Response:
        """Send one request and read its whole answer."""
        self._socket.sendall(request)
        received = self._socket.recv(_CHUNK)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end]
        found = _LENGTH.search(head)
        missing = (int(found[1]) if found else 0) - (len(received) - end - 4)
        while missing > 0:
            more = self._more()
            received += more
            missing -= len(more)
        return Response(int(head[9:12]), head, received[end + 4 :])

    def _more(self) -> bytes:
        received = self._socket.recv(_CHUNK)
        if not received:
            raise ConnectionError("the server closed the connection within an answer")
        return received


class Clients:
    """Client processes, kept between measurements so that starting them is never measured."""

    def __init__(self, most: int) -> None:
        self._pool = ProcessPoolExecutor(most, mp_context=multiprocessing.get_context("spawn"))
        self.run(0, [None] * most, 0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def run(self, port: int, scripts: Sequence[Script | None], seconds: float) -> Tally:
        """Play each script in a process of its own, all at once, for ``seconds``."""
        begin = time.monotonic() + _READY_S
        played = [self._pool.submit(_play, port, script, begin, seconds) for script in scripts]
        total = Tally()
        for each in played:
            total.add(each.result())
        return total


def _play(port: int, script: Script | None, begin: float, seconds: float) -> Tally:
    tally = Tally()
    time.sleep(max(begin - time.monotonic(), 0))
    if script is None:
        return tally
    with Connection(port) as connection:
        cpu, started = time.process_time(), time.perf_counter()
        _ask_until(connection, script, tally, started + seconds)
        tally.elapsed_s = time.perf_counter() - started
        tally.client_cpu_s = time.process_time() - cpu
    return tally


def _ask_until(connection: Connection, script: Script, tally: Tally, end: float) -> None:
    last = None
    while time.perf_counter() < end:
        request = script.request(last)
        asked = time.perf_counter()
        last = connection.ask(request)
        tally.latencies_s.append(time.perf_counter() - asked)
        tally.statuses[last.status] += 1
        tally.body_bytes += len(last.body)
        if timing := _TIMING.search(last.head):
            tally.server_ms.append(float(timing[1]))

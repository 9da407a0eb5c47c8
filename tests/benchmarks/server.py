"""Servers with one worker on a free port of the loopback: ``herenow serve``, and Granian alone for peers.

Both are Granian with the same settings, by default those of the product. ``Served`` knows the worker's
process: its CPU time and its resident memory are read from ``/proc``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from herenow.settings import Settings, environment_of

ROOT: Final = Path(__file__).parents[2]
WORKERS: Final = 1
THREADS: Final = Settings().threads
"""Threads of the worker, unless a figure says otherwise."""
HOST: Final = "127.0.0.1"
_START_S: Final = 30
_STOP_S: Final = 10
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KIB_IN_MB: Final = 1000 * 1000 / 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """A process's resident memory in MB (10^6 bytes).

    ``rss`` counts shared pages whole, ``pss`` by share, ``uss`` not at all; mapped catalogues are shared
    between the workers of a machine.
    """

    rss: float
    pss: float
    uss: float


@dataclass(frozen=True, slots=True)
class Served:
    """A running server; ``worker`` is the child that serves, or the largest of several."""

    port: int
    worker: int
    children: tuple[int, ...]

    def cpu_s(self) -> float:
        """CPU seconds that all workers have used so far."""
        return sum(map(_cpu_s, self.children))

    def memory(self) -> Memory:
        """What the worker holds now."""
        lines = Path(f"/proc/{self.worker}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        kib = {name.rstrip(":"): int(size) for name, size, *_ in map(str.split, lines)}
        own = kib["Private_Clean"] + kib["Private_Dirty"]
        return Memory(kib["Rss"] / _KIB_IN_MB, kib["Pss"] / _KIB_IN_MB, own / _KIB_IN_MB)


@contextmanager
def serving_herenow(settings: Settings) -> Iterator[Served]:
    """Run ``herenow serve`` until the block ends. Raises ``RuntimeError`` if it does not start."""
    port = _free_port()
    command = [*(sys.executable, "-m", "herenow", "serve"), *("--host", HOST), *("--port", str(port))]
    with _running(command, port, environment_of(settings)) as served:
        yield served


@contextmanager
def serving_peer(factory: str) -> Iterator[Served]:
    """Serve a factory of ``peers`` until the block ends. Raises ``RuntimeError`` if it does not start."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--http", "1", "--no-ws"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
        *("--host", HOST, "--port", str(port), f"tests.benchmarks.peers:{factory}"),
    ]
    with _running(command, port, {}) as served:
        yield served


@contextmanager
def _running(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[Served]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # one log line a request: written, but a terminal's speed is not ours
    )
    try:
        _wait_for(process, port)
        children = _children_of(process.pid)
        yield Served(port, max(children, key=_resident), children)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + _START_S
    while time.monotonic() < ends and process.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=_START_S) as probe:
                probe.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if probe.recv(16).startswith(b"HTTP/1.1"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _children_of(parent: int) -> tuple[int, ...]:
    """The workers, and what tracks their resources, which takes no time."""
    return tuple(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()))


def _cpu_s(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])

"""A real server beside the demo: ``herenow serve`` in a process of its own, and its end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from herenow.cli.serve import require_free
from herenow.errors import Conflict, Unavailable
from herenow.settings import Settings, environment_of

STARTS_WITHIN_S: Final = 60.0
STOPS_WITHIN_S: Final = 30.0
LOG_FILE: Final = "server.log"
_LOOK_EVERY_S: Final = 0.1


def free_port(host: str, wanted: int) -> int:
    """``wanted`` when it is free, else one the system chooses."""
    try:
        require_free(host, wanted)
    except Conflict:
        with socket.socket() as chosen:
            chosen.bind((host, 0))
            port: int = chosen.getsockname()[1]
            return port
    return wanted


@contextmanager
def running(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A server with these settings, ready when entered, gone when left; it logs into the data folder.

    Raises ``Unavailable`` with the end of its log when it does not come up.
    """
    log = settings.data_dir / LOG_FILE
    with log.open("ab") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "herenow", "serve"],
            env={**os.environ, **environment_of(settings)},
            stdout=lines,
            stderr=lines,
        )
    try:
        _await_ready(process, f"http://{settings.host}:{settings.port}/readyz", log)
        yield process
    finally:
        _stop(process)


def _await_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(_LOOK_EVERY_S)
    raise Unavailable("the server did not start", code="NOT_STARTED", detail=_end_of(log))


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_of(log: Path, lines: int = 15) -> str:
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n  ".join(["Its log ends so:", *text.splitlines()[-lines:]])

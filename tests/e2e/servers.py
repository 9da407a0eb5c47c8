"""herenow as an operator runs it: ``herenow serve`` and the command line, in processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

STARTS_WITHIN_S = 45.0
STOPS_WITHIN_S = 20.0
HERENOW = (sys.executable, "-m", "herenow")


def herenow(*arguments: str | Path, expect: int = 0, **variables: str) -> str:
    """What a command printed; it must end with the exit code ``expect``."""
    done = subprocess.run(
        [*HERENOW, *map(str, arguments)],
        env=_environment(variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout if expect == 0 else done.stdout + done.stderr


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


class Server:
    """One ``herenow serve`` over a data folder; it keeps its port when it is started again."""

    def __init__(self, data_dir: Path, *, program: tuple[str, ...] = HERENOW, **settings: Any) -> None:
        self.port = free_port()
        self.log = data_dir.with_name(f"server-{self.port}.log")
        chosen = {"data_dir": data_dir, "port": self.port, "installations_per_minute": 10**6, **settings}
        self._variables = {f"HERENOW_{name.upper()}": str(value) for name, value in chosen.items()}
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process that the operator started."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> Server:
        """Start it and wait until it says that it is ready."""
        self.launch()
        assert until(self.is_ready, STARTS_WITHIN_S), self.log.read_text()[-3000:]
        return self

    def launch(self) -> None:
        """Start it, without waiting for it."""
        with self.log.open("ab") as lines:
            self._process = subprocess.Popen(
                [*self._program, "serve"],
                env=_environment(self._variables),
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        """Whether ``/readyz`` answers 200."""
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False, timeout=5).is_success
        except httpx.TransportError:
            return False

    def workers(self) -> set[int]:
        """The processes that answer requests, as the server's log names them, newest last."""
        spawned = [line for line in self.log.read_text().splitlines() if "Spawning worker" in line]
        named = (int(line.split("PID: ")[1].split('"')[0]) for line in spawned)
        return {pid for pid in named if _alive(pid)}

    def kill(self) -> None:
        """``kill -9`` of the server and its workers at once, as a crashed machine would."""
        if self._process is not None:
            with suppress(ProcessLookupError):  # all of it may have gone already
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(STOPS_WITHIN_S)

    def terminate(self) -> None:
        """SIGTERM, as a deployment sends it; does not wait."""
        assert self._process is not None
        self._process.terminate()

    def wait(self) -> int:
        """The exit code once the server has ended."""
        assert self._process is not None
        return self._process.wait(STOPS_WITHIN_S)


def until(holds: Any, within_s: float, every_s: float = 0.05) -> bool:
    """Whether ``holds()`` becomes true in time."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _environment(variables: dict[str, str]) -> dict[str, str]:
    """This process's environment without settings of herenow, and ``variables``."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HERENOW_")}
    return {**inherited, **variables}

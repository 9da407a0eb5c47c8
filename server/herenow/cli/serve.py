"""``herenow serve``: the HTTP server, on Granian.

The command's process only listens and supervises. Workers are fresh processes (spawned, not forked: no
lock or connection is shared by accident), build themselves from the environment (``herenow.rsgi``) and
are replaced when they die. SIGTERM and SIGINT close the port and let requests in flight finish.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from herenow.errors import Conflict, Unavailable
from herenow.logs import server_log_config
from herenow.settings import Settings, environment_of, load_settings

APPLICATION: Final = "herenow.rsgi:create"
_METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_HEADERS_WITHIN_MS: Final = 10_000
"""How long a client may take over its headers before the connection is closed."""
_MAX_HEADER_BYTES: Final = 64 * 1024


@click.command
@click.option("--host", help="Address to listen on; 0.0.0.0 for every interface.  [127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on.  [8080]")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes.  [1]")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of each, for long work.  [4]")
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder of the stores.  [.herenow]"
)
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="[info]")
def serve(
    host: str | None,
    port: int | None,
    workers: int | None,
    threads: int | None,
    data_dir: Path | None,
    log_level: str | None,
) -> None:
    """Serve apps, devices and admins over HTTP.

    Logs are JSON lines on standard error. SIGTERM or Ctrl-C stops gracefully. Every setting can come
    from a HERENOW_… variable; an option wins.

    \b
    herenow serve
    herenow serve --host 0.0.0.0 --port 80 --workers 4

    Exit codes: 0 stopped when asked to, 1 could not start, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    settings = load_settings(
        os.environ,
        host=host,
        port=port,
        workers=workers,
        threads=threads,
        data_dir=data_dir,
        log_level=log_level,
    )
    require_free(settings.host, settings.port)
    with _metrics_folder(settings):
        run(settings)


def require_free(host: str, port: int) -> None:
    """Check that nothing else has the port. Raises ``Conflict`` (PORT_TAKEN), ``Unavailable``.

    Asked beforehand because the server shares its port among workers: the system would let it share
    with a stranger too, and each would get some of the requests.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Conflict(
                    f"port {port} of {host} is taken",
                    code="PORT_TAKEN",
                    detail=f"Stop what listens there, or choose another:  herenow serve --port {port + 1}",
                ) from error
            raise Unavailable(
                f"cannot listen on {host}:{port} ({error.strerror})", code="CANNOT_LISTEN"
            ) from error


def run(settings: Settings) -> None:
    """Serve until asked to stop. Workers get ``settings`` through this process's environment."""
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - the help needs no server
    from granian.http import HTTP1Settings  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above
    from granian.server import Server  # noqa: PLC0415 - as above

    os.environ.update(environment_of(settings))
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        APPLICATION,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        factory=True,
        workers=settings.workers,
        backlog=settings.backlog,
        backpressure=settings.backlog + settings.max_streams,
        websockets=False,
        http1_settings=HTTP1Settings(
            header_read_timeout=_HEADERS_WITHIN_MS, max_buffer_size=_MAX_HEADER_BYTES
        ),
        respawn_failed_workers=True,
        workers_kill_timeout=settings.request_timeout_s,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=server_log_config(),
    )
    server.serve()


@contextmanager
def _metrics_folder(settings: Settings) -> Iterator[None]:
    """With several workers, a fresh folder in which they share their figures."""
    if settings.workers == 1:
        yield
        return
    folder = tempfile.mkdtemp(prefix="herenow-metrics-")
    os.environ[_METRICS_FOLDER] = folder
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)

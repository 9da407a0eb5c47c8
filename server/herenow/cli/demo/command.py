"""The command: seed, serve, play, tell, and stay until Ctrl-C."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from typing import Final

import click
import httpx

from herenow.bootstrap import build_services
from herenow.cli.demo.playing import first_install, parse_ms, play, searched_text, without_search
from herenow.cli.demo.running import free_port, running
from herenow.cli.demo.seeding import Seeded, seed
from herenow.cli.demo.telling import Story, next_steps, told
from herenow.resources import example
from herenow.settings import Settings, load_settings

EXAMPLE: Final = "bites"
_HOST: Final = "127.0.0.1"


@click.command
@click.option("--once", is_flag=True, help="Stop after the first launch.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Port of the server; a free one when taken.  [8080]"
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the data here; else a temporary folder is used.",
)
def demo(*, once: bool, port: int | None, data_dir: Path | None) -> None:
    """See a phone's first launch, made for the search that led to it.

    Publishes an example app into a store of its own, starts the server, plays the first launch of a
    phone whose Play install referrer carries a search, and prints what the phone got and why. Then it
    serves until Ctrl-C.

    \b
    herenow demo
    herenow demo --once
    herenow demo --data-dir my-demo --port 9000

    Exit codes: 0 played, 1 could not be played, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    # However it ends, the server ends too; also where a shell started it with Ctrl-C ignored.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, signal.default_int_handler)
    folder = example(EXAMPLE)
    with _data_folder(data_dir) as data:
        settings = _settings(data, port)
        click.secho("  Preparing: publishing an example app, starting a server …", dim=True, err=True)
        seeded, parse_time = _prepare(settings, folder)
        with running(settings) as server:
            _play_and_tell(settings, seeded, folder, parse_time)
            if once:
                click.echo("\n  Without --once it stays, with calls to try and an address for an emulator.")
            else:
                _serve_on(server, settings, seeded)


def _settings(data: Path, port: int | None) -> Settings:
    settings = load_settings(os.environ, data_dir=data, host=_HOST, port=port)
    return replace(
        settings, port=free_port(_HOST, settings.port), workers=1, documents="sqlite", log_level="info"
    )


def _prepare(settings: Settings, folder: Path) -> tuple[Seeded, float | None]:
    """Fill the store; and, with everything at hand, time how long understanding the search takes."""
    services = build_services(settings)
    try:
        seeded = seed(services, folder)
        text = searched_text(first_install(folder))
        serving = services.serving.current(seeded.scope)
        return seeded, parse_ms(text, serving) if text else None
    finally:
        services.close()


def _play_and_tell(settings: Settings, seeded: Seeded, folder: Path, parse_time: float | None) -> None:
    base_url = f"http://{settings.host}:{settings.port}"
    install = first_install(folder)
    with httpx.Client(base_url=base_url, trust_env=False, timeout=settings.request_timeout_s) as http:
        play(
            http, seeded.publishable_key, without_search(install)
        )  # a worker loads the app on its first call
        launch = play(http, seeded.publishable_key, install)
    click.echo()
    story = Story(_name(seeded), searched_text(install), parse_time, launch, seeded.app["placements"][0])
    for line in told(story):
        click.echo(line)


def _serve_on(server: Popen[bytes], settings: Settings, seeded: Seeded) -> None:
    click.echo()
    for line in next_steps(settings.host, settings.port, seeded.publishable_key, _name(seeded)):
        click.echo(line)
    click.echo()
    click.secho("  Serving until Ctrl-C.", bold=True)
    try:
        server.wait()
    except KeyboardInterrupt:
        click.echo("\n  Stopped.")


def _name(seeded: Seeded) -> str:
    return str(seeded.app.get("name", seeded.scope.app))


@contextmanager
def _data_folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="herenow-demo-") as folder:
        yield Path(folder)

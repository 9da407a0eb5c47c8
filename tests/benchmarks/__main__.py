"""``python -m tests.benchmarks [--quick] [--json FILE]``: measure, print, exit 0 whatever the figures say."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import orjson
import structlog
from tests.benchmarks import inside, learned, served
from tests.benchmarks.beacons import CLIENTS, beacons
from tests.benchmarks.client import Clients
from tests.benchmarks.crowd import crowd
from tests.benchmarks.evaluators import evaluators
from tests.benchmarks.fences import FENCES, QUICK_FENCES, fences
from tests.benchmarks.figures import Figure
from tests.benchmarks.messages import messages
from tests.benchmarks.report import Run, rendered, settings_of_run
from tests.benchmarks.seeding import seed

SIZES: Final = (1_000, 10_000, 100_000)
QUICK_SIZES: Final = (1_000, 100_000)
_SECONDS, _QUICK_SECONDS = 4.0, 0.5
_DUE, _QUICK_DUE = 20_000, 2_000
"""People for whom something is due at once."""
_INSIDE_SHARE: Final = 0.25
"""Of the seconds a figure gets over HTTP, calls within the process need this part."""


@click.command()
@click.option("--quick", is_flag=True, help="Two sizes and short measurements: under a minute.")
@click.option(
    "--messages",
    "people",
    type=click.IntRange(100, 1_000_000),
    help="Messages alone, with so many people due at once and one mass send to as many.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write every figure there too.")
def main(*, quick: bool, people: int | None, json_file: Path | None) -> None:
    """Measure herenow beside a bare Flask and a bare WSGI application on this machine."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    sizes = QUICK_SIZES if quick else SIZES
    seconds = _QUICK_SECONDS if quick else _SECONDS
    settings = settings_of_run(seconds, sizes)
    with tempfile.TemporaryDirectory(prefix="herenow-bench-") as folder:
        if people is None:
            figures = _measured(Path(folder), sizes, seconds)
        else:
            figures = _messages(Path(folder), seconds, people)
        run = Run(settings, tuple(figures))
    click.echo(rendered(run))
    if json_file is not None:
        json_file.write_bytes(
            orjson.dumps(run.as_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
        )


def _measured(folder: Path, sizes: tuple[int, ...], seconds: float) -> Iterator[Figure]:
    inside_s = seconds * _INSIDE_SHARE
    yield from evaluators(inside_s)
    yield from learned.learning()
    yield from learned.knowing(inside_s)
    count = FENCES if seconds == _SECONDS else QUICK_FENCES
    _tell(f"{count:,} fences")
    yield from fences(folder, count, inside_s)
    with Clients(CLIENTS) as clients:
        measure = served.Measure(clients, seconds)
        for size in sizes:
            _tell(f"{size:,} items: importing, in process")
            seeded = seed(folder / str(size), size)
            yield from inside.catalogue(seeded)
            yield from inside.ordering(seeded, inside_s)
            _tell(f"{size:,} items: first launches")
            yield from served.launches(seeded, measure)
        yield from served.threads(seeded, measure)
        yield from inside.intents(seeded, inside_s)
        _tell("configs and peers")
        yield from served.configs(seeded, measure)
        _tell("beacons")
        yield from beacons(seeded, measure)
    yield from _messages(folder, seconds, _DUE if seconds == _SECONDS else _QUICK_DUE)


def _messages(folder: Path, seconds: float, people: int) -> Iterator[Figure]:
    _tell(f"messages, {people:,} people")
    yield from messages(folder / "messages", seconds * _INSIDE_SHARE)
    yield from crowd(folder, people)


def _tell(doing: str) -> None:
    if sys.stderr.isatty():
        click.echo(doing, err=True)


if __name__ == "__main__":
    main()

"""The command: put up the stage, let people live, look into what was kept and learned, tell."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Final

import click

from herenow.beacons.marks import log_partition
from herenow.cli.output import count
from herenow.cli.simulate.gathering import gathered
from herenow.cli.simulate.ledger import ledger_of
from herenow.cli.simulate.staging import Stage, staged
from herenow.cli.simulate.telling import Checked, told
from herenow.cli.simulate.timelines import stories, three, winning
from herenow.cli.simulate.witness import known_of
from herenow.resources import example
from herenow.settings import load_settings
from herenow.simulation.auditing import audit
from herenow.simulation.checking import check_all
from herenow.simulation.comparing import Judged, judge
from herenow.simulation.days import World
from herenow.simulation.people import populate

EXAMPLE: Final = "bites"
_WORKER: Final = "simulation"
_CALLED_AT_ONCE: Final = 5_000


@click.command
@click.option(
    "--app",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the app they live on; the example app when left out.",
)
@click.option(
    "--people", type=click.IntRange(1, 10_000), default=300, show_default=True, help="How many people."
)
@click.option(
    "--days", type=click.IntRange(1, 90), default=21, show_default=True, help="How many days they live."
)
@click.option(
    "--seed",
    "chance",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    help="Another seed makes other people; the same one the same report.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default="-",
    help="Write the report into this file.  [standard output]",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the data here, to look into with other commands; else it is gone afterwards.",
)
def simulate(
    *, folder: Path | None, people: int, days: int, chance: int, report: Path, keep: Path | None
) -> None:
    """Let made-up people live on an app in fast motion, and see what is learned of them.

    Publishes the app into a store of its own, then plays everybody's phone against the real server, day
    after day by a clock that is moved: launches, configs, visits, purchases, fences, erasures. The report
    tells what came of it, and what was learned of three people against what they really are.

    \b
    herenow simulate
    herenow simulate --people 60 --days 7
    herenow simulate --app my-app --report learned.md

    Exit codes: 0 lived, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with (
        _data_folder(keep) as data,
        _stage(data, folder or example(EXAMPLE), chance, kept=keep is not None) as stage,
    ):
        scenery = stage.around.scenery
        world = World.of(stage.around, populate(scenery, people, days, chance), chance)
        for day in range(days):
            _live(stage, world, day, days)
        checked, judged = check(stage, world), judge_all(stage, world, days)
        name = str(stage.seeded.app.get("name", stage.seeded.scope.app))
        ledger, evidence = ledger_of(stage, world), gathered(stage, world)
        three_people = three(stories(stage, world), winning(evidence.campaigns))
        lines = "\n".join(told(name, world, days, chance, checked, judged, ledger, three_people))
    _write(report, lines)


def check(stage: Stage, world: World) -> Checked:
    """Look into what was kept of those who allow little, of those who were erased, and what all were sent."""
    scope, services = stage.seeded.scope, stage.services
    erased = [phone.id for life in world.lives for phone in life.phones if phone.erased]
    left = sum(
        (services.installations.get(scope, each) is not None)
        + len(services.event_log.consume(log_partition(scope, each), 0, limit=1))
        for each in erased
    )
    promises = check_all(gathered(stage, world))
    return Checked(audit(world.phones()), sum(life.erased for life in world.lives), left, promises)


def judge_all(stage: Stage, world: World, days: int) -> list[Judged]:
    """Everybody of whom something may be learned, and who was not erased, at the end of the last day."""
    at = world.midnight(days) - 1
    return [
        judge(
            stage.around.scenery,
            life.person,
            known_of(stage, life, at, world.evidence(life.person.number)),
            days - life.person.arrival.day,
        )
        for life in world.lives
        if life.phones and not life.erased and life.person.allows_learning
    ]


def work(stage: Stage) -> None:
    """What a running ``herenow worker`` does in a turn: messages to many, what is due, offers that ended."""
    scope, services = stage.seeded.scope, stage.services
    services.mass_caller(_WORKER).turn(scope, limit=_CALLED_AT_ONCE)
    services.worker(_WORKER).turn(scope)
    services.promises.sweep(scope)


def _live(stage: Stage, world: World, day: int, days: int) -> None:
    """One day, told on standard error as it passes."""
    before, started = len(world.outcomes), perf_counter()
    world.live(day, lambda: work(stage))
    date = world.date(day).strftime("%a %d %b")
    happened = count(len(world.outcomes) - before, "visit")
    took = perf_counter() - started
    click.secho(f"  day {day + 1:>2} of {days}  {date}  {happened:>12}  {took:.1f} s", dim=True, err=True)


@contextmanager
def _stage(data: Path, folder: Path, chance: int, *, kept: bool) -> Iterator[Stage]:
    settings = load_settings(os.environ, data_dir=data)
    settings = replace(settings, documents="sqlite" if kept else "memory")
    with staged(settings, folder, chance=None if kept else chance) as stage:
        yield stage


@contextmanager
def _data_folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        if any(given.iterdir()):
            raise click.UsageError(f"'{given}' holds something already: --keep needs an empty folder.")
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="herenow-simulate-") as folder:
        yield Path(folder)


def _write(report: Path, lines: str) -> None:
    if str(report) == "-":
        click.echo(lines)
        return
    plain = click.unstyle(lines)
    fenced = report.suffix == ".md"
    report.write_text(f"```text\n{plain}\n```\n" if fenced else plain + "\n", encoding="utf-8")
    click.echo(f"  Written to {report}", err=True)

"""``mass``: messages to many at once, on their way."""

from __future__ import annotations

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import json_option, moment, print_json
from herenow.cli.workspace import Json


@click.group
def mass() -> None:
    """See how far messages to many are, and call them off."""


@mass.command("list")
@json_option
@connected
def list_runs(connection: Connection, *, as_json: bool) -> None:
    """List the runs of mass campaigns with their progress.

    \b
    herenow mass list --app my-app

    Exit codes: 0 listed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.workspace(scope, looking=True) as workspace:
        found = workspace.runs()
    if as_json:
        print_json({"runs": found})
        return
    if not found:
        click.echo(f"No mass campaign of {scope} has run yet. They are begun by:  herenow worker {scope.app}")
    for run in found:
        click.echo(_line(run))
        for line in _messages(run):
            click.echo(f"  {line}")


@mass.command("cancel")
@click.argument("campaign")
@click.argument("occurrence", default="once")
@connected
def cancel(connection: Connection, campaign: str, occurrence: str) -> None:
    """Call a run off: nobody else is called, and nothing of what still waits is sent.

    OCCURRENCE is the local date of a recurring campaign, from `herenow mass list`.

    \b
    herenow mass cancel diwali_sale --app my-app
    herenow mass cancel friday_lunch 2026-11-27 --app my-app

    Exit codes: 0 called off, 1 there is no such run, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.workspace(connection.scope_here()) as workspace:
        run = workspace.cancel_run(campaign, occurrence)
    click.echo(f"Called off after {run['called']:,} messages: {campaign} {occurrence}.")


def _messages(run: Json) -> list[str]:
    """What became of its messages: as many as were triggered, by where they stand."""
    counted = [(run[name], name) for name in ("sent", "uncertain", "waiting")]
    told = [f"{many:,} {name}" for many, name in counted if many]
    lines = [", ".join(told)] if told else []
    for name in ("held", "suppressed"):
        reasons = sorted(run[name].items(), key=lambda each: -each[1])
        if reasons:
            lines.append(f"{name}: {', '.join(f'{many:,} {reason}' for reason, many in reasons)}")
    return lines


def _line(run: Json) -> str:
    reached = f"{run['called']:,} messages for {run['people']:,} installations"
    begun = moment(run["begins"]) if run["begins"] else "at once"
    name = f"{run['campaign']} {run['occurrence']}"
    return f"{name}  {run['state']:<9}  {run['progress']:>4.0%}  {reached}  from {begun}"

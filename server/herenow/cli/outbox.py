"""``outbox``: what would have left, had a provider been there."""

from __future__ import annotations

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import json_option, print_json


@click.command
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="At most so many.")
@json_option
@connected
def outbox(connection: Connection, *, limit: int, as_json: bool) -> None:
    """Show the messages that the local outbox was handed, the latest first; they are kept for a week.

    \b
    herenow outbox --app my-app

    Exit codes: 0 shown, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.workspace(scope, looking=True) as workspace:
        found = workspace.outbox(limit=limit)
    if as_json:
        print_json({"messages": found})
        return
    if not found:
        click.echo(f"The outbox of {scope} is empty.")
    for each in found:
        click.echo(f"{each['number']:>5}  {each['at']}  {each['channel']:<5}  {each['to'][:40]}")
        click.echo(f"       {each['campaign']}: {each['title']}")

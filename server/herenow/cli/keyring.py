"""``keyring``: the server's own keys, which sign manifests and tokens."""

from __future__ import annotations

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import moment


@click.group
def keyring() -> None:
    """Rotate the server's own keys."""


@keyring.command("rotate")
@click.argument("purpose", type=click.Choice(["manifest", "token"]))
@connected
def rotate(connection: Connection, purpose: str) -> None:
    """Announce a new key; it signs when its time has come, and the old one still verifies.

    A manifest key is announced for as long as devices may stay away, so that each has learned it.

    \b
    herenow keyring rotate token

    Exit codes: 0 announced, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.people() as people:
        fresh = people.rotate(purpose)
    click.echo(f"The {purpose} key {fresh['kid']} signs from {moment(fresh['active_at'])}.")

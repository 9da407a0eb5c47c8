"""``events``: the log of what people did."""

from __future__ import annotations

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import count


@click.group
def events() -> None:
    """See to the log of what people did."""


@events.command("expire")
@connected
def expire(connection: Connection) -> None:
    """Forget what is older than the app's policy keeps (privacy.retention_days), on this machine's stores.

    Phones that still tell something are seen to as they do; this is for those that have fallen silent. Run it
    once a day; running it again is safe.

    \b
    herenow events expire --app my-app

    Exit codes: 0 done, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    if connection.server:
        raise click.UsageError(
            "This works on the stores themselves: run it where they are, without --server."
        )
    scope = connection.scope_here()
    with connection.local_services() as services:
        installations, records = services.retention.expire(scope)
    click.echo(f"{count(records, 'record')} of {count(installations, 'installation')} of {scope} forgotten.")

"""``events``: the log of what people did."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import count
from herenow.cli.replaying import replay
from herenow.errors import Unavailable
from herenow.priors.catalogue import facets_in
from herenow.priors.export import DayDone, export, read_day
from herenow.priors.rows import FacetsOf
from herenow.scope import Scope
from herenow.services import Services


@click.group
def events() -> None:
    """See to the log of what people did."""


events.add_command(replay)


@events.command("expire")
@connected
def expire(connection: Connection) -> None:
    """Forget what is older than the app's policy keeps (privacy.retention_days), on this machine's stores.

    Phones and people that still tell something are seen to as they do; this is for who has fallen silent.
    Run it once a day; running it again is safe.

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
    click.echo(f"{count(records, 'record')} of {count(installations, 'log')} of {scope} forgotten.")


class Day(click.ParamType[date]):
    """A day, written 2026-11-22."""

    name = "YYYY-MM-DD"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day. Fails as click does."""
        try:
            return value if isinstance(value, date) else read_day(value)
        except ValueError:
            self.fail(f"'{value}' is not a day such as 2026-11-22", param, ctx)


@events.command("export")
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), required=True, help="Into this folder."
)
@click.option("--from-day", type=Day(), help="The first day, in UTC, by when the beacons came in.")
@click.option("--to-day", type=Day(), help="The last day.")
@connected
def export_events(connection: Connection, to: Path, from_day: date | None, to_day: date | None) -> None:
    """Write the log of this machine's stores as Parquet, one file a day; docs/learning.md has the columns.

    Only days that have changed are written, so running it again goes on where it was interrupted, and takes
    those out who were erased since. Needs herenow[learn].

    \b
    herenow events export --app my-app --to exported

    Exit codes: 0 done, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.local(scope) as workspace:
        services = workspace.services
        known = facets_known(services, scope)
        folder = export(
            services.event_log, scope, to, facets_of=known, first=from_day, last=to_day, told=tell_day
        )
    if not any(folder.glob("day=*/*.parquet")):
        click.echo(f"There is no record of {scope} in these days.", err=True)
    click.echo(f"{scope} is in {folder}.")


def tell_day(done: DayDone) -> None:
    """Say on the error stream what became of a day."""
    what = "as it was" if done.rows is None else count(done.rows, "row")
    click.echo(f"{done.day.isoformat()}  {what}", err=True)


def facets_known(services: Services, scope: Scope) -> FacetsOf:
    """The values of items by the catalogue that is live; nothing while none is."""
    try:
        return facets_in(services.serving.current(scope).catalog)
    except Unavailable:
        return lambda _: {}

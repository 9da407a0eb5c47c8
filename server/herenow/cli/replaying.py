"""``events replay``: learned profiles made again from the log, or held against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import count
from herenow.errors import NotFound
from herenow.profiles.learned.store import Difference
from herenow.profiles.roll import Roll
from herenow.scope import Scope
from herenow.services import Services

_TOLD_EVERY = 1000


@click.command("replay")
@click.option("--installation", "installations", multiple=True, help="Only this one; may be repeated.")
@click.option("--user", "users", multiple=True, help="What your backend told of this user; may be repeated.")
@click.option(
    "--check", is_flag=True, help="Change nothing; exit with 1 when a profile is not what its log says."
)
@connected
def replay(
    connection: Connection, installations: Sequence[str], users: Sequence[str], *, check: bool
) -> None:
    """Learn profiles again from the first record of their logs, on this machine's stores.

    A profile that is as its log says is left alone; one that is not is replaced. Without --installation and
    --user all installations of the app. It may run beside a server, and again.

    \b
    herenow events replay --app my-app --check

    Exit codes: 0 done, 1 could not be or (with --check) something differs, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    if connection.server:
        raise click.UsageError(
            "This works on the stores themselves: run it where they are, without --server."
        )
    scope = connection.scope_here()
    profiles = records = differ = 0
    with connection.local_services() as services:
        for name, found in _replayed(services, scope, installations, users, keep=not check):
            profiles, records, differ = profiles + 1, records + found.records, differ + (not found.same)
            if not found.same:
                click.echo(f"{name}  differs" if check else f"{name}  learned again")
            if profiles % _TOLD_EVERY == 0:
                click.echo(f"{profiles} profiles", err=True)
    what = "differ" if check else "learned again"
    click.echo(f"{count(profiles, 'profile')} of {scope}, {count(records, 'record')}: {differ} {what}.")
    if check and differ:
        raise SystemExit(1)


def _replayed(
    services: Services, scope: Scope, installations: Sequence[str], users: Sequence[str], *, keep: bool
) -> Iterator[tuple[str, Difference]]:
    """Who, and what was found. Raises ``NotFound`` for who was named and is nobody."""
    everybody = not installations and not users
    for each in Roll(services.documents).all(scope) if everybody else installations:
        known = services.installations.get(scope, each)
        if known is not None:
            yield each, services.profiles.replay(scope, known, keep=keep)
        elif not everybody:
            raise NotFound(f"no installation '{each[:64]}' in {scope}")
    for number, user in enumerate(users, 1):
        found = services.profiles.replay_of(scope, services.subjects.of(scope, "proven", user), keep=keep)
        if not found.records and not found.stored:
            raise NotFound(f"your backend told nothing of user {number} in {scope}")
        yield f"user {number}", found

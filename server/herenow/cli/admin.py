"""``admin``: people, their roles, their tokens."""

from __future__ import annotations

from typing import Final

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import json_option, print_json

_ROLES: Final = ["viewer", "editor", "publisher", "owner"]
_HOUR_S: Final = 3600


@click.group
def admin() -> None:
    """Add people, give them roles, make their tokens.

    A role is held at a place: app/environment, app/* or *. Each includes those before it:
    viewer looks, editor makes releases, publisher approves and publishes, owner manages people and keys.
    """


@admin.command("bootstrap")
@click.argument("name")
@connected
def bootstrap(connection: Connection, name: str) -> None:
    """Make NAME the first owner of everything, once, on the server's machine; prints a token.

    \b
    herenow admin bootstrap asha@my-app.example

    Exit codes: 0 made, 1 there is an owner already, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.local_people() as people:
        made = people.bootstrap(name)
    click.echo(f"{name} owns everything. This token is shown once:", err=True)
    _print_token(made["token"], made["expires_in"])


@admin.command("grant")
@click.argument("name")
@click.argument("place")
@click.argument("role", type=click.Choice([*_ROLES, "none"]))
@connected
def grant(connection: Connection, name: str, place: str, role: str) -> None:
    """Give NAME a ROLE at PLACE; `none` takes it away.

    \b
    herenow admin grant ravi@my-app.example my-app/production publisher
    herenow admin grant ravi@my-app.example "my-app/*" none

    Exit codes: 0 changed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.people() as people:
        changed = people.grant(name, place, None if role == "none" else role)
    held = ", ".join(f"{each} in {where}" for where, each in changed["grants"].items())
    click.echo(f"{changed['id']}: {held or 'no role'}.")


@admin.command("list")
@json_option
@connected
def list_admins(connection: Connection, *, as_json: bool) -> None:
    """List people and their roles.

    \b
    herenow admin list

    Exit codes: 0 listed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.people() as people:
        found = people.admins()
    if as_json:
        print_json({"admins": found})
        return
    if not found:
        click.echo("There is nobody yet. Begin with:  herenow admin bootstrap NAME")
    for each in found:
        held = ", ".join(f"{role} in {place}" for place, role in each["grants"].items())
        click.echo(f"{each['id']:<32}  {held or 'no role'}")


@admin.command("token")
@click.argument("name")
@connected
def token(connection: Connection, name: str) -> None:
    """Make a token for NAME to hand over; it goes to standard output alone.

    \b
    export HERENOW_TOKEN=$(herenow admin token asha@my-app.example)

    Exit codes: 0 made, 1 there is no such person, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.people() as people:
        made = people.token(name)
    _print_token(made["token"], made["expires_in"])


def _print_token(text: str, expires_in: int) -> None:
    click.echo(text)
    click.echo(f"It counts for {expires_in // _HOUR_S} hours. Set HERENOW_TOKEN to it.", err=True)

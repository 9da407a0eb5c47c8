"""``keys``: what apps and customers' servers identify themselves with."""

from __future__ import annotations

from pathlib import Path

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import json_option, moment, print_json


@click.group
def keys() -> None:
    """Make, list and revoke the keys of an app and environment."""


@keys.command("create")
@click.option(
    "--kind",
    type=click.Choice(["publishable", "secret", "user_token"]),
    default="publishable",
    show_default=True,
    help="publishable is built into apps; secret stays on servers; user_token signs who users are.",
)
@click.option("--label", default="", help="Where it is used.")
@click.option(
    "--public-key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="PEM of a P-256 key of your backend's; with user_token, in place of a secret.",
)
@connected
def create(connection: Connection, kind: str, label: str, public_key: Path | None) -> None:
    """Make a key and print it. A secret one is shown this once.

    Of a user_token key two lines: its id, which tokens name as kid, and the secret to sign with.

    \b
    herenow keys create --label "Android app" --app my-app
    herenow keys create --kind user_token --public-key backend.pem --app my-app

    Exit codes: 0 made, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    if public_key is not None and kind != "user_token":
        raise click.UsageError("--public-key goes with --kind user_token.")
    scope = connection.scope_here()
    with connection.workspace(scope) as workspace:
        key = workspace.create_key(kind, label, public_key.read_text() if public_key else None)
    click.echo(f"A {kind} key of {scope}:", err=True)
    if kind == "user_token":
        click.echo(key["id"])
    if public_key is None:
        click.echo(key["key"])


@keys.command("list")
@json_option
@connected
def list_keys(connection: Connection, *, as_json: bool) -> None:
    """List the keys, revoked ones included.

    \b
    herenow keys list --app my-app

    Exit codes: 0 listed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.workspace(scope, looking=True) as workspace:
        found = workspace.keys()
    if as_json:
        print_json({"keys": found})
        return
    if not found:
        click.echo(f"There is no key of {scope} yet. Make one:  herenow keys create")
    for key in found:
        ended = f"revoked {moment(key['revoked_at'])}" if key["revoked_at"] is not None else ""
        click.echo(f"{key['id']}  {key['kind']:<11}  {key['key']}  {key['label']}  {ended}".rstrip())


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
@connected
def revoke(connection: Connection, key_id: str) -> None:
    """End a key: the next request that shows it is refused. ID is from `herenow keys list`.

    \b
    herenow keys revoke 5d41402abc4b2a76b9719d911017c592 --app my-app

    Exit codes: 0 revoked, 1 there is no such key, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.workspace(connection.scope_here()) as workspace:
        key = workspace.revoke_key(key_id)
    click.echo(f"The {key['kind']} key {key['id']} counts no longer.")

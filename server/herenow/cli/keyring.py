"""``keyring``: the server's own keys, which sign manifests and tokens."""

from __future__ import annotations

import time

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import json_option, moment, print_json
from herenow.cli.workspace import Json


@click.group
def keyring() -> None:
    """List, rotate and revoke the server's own keys."""


@keyring.command("list")
@json_option
@connected
def list_keys(connection: Connection, *, as_json: bool) -> None:
    """List the server's keys and what each does now; nothing secret is shown.

    \b
    herenow keyring list

    Exit codes: 0 listed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.people() as people:
        found = people.server_keys()
    if as_json:
        print_json(found)
        return
    now = time.time()
    signing = {key["purpose"]: key["kid"] for key in found["keys"] if key["active_at"] <= now}
    for key in found["keys"]:
        standing = "signs" if key["kid"] in signing.values() else _standing(key, now)
        click.echo(f"{key['kid']:<12}  {key['purpose']:<8}  {standing}")
    for key in found["revoked"]:
        click.echo(f"{key['kid']:<12}  manifest  revoked {moment(key['revoked_at'])}")


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


@keyring.command("revoke")
@click.argument("kid", metavar="KID")
@connected
def revoke(connection: Connection, kid: str) -> None:
    """End a manifest key whose secret got out, at once and for ever. KID is from `herenow keyring list`.

    Another key must have been announced before (`herenow keyring rotate manifest`), and it signs from
    now on, also before its time. Devices that have not heard of it yet keep what they have. An id of an
    older release that begins with a dash comes after `--`.

    \b
    herenow keyring revoke 1b9e04d27ac6

    Exit codes: 0 revoked, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.people() as people:
        revoked = people.revoke_server_key(kid)
    click.echo(f"The manifest key {revoked['kid']} is revoked; {revoked['signs']} signs now.")


def _standing(key: Json, now: float) -> str:
    """What a key that does not sign now is good for, for people."""
    if key["active_at"] > now:
        return f"signs from {moment(key['active_at'])}"
    return f"verifies until {moment(key['retire_at'])}"

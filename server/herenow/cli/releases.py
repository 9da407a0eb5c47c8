"""``publish``, ``approve``, ``releases``, ``rollback``: documents go live, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from herenow.authoring.pointer import NO_CATALOG
from herenow.cli.connection import Connection, connected
from herenow.cli.findings import tell_warnings
from herenow.cli.folders import DocumentFolder, read_folder
from herenow.cli.offers import imported
from herenow.cli.output import count, json_option, moment, print_json
from herenow.cli.workspace import Json, Workspace
from herenow.errors import Forbidden, HerenowError


@click.command
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--release", "number", type=click.IntRange(1), metavar="N", help="A release made earlier.")
@click.option("--note", default="", help="Why, for those who approve.")
@connected
def publish(connection: Connection, folder: Path | None, number: int | None, note: str) -> None:
    """Make a release of a folder and serve it.

    The folder is validated, compiled and numbered; the same documents never make two releases. Where the
    policy asks for approvals, the release waits for them and you are told who does what next. Warnings are
    told and stop nothing; codes of pools that lie in the folder are imported, also of a release that waits.

    \b
    herenow publish my-app --note "Lunch title"
    herenow publish --release 42 --app my-app
    herenow publish my-app --env staging

    Exit codes: 0 live, 1 not live (errors in the documents, approvals missing), 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    if (folder is None) == (number is None):
        raise click.UsageError("say what to publish: a FOLDER, or --release N")
    if folder is None:
        with connection.workspace(connection.scope_here()) as workspace:
            _go_live(workspace, number or 0)
        return
    documents = read_folder(folder)
    with connection.workspace(documents.scope(connection.environment, connection.app)) as workspace:
        release, created = workspace.create_release(documents.files, note=note)
        tell_warnings(workspace.validate(documents.files, documents.codes))
        made = "made" if created else "is this very set of documents"
        click.echo(f"Release {release['number']} {made}.")
        try:
            _go_live(workspace, release["number"])
        except HerenowError as error:
            if error.code == "WAITING_FOR_APPROVAL":
                _fill_pools(workspace, documents)
            raise
        _fill_pools(workspace, documents)


@click.command
@click.argument("number", type=click.IntRange(1), metavar="N")
@click.option("--publish", "and_publish", is_flag=True, help="Publish it as well.")
@connected
def approve(connection: Connection, number: int, *, and_publish: bool) -> None:
    """Stand behind release N, which somebody else made.

    \b
    herenow approve 42 --publish
    herenow approve 42 --as ravi

    Exit codes: 0 approved, 1 could not be (you made it, or there is none), 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.workspace(connection.scope_here()) as workspace:
        release = workspace.approve(number)
        names = ", ".join(each["by"] for each in release["approvals"])
        click.echo(f"Release {number} is approved by {names}.")
        if and_publish:
            _go_live(workspace, number)


@click.command
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="How many.")
@json_option
@connected
def releases(connection: Connection, limit: int, *, as_json: bool) -> None:
    """List the releases, newest first; an arrow marks what is live.

    \b
    herenow releases --app my-app

    Exit codes: 0 listed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.workspace(scope, looking=True) as workspace:
        found, live = workspace.releases(limit=limit), workspace.pointer()
    if as_json:
        print_json({"releases": found, "live": live})
        return
    if not found:
        click.echo(f"There is no release of {scope} yet. Make one:  herenow publish FOLDER")
    for line in _table(found, live, scope.environment):
        click.echo(line)


@click.command
@click.option("--to", type=click.IntRange(1), metavar="N", help="A release that was live.  [the one before]")
@connected
def rollback(connection: Connection, to: int | None) -> None:
    """Serve a release again that was live before. It needs no new approval.

    \b
    herenow rollback --app my-app
    herenow rollback --to 40

    Exit codes: 0 live again, 1 no such release was live, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.workspace(connection.scope_here()) as workspace:
        before = workspace.pointer()
        pointer = workspace.rollback(to)
    was = f" in place of {before['release']}" if before else ""
    _tell_live(workspace, pointer, was)


def _go_live(workspace: Workspace, number: int) -> None:
    live = workspace.pointer()
    if live and live["release"] == number:
        click.echo(f"It is live in {workspace.scope} already.")
        return
    try:
        pointer = workspace.publish(number)
    except HerenowError as error:
        if error.code == "APPROVAL_MISSING":
            raise _waiting(workspace, number, error) from error
        raise
    _tell_live(workspace, pointer, f" in place of {live['release']}" if live else "")


def _fill_pools(workspace: Workspace, documents: DocumentFolder) -> None:
    """Put the codes that lie in the folder into their pools, those that are not known yet."""
    for offer, file in documents.pools.items():
        totals = imported(file, partial(workspace.import_codes, offer))
        if totals["added"]:
            click.echo(f"{count(totals['added'], 'code')} new for the offer {offer}.")


def _tell_live(workspace: Workspace, pointer: Json, was: str) -> None:
    click.secho(f"Release {pointer['release']} is live in {workspace.scope}{was}.", fg="green")
    if pointer.get("catalog") in (None, NO_CATALOG):
        click.echo("There is no catalogue yet:  herenow catalog import FILE")


def _waiting(workspace: Workspace, number: int, error: HerenowError) -> HerenowError:
    """Who must do what next."""
    author = next(
        (each["created_by"] for each in workspace.releases(limit=100) if each["number"] == number),
        "its author",
    )
    scope = workspace.scope
    return Forbidden(
        error.title,
        code="WAITING_FOR_APPROVAL",
        detail=f"Somebody other than {author} looks at it (herenow releases) and says:\n"
        f"    herenow approve {number} --app {scope.app} --env {scope.environment} --publish",
    )


def _table(found: Any, live: Json | None, environment: str) -> Iterator[str]:
    for release in found:
        number = release["number"]
        mark = "→" if live and live["release"] == number else " "
        note = f"  {release['note']}" if release["note"] else ""
        row = (
            f"{mark} {number:>4}  {moment(release['created_at'])}  {release['created_by']:<20}"
            f"  {_approvals(release, environment):<24}{note}"
        )
        yield row.rstrip()


def _approvals(release: Mapping[str, Any], environment: str) -> str:
    needed = release["approvals_needed"].get(environment, 0)
    names = ", ".join(each["by"] for each in release["approvals"])
    if names:
        return f"approved by {names}"
    return f"needs {needed} approval{'s' if needed > 1 else ''}" if needed else "no approval needed"

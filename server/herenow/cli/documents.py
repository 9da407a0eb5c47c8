"""``validate`` and ``diff``: everything wrong with a folder at once, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from herenow.authoring.diff import diff_documents
from herenow.authoring.parts import without_schema
from herenow.authoring.positions import MalformedJson, parse
from herenow.cli.connection import Connection, connected
from herenow.cli.findings import finding_lines, summary
from herenow.cli.folders import read_folder
from herenow.cli.output import json_option, print_json
from herenow.cli.workspace import Files, Workspace
from herenow.errors import Invalid


@click.command
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@connected
def validate(connection: Connection, folder: Path, *, as_json: bool) -> None:
    """Tell everything that is wrong with a folder of documents.

    Each finding names file, line and column, what was expected, and the nearest valid name.

    \b
    herenow validate my-app
    herenow validate my-app --json
    herenow validate my-app --server https://herenow.example --token …

    Exit codes: 0 valid (warnings allowed), 1 it has errors, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    documents = read_folder(folder)
    scope = documents.scope(connection.environment, connection.app)
    with connection.workspace(scope, looking=True) as workspace:
        verdict = workspace.validate(documents.files, documents.codes)
    if as_json:
        print_json(verdict)
    else:
        _tell(verdict)
    if not verdict["valid"]:
        raise SystemExit(1)


@click.command
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--against", type=click.IntRange(1), metavar="N", help="Compare with release N.  [what is live]"
)
@json_option
@connected
def diff(connection: Connection, folder: Path, against: int | None, *, as_json: bool) -> None:
    """Tell what a folder changes, in the words of its documents.

    \b
    herenow diff my-app
    herenow diff my-app --against 41

    Exit codes: 0 told, 1 could not be compared, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    documents = read_folder(folder)
    scope = documents.scope(connection.environment, connection.app)
    with connection.workspace(scope, looking=True) as workspace:
        number = against or _live_release(workspace)
        before = workspace.release_files(number) if number else {}
    difference = diff_documents(_parsed(before), _parsed(documents.files))
    if as_json:
        print_json({"against": number, **difference.as_json()})
        return
    compared = f"Against release {number}" if number else f"Nothing is live in {scope}; everything is new"
    click.secho(f"{compared}:", dim=True)
    click.echo(difference.as_text())


def _tell(verdict: Mapping[str, Any]) -> None:
    findings = verdict["findings"]
    for finding in findings:
        for line in finding_lines(finding):
            click.echo(line)
    click.secho(summary(findings), fg="green" if verdict["valid"] else "red")
    remote = verdict.get("remote_features", [])
    if remote:
        click.echo("Stock GrowthBook SDKs need remote evaluation for:")
    for each in remote:
        where = f"from rule '{each['rule']}' on" if each["rule"] else "for its default"
        click.echo(f"    {each['feature']:<24} {where}: {', '.join(each['because'])}")


def _live_release(workspace: Workspace) -> int | None:
    live = workspace.pointer()
    return live["release"] if live else None


def _parsed(files: Files) -> dict[str, Any]:
    """The documents by file name. Raises ``Invalid`` for one that is not JSON, with its place."""
    try:
        return {name: without_schema(parse(text).value) for name, text in files.items()}
    except MalformedJson as error:
        raise Invalid(
            "a document is not JSON",
            code="MALFORMED_JSON",
            detail=f"line {error.place.line}, column {error.place.column}: {error.detail}. "
            "`herenow validate` tells which.",
        ) from error

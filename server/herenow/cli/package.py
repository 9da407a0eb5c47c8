"""``package``: what an app is built with, so that it decides by real rules before it has a network."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from herenow.authoring.packaging import MIN_APP_VERSION
from herenow.cli.connection import Connection, connected
from herenow.cli.output import count


def _version(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(MIN_APP_VERSION, value):
        raise click.BadParameter("not a version such as 3.2.0")
    return value


@click.command
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Where to write it.",
)
@click.option(
    "--min-app-version", callback=_version, metavar="VERSION", help="No older app uses it.  [any may]"
)
@connected
def package(connection: Connection, output: Path, min_app_version: str | None) -> None:
    """Write what an app is built with: the manifest that is live, its parts, the keys to pin.

    A device decides by it until it has heard of something newer, and accepts nothing older: build each
    app with the package of the environment that it will ask.

    \b
    herenow package --app my-app --min-app-version 3.2.0 --output herenow-package.json

    Exit codes: 0 written, 1 could not be (nothing is live), 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.workspace(scope, looking=True) as workspace:
        packed = workspace.package(min_app_version)
    text = json.dumps(packed, ensure_ascii=False, separators=(",", ":")) + "\n"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    parts, size = count(len(packed["parts"]), "part"), len(text.encode())
    click.echo(f"Wrote {output}: what {scope} serves, {parts}, {size:,} bytes.", err=True)

"""``new``: a small app that is valid from the first minute, to be changed into one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from herenow.authoring.json_schema import json_schemas, written
from herenow.errors import Conflict
from herenow.scope import NAME_PATTERN

SCHEMAS_FOLDER: Final = ".schemas"
_FALLBACK: Final = "my-app"
_LONGEST: Final = 40


@click.command
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def new(folder: Path) -> None:
    """Begin an app: a folder of small, valid documents and a few items.

    The app is called after the folder. Each document names its schema (copies are put into .schemas), so
    that an editor completes and checks while you type.

    \b
    herenow new my-app

    Exit codes: 0 made, 1 the folder is not empty, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(
            f"'{folder}' is not empty",
            code="FOLDER_NOT_EMPTY",
            detail="Name a folder that does not exist yet; nothing was changed.",
        )
    app = app_name(folder.resolve().name)
    for path, text in _texts(folder, app):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    click.secho(f"The app '{app}' begins in {folder}.", fg="green")
    for command in ("validate", "preview", "publish"):
        click.echo(f"  herenow {command} {folder}")
    click.echo(f"  herenow catalog import {folder / 'catalog.csv'} --folder {folder}")


def app_name(folder_name: str) -> str:
    """A valid app name made of a folder's, ``my-app`` when nothing of it can be used."""
    slug = re.sub(r"[^a-z0-9]+", "-", folder_name.lower()).strip("-")[:_LONGEST].rstrip("-")
    return slug if re.fullmatch(NAME_PATTERN, slug) else _FALLBACK


def _texts(folder: Path, app: str) -> Iterator[tuple[Path, str]]:
    title = app.replace("-", " ").title()
    for template in sorted(files("herenow.cli").joinpath("scaffold").iterdir(), key=lambda each: each.name):
        text = template.read_text(encoding="utf-8")
        yield folder / template.name, text.replace('"APP"', f'"{app}"').replace('"NAME"', f'"{title}"')
    for name, schema in json_schemas().items():
        yield folder / SCHEMAS_FOLDER / name, written(schema)

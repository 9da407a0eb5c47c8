"""``catalog``: import the app's own content, see its versions."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from herenow.cli.connection import Connection, app_document, connected
from herenow.cli.output import count, json_option, moment, print_json
from herenow.cli.workspace import Advance, CatalogFile, Json
from herenow.errors import Invalid, NotFound, UnsupportedMediaType

_FORMATS: Final = (".csv", ".ndjson")
_TOLD_ROWS: Final = 20
_TELL_EVERY_S: Final = 5.0


@click.group
def catalog() -> None:
    """Import the app's own content and see its versions."""


@catalog.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--folder", type=click.Path(path_type=Path), default=Path(), help="Where app.json is.  [here]")
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="JSON that tells our columns from the file's."
)
@click.option("--publish/--no-publish", "publish", default=True, help="Serve it at once.  [publish]")
@click.option("--force", is_flag=True, help="Take it even when most rows are rejected.")
@connected
def import_file(
    connection: Connection, file: Path, folder: Path, mapping: Path | None, *, publish: bool, force: bool
) -> None:
    """Import FILE (.csv or .ndjson, may end in .gz) as a new version.

    Rows that cannot be taken are told with their line and the reason; the others are taken. A mapping
    file says {"columns": {"our column": "theirs"}, "constants": {"our column": "value"}}.

    \b
    herenow catalog import items.csv --folder my-app
    herenow catalog import export.csv.gz --app my-app --mapping mapping.json --no-publish

    Exit codes: 0 imported (perhaps not every row), 1 nothing was changed, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    declared = app_document(folder)
    source = CatalogFile(existing(file), _format(file), _mapping(mapping), declared or None)
    with connection.workspace(connection.scope_of(declared)) as workspace, progress(file) as advance:
        imported = workspace.import_catalog(source, publish=publish, force=force, advance=advance)
    for line in _told(imported):
        click.echo(line)


@catalog.command("versions")
@json_option
@connected
def versions(connection: Connection, *, as_json: bool) -> None:
    """List the versions, newest first; an arrow marks what is live.

    \b
    herenow catalog versions --app my-app

    Exit codes: 0 listed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.workspace(scope, looking=True) as workspace:
        found, live = workspace.catalog_versions(), workspace.pointer()
    if as_json:
        print_json({"versions": found, "live": live["catalog"] if live else None})
        return
    if not found:
        click.echo(f"There is no catalogue of {scope} yet. Make one:  herenow catalog import FILE")
    for each in found:
        mark = "→" if live and live["catalog"] == each["version"] else " "
        rejected = f", {each['rejected']:,} rejected" if each["rejected"] else ""
        items = f"{count(each['items'], 'item')}{rejected}"
        click.echo(f"{mark} {each['version']}  {moment(each['created_at'])}  {items}  {each['created_by']}")


def existing(file: Path) -> Path:
    """The same, when there is such a file. Raises ``NotFound`` (NO_FILE)."""
    if not file.is_file():
        raise NotFound(f"there is no file '{file}'", code="NO_FILE")
    return file


def _format(file: Path) -> str:
    """``csv`` or ``ndjson`` by the ending, before a ``.gz``."""
    name = file.with_suffix("") if file.suffix == ".gz" else file
    if name.suffix not in _FORMATS:
        raise UnsupportedMediaType(
            f"'{file.name}' is neither CSV nor NDJSON",
            detail=f"Its name ends in {' or '.join(_FORMATS)}, perhaps followed by .gz.",
        )
    return name.suffix.lstrip(".")


def _mapping(path: Path | None) -> Mapping[str, Any] | None:
    if path is None:
        return None
    try:
        mapping = json.loads(existing(path).read_bytes())
    except ValueError as error:
        raise Invalid(f"'{path}' is not JSON", code="INVALID_MAPPING", detail=str(error)) from error
    if not isinstance(mapping, dict):
        raise Invalid(f"'{path}' is not a JSON object", code="INVALID_MAPPING")
    return mapping


@contextmanager
def progress(file: Path) -> Iterator[Advance]:
    """A bar on a terminal; elsewhere a line now and then, when it takes long."""
    size = file.stat().st_size
    if not sys.stderr.isatty():
        yield _lines(size, time.monotonic)
        return
    bar = click.progressbar(length=size, label="importing", file=sys.stderr)
    with bar:
        yield lambda read: bar.update(read - bar.pos)


def _lines(size: int, clock: Callable[[], float]) -> Advance:
    told_at = clock()

    def advance(read: int) -> None:
        nonlocal told_at
        if clock() - told_at >= _TELL_EVERY_S:
            told_at = clock()
            click.echo(f"importing … {100 * read // max(size, 1)} %", err=True)

    return advance


def _told(imported: Json) -> Iterator[str]:
    report, version = imported["report"], imported["version"]["version"]
    yield f"{count(report['accepted'], 'item')} imported as {version}."
    yield from rejected_rows(report)
    pointer = imported["pointer"]
    if pointer:
        yield click.style(f"It is live with release {pointer['release']}.", fg="green")
    else:
        yield "It is not live by itself: it is served with what is published next, or is served already."


def rejected_rows(report: Json) -> Iterator[str]:
    """What was not taken, in lines."""
    if report["rejected"]:
        yield click.style(f"{count(report['rejected'], 'row')} not taken:", fg="yellow")
        for row in report["rejections"][:_TOLD_ROWS]:
            yield f"  line {row['line']}: {row['detail']}  [{row['code']}]"
        if report["rejected"] > _TOLD_ROWS:
            reasons = ", ".join(f"{number:,} {code}" for code, number in report["counts"].items())
            yield f"  … in all: {reasons}"

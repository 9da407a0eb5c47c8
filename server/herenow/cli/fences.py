"""``fences``: import fences by the thousand, see their versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from herenow.cli.catalog import existing, progress, rejected_rows
from herenow.cli.connection import Connection, app_document, connected
from herenow.cli.output import count, json_option, moment, print_json
from herenow.cli.workspace import Advance, FenceFile, Json
from herenow.errors import UnsupportedMediaType

_FORMATS: Final = {".csv": "csv", ".geojson": "geojson", ".json": "geojson"}


@click.group
def fences() -> None:
    """Import fences by the thousand and see their versions."""


@fences.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--folder", type=click.Path(path_type=Path), default=Path(), help="Where app.json is.  [here]")
@click.option("--check", is_flag=True, help="Only tell what would be taken.")
@click.option("--publish/--no-publish", "publish", default=True, help="Serve them at once.  [publish]")
@click.option("--force", is_flag=True, help="Take them even when most rows are rejected.")
@connected
def import_file(
    connection: Connection, file: Path, folder: Path, *, check: bool, publish: bool, force: bool
) -> None:
    """Import FILE (.csv or .geojson, may end in .gz) in place of what was imported before.

    Each row is judged as fences.geojson is; those that cannot be taken are told with their line (in GeoJSON
    their number) and the reason, the others are taken. A fence of the release hides one of the same id.

    \b
    herenow fences import stores.csv --folder my-app --check
    herenow fences import stores.geojson.gz --app my-app --no-publish

    Columns: id, lat, lon, radius_m; name, groups and closed_on (a|b), hours (mon-fri 11:00-23:00; sat
    18:00-01:30), time_zone, dwell, cool_down, item, beacon.kind, beacon.uuid and so on, metadata.KEY.

    Exit codes: 0 imported (perhaps not every row), 1 nothing was changed, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    declared = app_document(folder)
    source = FenceFile(existing(file), _format(file), declared or None)
    if check:
        with progress(file) as advance:
            report = _checked(source, advance)
        click.echo(f"{count(report['accepted'], 'fence')} would be imported.")
        for line in rejected_rows(report):
            click.echo(line)
        return
    with connection.workspace(connection.scope_of(declared)) as workspace, progress(file) as advance:
        imported = workspace.import_fences(source, publish=publish, force=force, advance=advance)
    for line in _told(imported):
        click.echo(line)


@fences.command("versions")
@json_option
@connected
def versions(connection: Connection, *, as_json: bool) -> None:
    """List the versions of imported fences, newest first; an arrow marks what is live.

    \b
    herenow fences versions --app my-app

    Exit codes: 0 listed, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.workspace(scope, looking=True) as workspace:
        found, live = workspace.fence_versions(), workspace.pointer()
    if as_json:
        print_json({"versions": found, "live": live["fences"] if live else None})
        return
    if not found:
        click.echo(f"No fences of {scope} were imported yet. Do it:  herenow fences import FILE")
    for each in found:
        mark = "→" if live and live["fences"] == each["version"] else " "
        rejected = f", {each['rejected']:,} rejected" if each["rejected"] else ""
        fences = f"{count(each['fences'], 'fence')}{rejected}"
        click.echo(f"{mark} {each['version']}  {moment(each['created_at'])}  {fences}  {each['created_by']}")


def _format(file: Path) -> str:
    """By the ending, before a ``.gz``."""
    name = file.with_suffix("") if file.suffix == ".gz" else file
    if name.suffix not in _FORMATS:
        raise UnsupportedMediaType(
            f"'{file.name}' is neither CSV nor GeoJSON",
            detail=f"Its name ends in {' or '.join(_FORMATS)}, perhaps followed by .gz.",
        )
    return _FORMATS[name.suffix]


def _checked(source: FenceFile, advance: Advance) -> Json:
    from herenow.authoring.fence_import import FenceImport  # noqa: PLC0415 - slow, and seldom needed

    zone = ZoneInfo((source.declared or {}).get("time_zone", "UTC"))
    with source.path.open("rb") as stream:
        rows = FenceImport(stream, source.format, zone, lambda _rows, read: advance(read))
        for _ in rows:
            pass  # only the report is wanted
    return rows.report.as_json()


def _told(imported: Json) -> Iterator[str]:
    report, version = imported["report"], imported["version"]["version"]
    yield f"{count(report['accepted'], 'fence')} imported as {version}."
    yield from rejected_rows(report)
    pointer = imported["pointer"]
    if pointer:
        yield click.style(f"They are live with release {pointer['release']}.", fg="green")
    else:
        yield "They are not live by themselves: they are served with what is published next, or already."

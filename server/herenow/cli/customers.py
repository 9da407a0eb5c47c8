"""``customers``: people whom the app knew before herenow."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click
import httpx

from herenow.beacons.customer_rows import Row, from_csv, from_ndjson, until_broken
from herenow.cli.connection import Connection, app_document, connected
from herenow.cli.output import count
from herenow.cli.remote import asked
from herenow.errors import HerenowError, NotFound, Unauthenticated, UnsupportedMediaType

_AT_ONCE: Final = 100
_TOLD: Final = 20
_TIMEOUT_S: Final = 120.0
_READERS: Final = {".csv": from_csv, ".ndjson": from_ndjson}

Take = Callable[[Sequence[Any]], dict[str, Any]]
"""Takes rows and answers the report."""


@click.group
def customers() -> None:
    """Import people whom the app knew before."""


@customers.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--folder", type=click.Path(path_type=Path), default=Path(), help="Where app.json is.  [here]")
@click.option("--key", envvar="HERENOW_SECRET_KEY", metavar="KEY", help="With --server: a secret key.")
@connected
def import_file(connection: Connection, file: Path, folder: Path, key: str | None) -> None:
    """Import FILE (.csv or .ndjson, may end in .gz): consent, tastes, purchases.

    Rows that cannot be taken are told with their line and the reason; the others are taken. The same file
    again adds nothing.

    \b
    herenow customers import customers.csv --folder my-app
    herenow customers import customers.ndjson --server https://… --key sk_…

    Exit codes: 0 imported (perhaps not every row), 1 nothing was changed but what is told, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    totals = {"customers": 0, "purchases": 0, "duplicates": 0}
    faults: list[str] = []
    try:
        with _taking(connection, folder, key) as take, _rows(file) as rows:
            while part := list(islice(rows, _AT_ONCE)):
                faults += [f"  line {row.line}: {row.fault}  [{row.code}]" for row in part if row.fault]
                readable = [row for row in part if not row.fault]
                report: dict[str, Any] = {"rejected": ()}
                if readable:
                    report = take([row.said for row in readable])
                totals = {name: total + report.get(name, 0) for name, total in totals.items()}
                faults += [_fault(readable, each) for each in report["rejected"]]
    except HerenowError:
        if any(totals.values()):  # what was taken before it broke off stays taken
            _tell(totals, faults)
        raise
    _tell(totals, faults)


def _tell(totals: dict[str, int], faults: Sequence[str]) -> None:
    for line in _told(totals, faults):
        click.echo(line)


@contextmanager
def _taking(connection: Connection, folder: Path, key: str | None) -> Iterator[Take]:
    """This machine's stores, or the server plane of another."""
    if connection.server:
        with _server(connection.server, key) as take:
            yield take
        return
    scope = connection.scope_of(app_document(folder))
    with connection.local_services() as services:
        yield lambda rows: services.customers.take(scope, rows).as_json()


@contextmanager
def _server(url: str, key: str | None) -> Iterator[Take]:
    if not key:
        raise Unauthenticated(
            "there is no secret key for the server",
            code="NO_KEY",
            detail="Give --key, or HERENOW_SECRET_KEY.",
        )
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT_S) as http:
        yield lambda rows: asked(http, "POST", "/v1/server/customers", json={"customers": rows}).json()


@contextmanager
def _rows(file: Path) -> Iterator[Iterator[Row]]:
    """Raises ``NotFound`` without the file, ``UnsupportedMediaType`` for another ending."""
    if not file.is_file():
        raise NotFound(f"there is no file '{file}'", code="NO_FILE")
    packed = file.suffix == ".gz"
    read = _READERS.get((file.with_suffix("") if packed else file).suffix)
    if read is None:
        raise UnsupportedMediaType(
            f"'{file.name}' is neither CSV nor NDJSON",
            detail=f"Its name ends in {' or '.join(_READERS)}, perhaps followed by .gz.",
        )
    opened = gzip.open if packed else open
    with opened(file, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        yield until_broken(read, lines)


def _fault(part: Sequence[Row], rejected: dict[str, Any]) -> str:
    return f"  line {part[rejected['index']].line}: {rejected['detail']}  [{rejected['code']}]"


def _told(totals: dict[str, int], faults: Sequence[str]) -> Iterator[str]:
    known = f" ({totals['duplicates']:,} had come before)" if totals["duplicates"] else ""
    yield f"{count(totals['customers'], 'row')} taken, {count(totals['purchases'], 'purchase')} new{known}."
    if faults:
        yield click.style(f"{count(len(faults), 'fault')}:", fg="yellow")
        yield from faults[:_TOLD]
        if len(faults) > _TOLD:
            yield f"  … and {len(faults) - _TOLD:,} more"

"""``offers``: how many are out and left, and codes into their pools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.folders import CODE_HEADERS
from herenow.cli.output import count, json_option, print_json
from herenow.cli.workspace import Json
from herenow.errors import NotFound

_AT_ONCE: Final = 1000


@click.group
def offers() -> None:
    """See what is left of offers, and fill their pools of codes."""


@offers.command("list")
@json_option
@connected
def list_offers(connection: Connection, *, as_json: bool) -> None:
    """List the live offers: promised, used, returned, left.

    \b
    herenow offers list --app my-app

    Exit codes: 0 listed, 1 nothing is published, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.workspace(connection.scope_here(), looking=True) as workspace:
        found = workspace.offers()
    if as_json:
        print_json({"offers": found})
        return
    for offer in found:
        click.echo(_line(offer))


@offers.group
def codes() -> None:
    """Fill the pools of single-use codes.

    \b
    herenow offers codes import fifty_off codes/fifty.csv --app my-app

    Exit codes: 0 done, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines


@codes.command("import")
@click.argument("offer")
@click.argument("file", type=click.Path(path_type=Path))
@connected
def import_codes(connection: Connection, offer: str, file: Path) -> None:
    """Put the codes of FILE, one a line, into the pool of OFFER.

    Codes that are known already are told and stay as they are, whoever has them.

    \b
    herenow offers codes import fifty_off codes/fifty.csv --app my-app

    Exit codes: 0 imported, 1 there is no such offer or file, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.workspace(connection.scope_here()) as workspace:
        totals = imported(file, lambda part: workspace.import_codes(offer, part))
    known = f", {totals['duplicates']:,} known already" if totals["duplicates"] else ""
    wrong = f", {count(totals['wrong'], 'line')} that hold no code" if totals["wrong"] else ""
    click.echo(f"{count(totals['added'], 'code')} new for {offer}{known}{wrong}.")


def imported(file: Path, take: Callable[[list[str]], Json]) -> dict[str, int]:
    """Give a file's codes to ``take`` in parts; its reports added up. Raises ``NotFound`` (NO_FILE)."""
    totals = {"added": 0, "duplicates": 0, "wrong": 0}
    for part in code_lines(file):
        report = take(part)
        totals = {name: total + report[name] for name, total in totals.items()}
    return totals


def code_lines(file: Path) -> Iterator[list[str]]:
    """The lines of a file without its header, a thousand at a time. Raises ``NotFound`` (NO_FILE)."""
    if not file.is_file():
        raise NotFound(f"there is no file '{file}'", code="NO_FILE")
    with file.open(encoding="utf-8-sig") as lines:
        first = next(lines, "").strip()
        rest = chain([] if first.casefold() in CODE_HEADERS else [first], (line.strip() for line in lines))
        while part := list(islice(rest, _AT_ONCE)):
            yield part


def _line(offer: Json) -> str:
    left = [f"{offer['budget_left']:,} of {offer['budget']:,} left"] if offer["budget"] is not None else []
    left += (
        [f"{offer['codes_left']:,} of {offer['codes']:,} codes left"] if offer["codes"] is not None else []
    )
    given = f"{offer['open']:,} open, {offer['redeemed']:,} used, {offer['returned']:,} returned"
    return "; ".join([f"{offer['offer']}: {given}", *left])

"""Customers out of a file: NDJSON as the server plane takes them, or CSV with a column for each thing said.

CSV: ``user_id``; ``consent.<purpose>`` holds a status; ``taste.<facet>`` values, each perhaps with a strength
(``burger:0.9;sushi:-0.4``); ``purchase.at``, ``purchase.value``, ``purchase.currency``, ``purchase.order``,
``purchase.items`` (ids) one purchase. A person with several purchases has several rows.

A line that cannot be read is a row with a fault: whoever imports tells it, and takes the others.
"""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import orjson

from herenow.errors import Invalid

_LIST: Final = ";"
_UNREAD: Final = re.compile("[\ud800-\udfff]")
"""What ``surrogateescape`` makes of bytes that are not UTF-8."""
_PURCHASE: Final = ("at", "value", "currency", "order", "offer", "place", "items", "id")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, and what it says; the text itself where it is no JSON.

    ``fault`` tells, with its ``code``, why a row cannot be read at all.
    """

    line: int
    said: Any = None
    fault: str = ""
    code: str = ""


def from_ndjson(lines: Iterable[str]) -> Iterator[Row]:
    """An object a line; empty lines are passed over. ``lines`` are UTF-8, read with ``surrogateescape``."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _not_text(number, line) or Row(number, _object(line))


def from_csv(lines: Iterable[str]) -> Iterator[Row]:
    """A row a line below the header. Raises ``Invalid`` when a column is none of those above."""
    reader = csv.reader(lines, strict=True)
    try:
        columns = next(reader, [])
    except csv.Error:
        raise Invalid("the first line is no line of CSV", code="MISSING_COLUMNS") from None
    for column in columns:
        _check(column)
    if "user_id" not in columns:
        raise Invalid("the file has no column 'user_id'", code="MISSING_COLUMNS", detail="Name its columns.")
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(
                line, fault=f"{_why(error)}; nothing of it up to line {reader.line_num} is read", code=_CSV
            )
            continue
        if cells:
            yield _row(line, columns, cells)


def until_broken(read: Callable[[Iterable[str]], Iterator[Row]], lines: Iterable[str]) -> Iterator[Row]:
    """The rows as far as the file can be unpacked; where it breaks off is a row with a fault."""
    last = 0
    try:
        for row in read(lines):
            last = row.line
            yield row
    except (OSError, EOFError, zlib.error):
        yield Row(
            last + 1,
            fault="the file cannot be unpacked from here on; nothing more is read",
            code="UNREADABLE_FILE",
        )


_CSV: Final = "MALFORMED_CSV"


def _why(error: csv.Error) -> str:
    if "limit" in str(error):
        return "a cell is longer than 131,072 characters, perhaps for a quote that is not closed"
    return "a quote is not closed, or closed in the middle of a cell"


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    broken = _not_text(line, "".join(cells))
    if broken:
        return broken
    if len(cells) > len(columns):
        fault = f"{len(cells)} cells for {len(columns)} columns: a cell with a comma in it stands in quotes"
        return Row(line, fault=fault, code="WRONG_COLUMN_COUNT")
    return Row(line, _customer({name: cell for name, cell in zip(columns, cells, strict=False) if cell}))


def _not_text(line: int, text: str) -> Row | None:
    return Row(line, fault="this is not UTF-8", code="NOT_UTF8") if _UNREAD.search(text) else None


def _object(line: str) -> Any:
    try:
        return orjson.loads(line)
    except ValueError:
        return line


def _check(column: str) -> None:
    room, _, name = column.partition(".")
    known = room in ("consent", "taste") or (room == "purchase" and name in _PURCHASE)
    if column != "user_id" and not (known and name):
        raise Invalid(
            f"there is no column '{_UNREAD.sub('?', column[:60])}'",
            code="UNKNOWN_COLUMN",
            detail="Columns: user_id, consent.<purpose>, taste.<facet>, purchase."
            + ", purchase.".join(_PURCHASE),
        )


def _customer(cells: Mapping[str, str]) -> dict[str, Any]:
    consent = _room(cells, "consent")
    tastes = {facet: _tastes(told) for facet, told in _room(cells, "taste").items()}
    bought = _room(cells, "purchase")
    return {
        "user_id": cells.get("user_id"),
        **({"consent": consent} if consent else {}),
        **({"tastes": tastes} if tastes else {}),
        **({"purchases": [_purchase(bought)]} if bought else {}),
    }


def _room(cells: Mapping[str, str], room: str) -> dict[str, str]:
    return {name.partition(".")[2]: cell for name, cell in cells.items() if name.startswith(f"{room}.")}


def _tastes(told: str) -> dict[str, Any]:
    pairs = (each.strip().rpartition(":") for each in told.split(_LIST) if each.strip())
    return {value or alone: _number(alone) if value else 1.0 for value, _, alone in pairs}


def _purchase(told: Mapping[str, str]) -> dict[str, Any]:
    numbers = {"value": _number(told["value"])} if "value" in told else {}
    items = {"items": [each.strip() for each in told["items"].split(_LIST)]} if "items" in told else {}
    return {**told, **numbers, **items}


def _number(cell: str) -> Any:
    """The number, or the text, which the judge then tells as wrong."""
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if isfinite(number) else cell

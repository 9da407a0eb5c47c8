"""Customers out of a file: NDJSON as the server plane takes them, or CSV with a column for each thing said.

CSV: ``user_id``; ``consent.<purpose>`` holds a status; ``taste.<facet>`` values, each perhaps with a strength
(``burger:0.9;sushi:-0.4``); ``purchase.at``, ``purchase.value``, ``purchase.currency``, ``purchase.order``,
``purchase.items`` (ids) one purchase. A person with several purchases has several rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import orjson

from herenow.errors import Invalid

_LIST: Final = ";"
_PURCHASE: Final = ("at", "value", "currency", "order", "offer", "place", "items", "id")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, and what it says; the text itself where it cannot be read."""

    line: int
    said: Any


def from_ndjson(lines: Iterable[str]) -> Iterator[Row]:
    """An object a line; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield Row(number, _object(line))


def from_csv(lines: Iterable[str]) -> Iterator[Row]:
    """A row a line below the header. Raises ``Invalid`` when a column is none of those above."""
    reader = csv.DictReader(lines)
    for column in reader.fieldnames or ():
        _check(column)
    if "user_id" not in (reader.fieldnames or ()):
        raise Invalid("the file has no column 'user_id'", code="MISSING_COLUMNS", detail="Name its columns.")
    for cells in reader:
        yield Row(reader.line_num, _customer({name: cell for name, cell in cells.items() if name and cell}))


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
            f"there is no column '{column[:60]}'",
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

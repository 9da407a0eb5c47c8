"""Country packs: localities that an operator adds from a plain CSV file.

The file is UTF-8 with a header that names the columns ``name``, ``lat``, ``lon`` (degrees) and ``parent``
(what the locality lies in: "Mumbai", "Brooklyn, New York", or another locality of the file; may be empty).
Other columns are ignored. Every row is kept or reported with the reason why not; a bad row costs no other.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from herenow.errors import Invalid
from herenow.intent.gazetteer import layout
from herenow.intent.gazetteer.distance import distance_m
from herenow.intent.gazetteer.place import Locality, Place
from herenow.intent.normalise import Token, phrase_key, words
from herenow.text import clean_text

COLUMNS = ("name", "lat", "lon", "parent")
RADIUS_M = 1_500
"""Of a locality: most are walked through in half an hour."""
FARTHEST_M = 50_000
"""How far a locality may lie outside of twice its parent's radius."""
DEEPEST = 4
"""Localities within localities."""
ROW_LIMIT = 1_000_000

Named = Callable[[str], tuple[Place, ...]]
"""The places of the world that a text may name, the likeliest first."""


class Dropped(StrEnum):
    """Why a row is not used."""

    NO_NAME = "no_name"
    NOT_A_POINT = "not_a_point"
    """``lat`` or ``lon`` is no number, out of range, or both are 0."""
    UNKNOWN_PARENT = "unknown_parent"
    FAR_FROM_PARENT = "far_from_parent"
    """No place of the parent's name is near: one of the two is wrong."""
    REPEATED = "repeated"
    """The same name with the same parent was there before."""
    BEYOND_LIMIT = "beyond_limit"


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A row that is not used: its line in the file (the header is 1), its name, the reason."""

    line: int
    name: str
    reason: Dropped
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    name: str
    lat_e6: int
    lon_e6: int
    parent: str


class Localities:
    """Localities by the names people type."""

    def __init__(self, localities: Iterable[Locality]) -> None:
        self._by_key: dict[str, tuple[Locality, ...]] = {}
        self._prefixes: set[str] = set()
        for locality in localities:
            self._add(locality)

    def __len__(self) -> int:
        return sum(map(len, self._by_key.values()))

    def places(self, key: str) -> tuple[Locality, ...]:
        """All localities of a name, in the order of the file."""
        return self._by_key.get(key, ())

    def reach(self, tokens: Sequence[Token], first: int) -> tuple[str, ...]:
        """As ``PlaceTable.reach``."""
        keys: list[str] = []
        key = ""
        for token in tokens[first : first + layout.LONGEST_KEY]:
            key = f"{key} {token.form}" if key else token.form
            if key not in self._prefixes:
                break
            keys.append(key)
        return tuple(keys)

    def _add(self, locality: Locality) -> None:
        parts = [token.form for token in words(locality.name)]
        key = " ".join(parts)
        self._by_key[key] = (*self._by_key.get(key, ()), locality)
        self._prefixes.update(" ".join(parts[:end]) for end in range(1, len(parts) + 1))


@dataclass(frozen=True, slots=True)
class LoadedLocalities:
    """What a file gave, and what it did not."""

    localities: Localities
    dropped: tuple[DroppedRow, ...]


class PackReader:
    """Reads one file; ``named`` gives the places of the world that a parent's text may mean."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._parents: dict[str, tuple[Place, ...]] = {}
        self._dropped: list[DroppedRow] = []
        self._kept: dict[tuple[str, str], Locality] = {}
        self._kept_named: dict[str, list[Place]] = defaultdict(list)

    def read(self, path: Path) -> LoadedLocalities:
        """Raises ``Invalid`` (``LOCALITIES_UNREADABLE``) when there is no such table at all."""
        waiting = list(self._rows(path))
        for _ in range(DEEPEST):
            waiting = [row for row in waiting if not self._take(row)]
        for row in waiting:
            self._drop(row.line, row.name, Dropped.UNKNOWN_PARENT, row.parent)
        dropped = sorted(self._dropped, key=lambda row: row.line)
        return LoadedLocalities(Localities(self._kept.values()), tuple(dropped))

    def _rows(self, path: Path) -> Iterator[_Row]:
        try:
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
                table = csv.DictReader(file)
                _check_columns(path, table.fieldnames or ())
                for raw in table:
                    if row := self._row(table.line_num, raw):
                        yield row
        except (OSError, csv.Error) as error:
            raise _unreadable(path, str(error)) from error

    def _row(self, line: int, raw: Mapping[str | None, object]) -> _Row | None:
        name, parent = clean_text(raw.get("name")), clean_text(raw.get("parent"))
        point = _point(raw.get("lat"), raw.get("lon"))
        if point is not None and words(name) and line <= ROW_LIMIT:
            return _Row(line, name, *point, parent)
        if not words(name):
            self._drop(line, name, Dropped.NO_NAME)
        elif point is None:
            self._drop(line, name, Dropped.NOT_A_POINT, f"{raw.get('lat')!s:.20}, {raw.get('lon')!s:.20}")
        else:
            self._drop(line, name, Dropped.BEYOND_LIMIT)
        return None

    def _take(self, row: _Row) -> bool:
        """Whether the row is settled: kept or dropped; not while its parent may still come."""
        if not row.parent:
            self._keep(row, None)
            return True
        candidates = (*self._of_world(row.parent), *self._kept_named.get(phrase_key(row.parent), ()))
        if not candidates:
            return False
        nearest = min(candidates, key=lambda place: _excess_m(row, place))
        if _excess_m(row, nearest) <= FARTHEST_M:
            self._keep(row, nearest)
        else:
            self._drop(row.line, row.name, Dropped.FAR_FROM_PARENT, row.parent)
        return True

    def _of_world(self, text: str) -> tuple[Place, ...]:
        if text not in self._parents:
            self._parents[text] = self._named(text)
        return self._parents[text]

    def _keep(self, row: _Row, parent: Place | None) -> None:
        identity = phrase_key(row.name), phrase_key(row.parent)
        if identity in self._kept:
            self._drop(row.line, row.name, Dropped.REPEATED)
            return
        locality = _locality(row, parent)
        self._kept[identity] = locality
        self._kept_named[identity[0]].append(locality)

    def _drop(self, line: int, name: str, reason: Dropped, detail: str = "") -> None:
        self._dropped.append(DroppedRow(line, name, reason, detail))


def _locality(row: _Row, parent: Place | None) -> Locality:
    area = (parent.country, parent.region, parent.region_name) if parent else ("", "", "")
    return Locality(row.name, row.lat_e6, row.lon_e6, row.parent, *area, RADIUS_M)


def _excess_m(row: _Row, parent: Place) -> float:
    """Metres by which a row lies outside of twice its parent's radius; inside, the nearer the less."""
    return distance_m(_locality(row, None), parent) - 2 * parent.radius_m


def _point(lat: object, lon: object) -> tuple[int, int] | None:
    try:
        degrees = float(str(lat)), float(str(lon))
    except ValueError:
        return None
    in_range = abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180  # false for what is not a number
    return (round(degrees[0] * 1e6), round(degrees[1] * 1e6)) if in_range and any(degrees) else None


def _check_columns(path: Path, found: Iterable[str]) -> None:
    if missing := [column for column in COLUMNS if column not in found]:
        raise _unreadable(path, f"it has no column {', '.join(missing)}")


def _unreadable(path: Path, why: str) -> Invalid:
    return Invalid(
        f"'{path.name}' is not a table of localities: {why}",
        code="LOCALITIES_UNREADABLE",
        detail=f"Give a UTF-8 CSV file whose first line names the columns {', '.join(COLUMNS)}.",
    )

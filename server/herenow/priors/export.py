"""The log of an app as Parquet, one file a UTC day of receipt: ``app=…/environment=…/day=…/events.parquet``.

A file appears whole or not at all, and carries the mark of the day that it holds (``EventLog.days``).
Exporting again writes the days whose mark has changed, because beacons came in or somebody was forgotten,
removes those of which nothing is left, and skips the rest: so an export that was interrupted goes on, and
whoever was erased is absent from the next one. Memory is bounded by a row group. Needs pyarrow, of the
``learn`` extra.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from herenow.errors import HerenowError
from herenow.priors.rows import FacetsOf, Row, row_of
from herenow.scope import Scope
from herenow.storage.ports import EventLog, LogDay

FILE: Final = "events.parquet"
_EPOCH: Final = date(1970, 1, 1)
_ROWS: Final = 20_000
"""Rows of one group: what is held in memory at once."""
_PAGE: Final = 1000
_MARK: Final = b"herenow.mark"
_FORM: Final = "1"
"""Of the columns: another one makes every file anew."""


class LearnMissing(HerenowError):
    """A package of the ``learn`` extra is not installed."""

    default_code = "NO_LEARN"


@dataclass(frozen=True, slots=True)
class DayDone:
    """A day that the export has seen to: the rows written, or ``None`` where nothing had changed."""

    day: date
    rows: int | None


Told = Callable[[DayDone], None]


def export(
    log: EventLog,
    scope: Scope,
    to: Path,
    *,
    facets_of: FacetsOf,
    first: date | None = None,
    last: date | None = None,
    told: Told = lambda _: None,
) -> Path:
    """Bring the files of the days from ``first`` to ``last`` up to date; the folder of the scope's days.

    ``told`` hears of each day once it is there. Raises ``LearnMissing`` without pyarrow.
    """
    folder = to / f"app={scope.app}" / f"environment={scope.environment}"
    days = {_date(each.day): each for each in log.days(scope.partition("")) if _within(each, first, last)}
    _remove_others(folder, days, first, last)
    for day, state in days.items():
        path = folder / f"day={day.isoformat()}" / FILE
        mark = f"{_FORM}:{state.mark}".encode()
        unchanged = _mark_of(path) == mark
        rows = None if unchanged else _write(path, mark, _rows(log, scope, state.day, facets_of))
        told(DayDone(day, rows))
    return folder


def read_day(text: str) -> date:
    """A day written ``2026-11-22``. Raises ``ValueError``."""
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()


def _rows(log: EventLog, scope: Scope, day: int, facets_of: FacetsOf) -> Iterator[list[Row]]:
    """Groups of rows of a day, in the order of the log."""
    group: list[Row] = []
    after: tuple[str, int] | None = None
    beacons = scope.partition("beacons#")
    while page := log.of_day(scope.partition(""), day, after, limit=_PAGE):
        group += [row_of(each, facets_of) for each in page if each.partition.startswith(beacons)]
        after = (page[-1].partition, page[-1].position)
        if len(group) >= _ROWS:
            yield group
            group = []
    if group:
        yield group


def _write(path: Path, mark: bytes, groups: Iterator[list[Row]]) -> int:
    arrow, parquet = pyarrow()
    schema = _schema(arrow).with_metadata({_MARK: mark})
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_suffix(".part")
    rows = 0
    try:
        with parquet.ParquetWriter(staged, schema, compression="zstd") as writer:
            for group in groups:
                writer.write_table(arrow.Table.from_pylist(group, schema=schema))
                rows += len(group)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
    return rows


def _mark_of(path: Path) -> bytes | None:
    """What the file says it holds; ``None`` when there is none, or it cannot be read."""
    arrow, parquet = pyarrow()
    try:
        metadata = parquet.read_schema(path).metadata or {}
    except (OSError, arrow.ArrowInvalid):
        return None
    mark: bytes | None = metadata.get(_MARK)
    return mark


def _remove_others(folder: Path, days: dict[date, LogDay], first: date | None, last: date | None) -> None:
    """Remove the files of days of which the log holds nothing any more."""
    for path in folder.glob(f"day=*/{FILE}"):
        day = read_day(path.parent.name.removeprefix("day="))
        if day not in days and (first or day) <= day <= (last or day):
            path.unlink()
            path.parent.rmdir()


def _within(day: LogDay, first: date | None, last: date | None) -> bool:
    found = _date(day.day)
    return (first or found) <= found <= (last or found)


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def _schema(arrow: Any) -> Any:
    text, whole, small = arrow.string(), arrow.int64(), arrow.int32()
    return arrow.schema(
        [
            ("who", text),
            ("position", whole),
            ("id", text),
            ("type", text),
            ("name", text),
            ("at_ms", whole),
            ("received_ms", whole),
            ("local_day", small),
            ("local_weekday", small),
            ("local_hour", small),
            ("item", text),
            ("items", arrow.list_(text)),
            *((name, text) for name in ("place", "fence", "campaign", "channel", "offer", "currency")),
            ("value", arrow.float64()),
            ("properties", text),
            ("facets", arrow.map_(text, arrow.list_(text))),
        ]
    )


def pyarrow() -> tuple[Any, Any]:
    """The package and its Parquet module. Raises ``LearnMissing``."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - of the learn extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise learn_missing("pyarrow") from error
    return pa, parquet


def learn_missing(package: str) -> LearnMissing:
    """The error that says what to install."""
    return LearnMissing(
        f"{package} is not installed", detail="Install it with: pip install 'herenow[learn]'."
    )

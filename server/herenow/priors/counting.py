"""Counting an export: SQL on DuckDB over Parquet files, one short file a question.

The questions under ``sql/`` are standard SQL over a few views; what is DuckDB's own stands in
``dialect_duckdb.sql``, so that another engine needs another dialect and nothing else. Heavy work is a GROUP
BY; what comes back is small. DuckDB spills to the disk what does not fit into memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from herenow.learning.model import LEAST_PEOPLE
from herenow.priors.export import FILE, learn_missing, pyarrow, read_day
from herenow_sdk.core.profile.fold import WEIGHTS

_SQL: Final = files("herenow.priors") / "sql"
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Asides:
    """What is known beside the log: the form of each offer, the segments of senders, and whose they are.

    ``persons``: pseudonyms by installation, of those that somebody identified on.
    """

    forms: Mapping[str, str]
    segments: Sequence[tuple[str, str]] = ()
    persons: Mapping[str, str] = field(default_factory=dict)


class Counting:
    """Asks questions of some days of an export. Every answer has the same order each time."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, question: str, **parameters: Any) -> Rows:
        """The rows of ``sql/<question>.sql``; ``least``, where it asks for it, is ``LEAST_PEOPLE``."""
        text = _text(question)
        known = {"least": LEAST_PEOPLE, **parameters}
        wanted = {name: value for name, value in known.items() if f"${name}" in text}
        rows: Rows = self._connection.execute(text, wanted).fetchall()
        return rows

    def keep(self, table: str, **columns: Sequence[str] | Sequence[int]) -> None:
        """Put a small table beside the log, in place of the one of that name."""
        arrow, _ = pyarrow()
        kinds = {False: arrow.string(), True: arrow.int32()}
        told = {name: arrow.array(list(told), kinds[_whole(told)]) for name, told in columns.items()}
        self._connection.register("incoming", arrow.table(told))
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM incoming")  # noqa: S608 - our name
        self._connection.unregister("incoming")


def days_in(folder: Path, first: date | None = None, last: date | None = None) -> dict[date, Path]:
    """The files of an export (the folder of one scope's days) by day, in order."""
    found = {read_day(path.parent.name.removeprefix("day=")): path for path in folder.glob(f"day=*/{FILE}")}
    return {day: found[day] for day in sorted(found) if (first or day) <= day <= (last or day)}


@contextmanager
def counting(paths: Sequence[Path], asides: Asides) -> Iterator[Counting]:
    """Questions to these files. Raises ``LearnMissing`` without duckdb."""
    try:
        import duckdb  # noqa: PLC0415 - of the learn extra
    except ImportError as error:
        raise learn_missing("duckdb") from error
    with duckdb.connect(":memory:") as connection:
        asked = Counting(connection)
        connection.execute("SET VARIABLE files = $files", {"files": [str(path) for path in paths]})
        asked.keep("weights", name=list(WEIGHTS), weight=list(WEIGHTS.values()))
        asked.keep("forms", offer=list(asides.forms), form=list(asides.forms.values()))
        who, segment = zip(*asides.segments, strict=True) if asides.segments else ((), ())
        asked.keep("told_segments", who=who, segment=segment)
        asked.keep("persons", who=list(asides.persons), person=list(asides.persons.values()))
        for script in ("dialect_duckdb", "views"):
            connection.execute(_text(script))
        yield asked


def senders_in(paths: Sequence[Path]) -> list[str]:
    """Everybody in these files. Raises ``LearnMissing`` without duckdb."""
    if not paths:
        return []
    with counting(paths, Asides({})) as counts:
        return [who for (who,) in counts.ask("senders")]


def _whole(column: Sequence[Any]) -> bool:
    return len(column) > 0 and isinstance(column[0], int)


def _text(question: str) -> str:
    return (_SQL / f"{question}.sql").read_text(encoding="utf-8")

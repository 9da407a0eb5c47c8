"""The figures as plain tables and as JSON, each bounded one beside its bound and the ratio of the two."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Bound, CallFigure, Figure, HttpFigure, SingleFigure
from tests.benchmarks.server import THREADS, WORKERS

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything of one run."""

    settings: dict[str, str]
    figures: tuple[Figure, ...]

    def as_json(self) -> dict[str, Any]:
        """Settings, and every figure with its kind."""
        figures = [{"kind": type(each).__name__, **asdict(each)} for each in self.figures]
        return {"settings": self.settings, "figures": figures}


def settings_of_run(seconds: float, sizes: Iterable[int]) -> dict[str, str]:
    """What the figures depend on besides the code."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{os.cpu_count()} × {_processor()}, {platform.system()} {platform.machine()}",
        "load when started": " ".join(f"{each:.2f}" for each in os.getloadavg()),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "server": f"Granian {version('granian')}, WSGI, HTTP/1.1, {WORKERS} worker, {THREADS} threads",
        "clients": "one process and one kept-alive raw socket each, closed loop, on the same cores",
        "store": f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=NORMAL for documents; loopback, no TLS",
        "caches": "warm; every launch is a new installation",
        "catalogues": ", ".join(f"{size:,}" for size in sizes) + " items, 100 tags, 120 places",
        "seconds a figure": f"{seconds:g}",
    }


def rendered(run: Run) -> str:
    """The tables, to be read in a terminal and pasted into ``docs/benchmarks.md``."""
    http = [each for each in run.figures if isinstance(each, HttpFigure)]
    calls = [each for each in run.figures if isinstance(each, CallFigure)]
    singles = [each for each in run.figures if isinstance(each, SingleFigure)]
    return "\n\n".join(
        [
            _table(("setting", ""), [tuple(each) for each in run.settings.items()]),
            _table(_HTTP, map(_http_row, http)),
            _table(
                ("in process, ms", "calls", "p50", "p95", "p99", "figure", "p95 / figure"),
                map(_call_row, calls),
            ),
            _table(("", "value", "unit", "figure", "value / figure"), map(_single_row, singles)),
        ]
    )


_HTTP = (
    *("over HTTP, ms", "clients", "req/s", "client p50", "p95", "p99", "server p50", "p95", "p99"),
    *("CPU/req", "body KB", "answers", "figure", "server p95 / figure"),
)


def _http_row(figure: HttpFigure) -> Row:
    client, server = figure.client, figure.server
    return (
        figure.name,
        str(figure.clients),
        f"{figure.per_second:,.0f}",
        *map(_number, (client.p50, client.p95, client.p99)),
        *(map(_number, (server.p50, server.p95, server.p99)) if server else ("", "", "")),
        _number(figure.cpu_ms),
        _number(figure.body_kb),
        " ".join(f"{count:,}×{status}" for status, count in figure.statuses.items()),
        *_against(figure.bound, figure.bounded),
    )


def _call_row(figure: CallFigure) -> Row:
    took = figure.took
    numbers = map(_number, (took.p50, took.p95, took.p99))
    return (figure.name, f"{figure.calls:,}", *numbers, *_against(figure.bound, figure.bounded))


def _single_row(figure: SingleFigure) -> Row:
    return (figure.name, _number(figure.value), figure.unit, *_against(figure.bound, figure.value))


def _against(bound: Bound | None, value: float) -> Row:
    return ("", "") if bound is None else (str(bound), f"{value / bound.limit:.2f}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table whose columns stand under each other; text to the left, numbers to the right."""
    body = list(rows)
    widths = [max(len(row[column]) for row in (head, *body)) for column in range(len(head))]
    rule = tuple(
        "-" * width if column == 0 else "-" * (width - 1) + ":" for column, width in enumerate(widths)
    )
    return "\n".join(_line(row, widths) for row in (head, rule, *body))


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = [
        text.rjust(width) if column else text.ljust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return f"| {' | '.join(cells)} |"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"

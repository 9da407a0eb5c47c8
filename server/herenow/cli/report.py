"""``report``: what came of campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.output import json_option, print_json
from herenow.cli.workspace import Json

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_COLUMNS: Final = (
    "sent",
    "delivered",
    "shown",
    "opened",
    "acted",
    "converted",
    "failed",
    "unknown",
    "unsubscribed",
    "disabled",
    "dismissed",
)
_CELL: Final = 14
_VERDICTS: Final[Mapping[str, str]] = {
    "better": "more with it than without",
    "worse": "fewer with it than without",
    "not_known": "no difference known",
    "too_few": "too few to say",
    "broken_split": "groups not comparable",
}


@click.command
@click.argument("campaign", required=False)
@click.option("--since", type=_DAY, metavar="DATE", help="From this local date.  [30 days ago]")
@click.option("--until", type=_DAY, metavar="DATE", help="To this one.  [today]")
@json_option
@connected
def report(
    connection: Connection,
    *,
    campaign: str | None,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Tell what came of every campaign, or of one by place, hour and day.

    \b
    herenow report --app my-app
    herenow report lunch --app my-app --since 2026-11-01

    Exit codes: 0 told, 1 could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    if since is not None and until is not None and since > until:
        raise click.UsageError("--since is after --until")
    days = {"since": since, "until": until}
    span = {name: day.date().isoformat() for name, day in days.items() if day is not None}
    with connection.workspace(connection.scope_here(), looking=True) as workspace:
        told = workspace.reports(span) if campaign is None else workspace.report(campaign, span)
    if as_json:
        print_json(told)
        return
    for line in _all(told) if campaign is None else _one(told):
        click.echo(line)


def _all(told: Json) -> Iterator[str]:
    """A line a campaign, and one for what its goal says."""
    yield f"{told['since']} to {told['until']}"
    if not told["campaigns"]:
        yield "No campaign is live."
        return
    columns = _columns(each["outcomes"] for each in told["campaigns"])
    width = max(len(each["campaign"]) for each in told["campaigns"])
    yield _row("", columns, width)
    for each in told["campaigns"]:
        yield _row(each["campaign"], _numbers(each["outcomes"], columns), width)
        if each["goal"] is not None:
            yield f"{'':{width}}  {_changed(each['goal'])}"


def _one(told: Json) -> Iterator[str]:
    """Everything of one campaign."""
    yield f"{told['campaign']}, {told['since']} to {told['until']}"
    columns = _columns([told["outcomes"]])
    hours = {f"{int(hour):02d}:00": counts for hour, counts in told["by_hour"].items()}
    parts = {"by place": told["by_place"], "by hour": hours, "by day": told["by_day"]}
    width = max(len(name) for part in parts.values() for name in ("by place", *part))
    yield _row("", columns, width)
    yield _row("all", _numbers(told["outcomes"], columns), width)
    for title, counted in parts.items():
        if counted:
            yield title
            yield from (_row(name, _numbers(counts, columns), width) for name, counts in counted.items())
    yield from _of_goal(told["goal"])


def _of_goal(goal: Json | None) -> Iterator[str]:
    if goal is None:
        yield "It states no goal."
        return
    yield f"goal: {goal['event']} within {goal['within_s'] / 3600:g} h"
    for name, group in (("said to", goal["treated"]), ("kept from", goal["control"])):
        share = f"{group['share']:.1%} ({group['low']:.1%} to {group['high']:.1%})"
        yield f"  {name:<9}  {group['size']:>8,}  reached {group['reached']:>7,}  {share}"
    yield f"  {_changed(goal)}"
    if goal["caveat"]:
        yield f"  {goal['caveat']}"


def _changed(goal: Mapping[str, Any]) -> str:
    lift = goal["lift"]
    said = f"{goal['event']}: {_VERDICTS.get(lift['verdict'], lift['verdict'])}"
    if lift["verdict"] == "too_few":
        return said
    difference, low, high = (f"{lift[name] * 100:+.1f}" for name in ("difference", "low", "high"))
    return f"{said}, {difference} points ({low} to {high})"


def _columns(counted: Iterable[Mapping[str, int]]) -> list[str]:
    """What came of any of them, in the order in which it comes; harm last."""
    came = {"sent", *(name for counts in counted for name in counts)}
    return [name for name in _COLUMNS if name in came]


def _numbers(counts: Mapping[str, int], columns: Iterable[str]) -> list[str]:
    return [f"{counts.get(name, 0):,}" for name in columns]


def _row(name: str, cells: Iterable[str], width: int) -> str:
    return "".join([f"{name:<{width}}", *(f"{cell:>{_CELL}}" for cell in cells)])

"""``explain``: why somebody got a message, or did not, and what was learned of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.explaining import clause_words
from herenow.cli.output import json_option, print_json
from herenow.cli.why_words import Clock, check_words, decision_words

Json = Mapping[str, Any]


@click.command
@click.argument("installation")
@click.option("--campaign", metavar="NAME", help="About this campaign alone, with every check it meets now.")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]), help="As of then.")
@json_option
@connected
def explain(
    connection: Connection, installation: str, campaign: str | None, at: datetime | None, *, as_json: bool
) -> None:
    """Tell why INSTALLATION got a message, or did not, and what was learned of its person.

    Decisions come out of the ledger, for now or an instant of the past; what was learned is of now. Times are
    of the person's own clock, the app's where theirs is not known; --json has them in UTC, with every value.

    \b
    herenow explain 6f0c3f9e-8d0a-4b1e-9a53-2f6c0f1b7d11
    herenow explain 6f0c… --campaign cart_nudge --at 2026-11-24T12:00+05:30

    Exit codes: 0 told, 1 no such installation or campaign, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    with connection.workspace(connection.scope_here()) as workspace:
        told = workspace.why(installation, campaign=campaign, at=None if at is None else at.isoformat())
    if as_json:
        print_json(told)
        return
    for line in why_lines(told):
        click.echo(line)


def why_lines(told: Json) -> Iterator[str]:
    """The answer in lines: what was learned and decided, what waits, what a trigger would meet now."""
    clock = Clock.of(told.get("time_zone"))
    for each in told.get("learned", ()):
        yield f"learned     {each.get('text', '…')}"
    decisions = told.get("decisions", ())
    if decisions:
        yield f"Times are of the person's clock, {clock.name}."
    for each in decisions:
        when = clock.time(each.get("decided_at"))
        yield f"{when}  {each.get('campaign', '…')} {decision_words(each, clock)}"
    if not decisions:
        yield f"Nothing was decided by {clock.time(told.get('at'))} ({clock.name}): never triggered."
    for each in told.get("waiting", ()):
        yield f"waits       {each.get('campaign', '…')}: triggered {clock.time(each.get('at'))}"
    for each in told.get("lent", ()):
        yield f"lent        {_lent_words(each)}"
    for each in told.get("journeys", ()):
        since = clock.time(each.get("since"))
        yield f"in journey  {each.get('journey', '…')}: at step {each.get('step', '…')} since {since}"
    yield from _now_lines(told.get("now"), clock)


def _now_lines(now: Any, clock: Clock) -> Iterator[str]:
    """What a trigger of this instant would meet."""
    if not isinstance(now, Mapping) or not now:
        return
    yield f"if it were triggered now, it would be {decision_words(now, clock)}"
    for check in now.get("checks", ()):
        yield f"            {'✓' if check.get('passed') else '✗'} {check_words(check, clock)}"
    for clause in now.get("audience", ()):
        yield f"            audience: {clause_words(clause)}"


def _lent_words(lease: Json) -> str:
    where = f"{lease.get('slots', '…')} of {lease.get('rule', '…')} to {lease.get('device', '…')}"
    return f"{where}, {'used there, not told of yet' if lease.get('over') else 'nothing told of it'}"

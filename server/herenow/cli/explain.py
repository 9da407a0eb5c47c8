"""``explain``: why somebody got a message, or did not, and what was learned of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.explaining import clause_words
from herenow.cli.output import json_option, print_json

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

    Decisions come out of the ledger, for now or an instant of the past; what was learned is of now.

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
    for each in told.get("learned", ()):
        yield f"learned     {each.get('text', '…')}"
    decisions = told.get("decisions", ())
    for each in decisions:
        yield f"{each.get('decided_at', '…')}  {each.get('campaign', '…')}: {_decision_words(each)}"
    if not decisions:
        yield f"Nothing was decided by {told.get('at', '…')}: never triggered."
    for each in told.get("waiting", ()):
        yield f"waits       {each.get('campaign', '…')}: triggered {each.get('at', '…')}"
    for each in told.get("lent", ()):
        yield f"lent        {_lent_words(each)}"
    now = told.get("now")
    if now:
        yield f"now         {_decision_words(now)}"
        for check in now.get("checks", ()):
            yield f"            {'✓' if check.get('passed') else '✗'} {_check_words(check)}"
        for clause in now.get("audience", ()):
            yield f"            audience: {clause_words(clause)}"


def _lent_words(lease: Json) -> str:
    where = f"{lease.get('slots', '…')} of {lease.get('rule', '…')} to {lease.get('device', '…')}"
    return f"{where}, {'used there, not told of yet' if lease.get('over') else 'nothing told of it'}"


def _decision_words(decision: Json) -> str:
    words = f"{decision.get('outcome', '…')} ({decision.get('reason', '…')})"
    words += f" until {decision['until']}" if decision.get("until") else ""
    words += f" by {decision['channel']}" if decision.get("channel") else ""
    args = decision.get("args")
    return f"{words} {json.dumps(args, ensure_ascii=False)}" if args else words


def _check_words(check: Json) -> str:
    detail = {name: value for name, value in check.items() if name not in {"check", "passed", "where"}}
    told = {name: value for name, value in detail.items() if value is not None}
    return f"{check.get('check', '…')} {json.dumps(told, ensure_ascii=False) if told else ''}".rstrip()

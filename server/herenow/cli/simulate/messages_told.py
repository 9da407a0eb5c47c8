"""The part of the report about messages: the ledger by campaign, why not, and what they changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click

from herenow.cli.simulate.ledger import WAITED, Campaign, Ledger
from herenow.simulation.checking import Check

_NAME: Final = 14
_LABEL: Final = 13
_MOST: Final = 20
"""Breaches of one promise that are told."""
_COLUMNS: Final = (
    ("began", 7),
    ("said", 6),
    ("held", 6),
    ("suppressed", 12),
    ("outranked", 11),
    ("expired", 9),
    ("no consent", 12),
    ("control", 9),
    ("opened", 8),
    ("acted", 7),
    ("converted", 11),
)
_OUTCOMES: Final = ("show", "held", "suppressed", "outranked", "expired", "no_consent", "control")
_WHY: Final = (WAITED, *_OUTCOMES[1:], "failed", "unknown")
_MEASURED: Final = ("opened", "acted", "converted")
_VERDICTS: Final[Mapping[str, str]] = {
    "better": "more with it than without",
    "worse": "fewer with it than without",
    "not_known": "no difference known",
    "too_few": "too few to say",
    "broken_split": "groups not comparable",
}


def messages_told(ledger: Ledger) -> Iterator[str]:
    """A row a campaign; beneath, by which channels it was said, why not, and its goal against the control."""
    yield _line("messages", f"{'':<{_NAME}}" + "".join(f"{name:>{width}}" for name, width in _COLUMNS))
    journeys = {name: each for name, each in ledger.items() if ("entered", "ENTERED") in each.outcomes}
    campaigns = {name: each for name, each in ledger.items() if name not in journeys}
    for name, each in campaigns.items():
        cells = zip(_numbers(each), _COLUMNS, strict=True)
        yield _line("", f"{name:<{_NAME}}" + "".join(f"{number:>{width},}" for number, (_, width) in cells))
    yield _line("", "each trigger once in every column that it came through; what is held may be said later")
    for name, each in journeys.items():
        left = " · ".join(f"{number:,} left: {reason}" for reason, number in each.reasons("left"))
        yield _line("journey", f"{name:<{_NAME}}{each.count('entered'):,} entered · {left or 'nobody left'}")
    for at, (name, each) in enumerate(campaigns.items()):
        yield from _why("why" if at == 0 else "", name, each)
    for at, (name, each) in enumerate(campaigns.items()):
        yield _line("goals" if at == 0 else "", f"{name:<{_NAME}}{_goal(each.measured.get('goal'))}")


def checks_told(checks: Sequence[Check]) -> Iterator[str]:
    """What was promised and whether it was kept, with every breach."""
    yield _line(
        "checked", "by the outbox, by what phones were given and people said: by no rule of the server's"
    )
    for check in checks:
        breaches = f"{len(check.breaches):,} breaches" if len(check.breaches) != 1 else "1 breach"
        yield _line("", f"{check.name:<{_NAME}}{breaches:<13}in {check.of:,} {check.about}")
        yield from (_line("", f"{'':<{_NAME}}{each}") for each in check.breaches[:_MOST])


def _numbers(campaign: Campaign) -> list[int]:
    counted = campaign.measured.get("outcomes", {})
    decided = [campaign.count(outcome) for outcome in _OUTCOMES]
    return [len(campaign.began), *decided, *(counted.get(name, 0) for name in _MEASURED)]


def _why(label: str, name: str, campaign: Campaign) -> Iterator[str]:
    """By channel and reason, a line each outcome."""
    said = [f"{number:,} by {channel}" for channel, number in sorted(campaign.channels.items())]
    lines = [f"said {', '.join(said)}"] if said else []
    for outcome in _WHY:
        reasons = [f"{number:,} {reason}" for reason, number in campaign.reasons(outcome)]
        lines += [f"{outcome.replace('_', ' ')} {', '.join(reasons)}"] if reasons else []
    for at, text in enumerate(lines or ["never began"]):
        yield _line(label if at == 0 else "", f"{name if at == 0 else '':<{_NAME}}{text}")


def _goal(goal: Mapping[str, Any] | None) -> str:
    """``purchase within 24 h: 41 of 120 said to, 1 of 9 kept from: too few to say, +23.1 points (…)``."""
    if goal is None:
        return "states none"
    said, kept, lift = goal["treated"], goal["control"], goal["lift"]
    verdict = _VERDICTS.get(lift["verdict"], lift["verdict"])
    points, low, high = (f"{lift[each] * 100:+.0f}" for each in ("difference", "low", "high"))
    groups = ((said, "said to"), (kept, "kept from"))
    reached = ", ".join(f"{each['reached']:,} of {each['size']:,} {who}" for each, who in groups)
    apart = f", {points} points ({low} to {high})" if said["size"] and kept["size"] else ""
    return f"{goal['event']} within {goal['within_s'] / 3600:g} h: {reached}: {verdict}{apart}"


def _line(label: str, text: str) -> str:
    return f"  {click.style(f'{label:<{_LABEL}}', fg='cyan')}{text}".rstrip()

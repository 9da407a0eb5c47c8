"""Journeys: each step does one thing, leads somewhere, says what can be said, and nobody walks in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path, unknown
from herenow.authoring.validation.findings import Problem
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records, texts

_DOINGS: Final = ("wait", "wait_for", "campaign")
_SAID: Final = ("triggered", "personal")
"""Kinds of campaigns that a step may say: a mass one has its own time, a journey has steps."""


def check(folder: Folder) -> Iterator[Problem]:
    """Every journey."""
    campaigns = folder.document("campaigns")
    for at, campaign in records(campaigns, "*"):
        steps = tuple(name for _, name in texts(campaign, "steps/*/id"))
        for path, step in records(campaign, "steps/*"):
            yield from _step((*at, *path), step, steps)
            yield from _said((*at, *path), step, campaigns)
        yield from _circle(at, [step for _, step in records(campaign, "steps/*")])


def said_by_journeys(campaigns: Any) -> frozenset[str]:
    """The campaigns that steps of journeys say: these need no trigger of their own."""
    return frozenset(name for _, name in texts(campaigns, "*/steps/*/campaign"))


def _step(where: Path, step: Mapping[str, Any], steps: Sequence[str]) -> Iterator[Problem]:
    if steps.count(step.get("id", "")) > 1:
        fault = Fault("REPEATED_ID", f"two steps are called '{step['id']}'", "an id of its own")
        yield Problem("campaigns", (*where, "id"), fault)
    for member in ("then", "otherwise"):
        if member in step and step[member] not in steps:
            yield Problem("campaigns", (*where, member), unknown("UNKNOWN_STEP", "step", step[member], steps))
    does = [member for member in _DOINGS if member in step]
    if not does:
        detail = "the step neither waits nor says anything"
        yield Problem("campaigns", where, Fault("EMPTY_STEP", detail, "wait, wait_for or campaign"))
    if len(does) > 1:
        detail = f"the step has {' and '.join(does)}, and a step does one thing"
        yield Problem("campaigns", where, Fault("CROWDED_STEP", detail, "a step for each"))


def _said(where: Path, step: Mapping[str, Any], campaigns: Any) -> Iterator[Problem]:
    said = campaigns.get(step.get("campaign"), {})
    kind = said.get("kind", "triggered") if isinstance(said, Mapping) else "triggered"
    if kind not in _SAID:
        fault = Fault("WRONG_KIND", f"a step cannot say a {kind} campaign", f"kind {' or '.join(_SAID)}")
        yield Problem("campaigns", (*where, "campaign"), fault)


def _circle(at: Path, steps: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """The first way round on which somebody would go at one instant, again and again."""
    at_once = _at_once(steps)
    for start in at_once:
        way = _way_round(at_once, start)
        if way:
            detail = f"nobody waits on the way round: {' → '.join(way)}"
            yield Problem("campaigns", (*at, "steps"), Fault("STEP_CYCLE", detail, "a wait in the circle"))
            return


def _at_once(steps: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """From each step the steps that may follow at the same instant: past a condition or a message."""
    names = [str(step.get("id", "")) for step in steps]
    ways: dict[str, list[str]] = {}
    for place, step in enumerate(steps):
        following = names[place + 1 : place + 2]
        left_by = ["otherwise"] if "condition" in step else []
        left_by += ["then"] if "campaign" in step else []
        ways[names[place]] = [
            name for member in left_by for name in ([step[member]] if member in step else following)
        ]
    return ways


def _way_round(ways: Mapping[str, Sequence[str]], start: str) -> list[str]:
    """A shortest way from a step back to it, both ends included; empty when there is none."""
    came_from: dict[str, str] = {}
    queue = [start]
    for name in queue:
        for following in ways.get(name, ()):
            if following == start:
                way = [start, name]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if following not in came_from:
                came_from[following] = name
                queue.append(following)
    return []

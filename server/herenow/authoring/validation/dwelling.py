"""Triggers on dwelling: a fence without ``dwell`` tells of nobody who does (SPEC 10.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.moments import seconds
from herenow.authoring.validation.select import records

CODE: Final = "NOBODY_DWELLS"
_TOLD: Final = 3


def check(folder: Folder) -> Iterator[Problem]:
    """Every trigger on dwelling, against the fences of the document that it may happen at."""
    fences = [fence for _, fence in records(folder.document("fences"), "features/*")]
    for at, trigger in records(folder.document("campaigns"), "*/trigger"):
        if trigger.get("transition") == "dwell":
            yield from _dwelling(at, trigger, [each for each in fences if _is_meant(trigger, each)])


def _is_meant(trigger: Mapping[str, Any], fence: Mapping[str, Any]) -> bool:
    if "fence" in trigger:
        return bool(str(fence.get("id")) == trigger["fence"])
    return bool(trigger.get("fence_group") in fence.get("properties", {}).get("groups", ()))


def _dwelling(at: Path, trigger: Mapping[str, Any], meant: list[Mapping[str, Any]]) -> Iterator[Problem]:
    without = [each for each in meant if "dwell" not in each.get("properties", {})]
    if without:
        detail = f"without a dwell time nobody is told to have dwelt at {_names(without)}"
        fault = Fault(CODE, detail, f'"dwell" in the fence\'s properties, such as "{_minutes(trigger)}m"')
        problem = Problem("campaigns", (*at, "transition"), fault)
        yield warning("campaigns", problem.path, fault) if len(without) < len(meant) else problem
    waited = trigger.get("minutes", 0) * 60
    early = [each for each in meant if each not in without and seconds(each["properties"]["dwell"]) < waited]
    if early:
        detail = f"dwelling is told once, and sooner than {trigger['minutes']:g} minutes, at {_names(early)}"
        fault = Fault(CODE, detail, "a dwell time of the fence that is as long, or fewer minutes")
        yield warning("campaigns", (*at, "minutes"), fault)


def _minutes(trigger: Mapping[str, Any]) -> int:
    return max(1, round(float(trigger.get("minutes", 5))))


def _names(fences: list[Mapping[str, Any]]) -> str:
    told = ", ".join(f"'{each.get('id')}'" for each in fences[:_TOLD])
    return f"{told} and {len(fences) - _TOLD} more" if len(fences) > _TOLD else told

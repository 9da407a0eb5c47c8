"""Experiments by themselves, outside any feature: what ``run`` takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from herenow_sdk.core import reading
from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.experiments import Experiment, Gate, Surroundings, Trial, parse_experiment
from herenow_sdk.core.features import Scope
from herenow_sdk.core.prerequisites import Prerequisite, failure, parse_prerequisites
from herenow_sdk.core.values import is_truthy

_OF_RULES: Mapping[str, None] = {"contextualVariations": None, "contextualBanditRef": None}


def parse_standalone(raw: Any, around: Surroundings) -> Experiment:
    """The experiment of a record with ``key`` and ``variations``. Raises ``Malformed``.

    Beside the members of a rule it may have ``parentConditions``, ``force``, ``active``, ``status``
    (``draft``, ``running``, ``stopped``).
    """
    record = reading.record(raw, "an experiment")
    condition = record.get("condition")
    experiment = parse_experiment(
        {**record, **_OF_RULES},
        reading.optional_text(record, "key") or "",
        compile_condition(condition, around.groups) if is_truthy(condition) else None,
        around,
    )
    if not experiment.variations:
        raise reading.Malformed("an experiment without variations")
    prerequisites = parse_prerequisites(record, around.groups)
    return replace(
        experiment,
        gate=_gate(prerequisites) if prerequisites else None,
        preset=reading.integer(record, "force") if "force" in record else None,
        active=record.get("status") != "draft" and record.get("active") is not False,
        stopped=record.get("status") == "stopped",
    )


def _gate(prerequisites: tuple[Prerequisite, ...]) -> Gate:
    def passes(trial: Trial) -> bool:
        return isinstance(trial, Scope) and failure(prerequisites, trial) is None

    return passes

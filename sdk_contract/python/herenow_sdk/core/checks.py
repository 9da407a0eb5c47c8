"""What was asked on the way to a decision, in order: the raw material of every explanation.

A decision says *what* and *why* in one code; its checks are the long form, for the person who has to
find out why it did not come out otherwise. Nothing decides by reading them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class CheckName(StrEnum):
    """The questions a rule of a feature asks, in this order."""

    PREREQUISITE = "PREREQUISITE"  # feature, reason, gate, clauses
    FILTER = "FILTER"  # attribute, value, seed, hash_version, bucket, ranges
    CONDITION = "CONDITION"  # clauses
    ROLLOUT = "ROLLOUT"  # attribute, value, seed, hash_version, bucket, coverage or range
    EXPERIMENT = "EXPERIMENT"  # experiment, attribute … ranges, namespace, leaf, forced, variation, sticky
    TEXT = "TEXT"  # names: whether each name that the text shows is known


@dataclass(frozen=True, slots=True)
class Check:
    """One question: its name, the answer, where in the record it stands, and the values compared.

    ``where`` is a path like ``rules/0/condition/age``; ``detail`` holds JSON values by role, such as
    ``expected``, ``actual``, ``bucket``.
    """

    name: str
    passed: bool
    where: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """``{"check", "passed", "where"?, …detail}``."""
        told: dict[str, Any] = {"check": self.name, "passed": self.passed}
        if self.where:
            told["where"] = self.where
        return told | dict(self.detail)

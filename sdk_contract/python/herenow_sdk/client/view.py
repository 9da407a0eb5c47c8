"""What the app sees at one moment: one source, and every feature and placement by it.

A view is made whole and replaced whole, so that a screen never mixes two decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.kill import Switch
from herenow_sdk.core.reasons import AnswerSource, FeatureReason, OrderReason

Json = Mapping[str, Any]
_OFF: Final[Json] = {"value": None, "reason": FeatureReason.DISABLED.value}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a feature or placement is as it is: who decided, how old that is, the reason, and the checks.

    ``checks`` are the evaluator's, of a decision made on the device; empty for one of the server's.
    """

    source: AnswerSource
    reason: str
    age_s: int | None = None
    stale: bool = False
    rule: str | None = None
    checks: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placement:
    """Items in order, each ``{"id", "fields", "reasons"}``; why these, and the cursor of more."""

    items: Sequence[Json] = ()
    because: Sequence[Json] = ()
    next: str | None = None
    reason: OrderReason = OrderReason.ORDERED


@dataclass(frozen=True, slots=True)
class View:
    """What stands: its source, age in seconds, whether outlived; the config it shows, as an answer's."""

    source: AnswerSource = AnswerSource.DEFAULT
    age_s: int | None = None
    stale: bool = False
    config: Json = field(default_factory=dict)
    killed: frozenset[str] = frozenset()

    @property
    def shown(self) -> Json:
        """The config without what is switched off (SPEC 17.1.2)."""
        if Switch.FEATURES not in self.killed:
            return self.config
        return {**self.config, "features": dict.fromkeys(_object(self.config, "features"), _OFF)}

    def feature(self, name: str) -> Json:
        """``{"type", "value", "reason", "rule"?}`` of a feature; unknown ones have no value."""
        if Switch.FEATURES in self.killed:
            return _OFF
        found = _object(self.config, "features").get(name)
        unknown = {"value": None, "reason": FeatureReason.UNKNOWN_FEATURE.value}
        return found if isinstance(found, Mapping) else unknown

    def placement(self, name: str) -> Placement:
        """A placement; empty when nothing is known of it."""
        found = _object(_object(self.config, "placements"), name)
        disabled = Switch.PLACEMENTS in self.killed
        items = [each for each in _list(found, "items") if isinstance(each, Mapping)]
        following = found.get("next")
        return Placement(
            items,
            _list(found, "because"),
            following if isinstance(following, str) else None,
            OrderReason.DISABLED if disabled else OrderReason.ORDERED,
        )

    def explain(self, name: str, checks: Json) -> Explanation:
        """Why a feature, or else a placement, of this name is as it is; ``checks`` are those made of it."""
        if name in _object(self.config, "placements"):
            reason: str = self.placement(name).reason.value
            return Explanation(self.source, reason, self.age_s, self.stale, None, checks)
        told = self.feature(name)
        rule = told.get("rule")
        return Explanation(self.source, str(told.get("reason")), self.age_s, self.stale, rule, checks)


def _object(source: Json, member: str) -> Json:
    found = source.get(member)
    return found if isinstance(found, Mapping) else {}


def _list(source: Json, member: str) -> Sequence[Any]:
    found = source.get(member)
    return found if isinstance(found, list) else []

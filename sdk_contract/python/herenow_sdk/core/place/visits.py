"""What is known of one fence between two positions, and how it is kept.

Specification: section 10.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow_sdk.core.values import is_whole
from herenow_sdk.core.zones import is_instant

KINDS: Final = ("enter", "exit", "dwell", "cross")


@dataclass(frozen=True, slots=True)
class Visit:
    """Whether the device is inside, since when, and the evidence that it is not where it was thought.

    Instants in epoch seconds: ``doubted``, when a first position spoke against the evidence of having come;
    ``heard``, when the beacon of a beacon region was last heard; ``told``, when each kind of transition was
    last announced.
    """

    inside: bool = False
    since: int = 0
    dwelt: bool = False
    pending_since: int = 0
    pending_fixes: int = 0
    doubted: int | None = None
    heard: int | None = None
    told: Mapping[str, int] = field(default_factory=dict)

    def leaning(self, at: int, *, anew: bool) -> Visit:
        """One more position for the other side; the first of its kind when evidence begins ``anew``."""
        if anew or not self.pending_fixes:
            return replace(self, pending_since=at, pending_fixes=1, doubted=None)
        return replace(self, pending_fixes=self.pending_fixes + 1, doubted=None)

    def leans(self, seconds: int, fixes: int, at: int) -> bool:
        """Whether the evidence spans so many seconds and positions."""
        return self.pending_fixes >= fixes and at - self.pending_since >= seconds

    def is_seldom(self, seconds: int, last: int) -> bool:
        """Whether the evidence up to its ``last`` position has no more than one in so many ``seconds``."""
        return last - self.pending_since >= seconds * (self.pending_fixes - 1)

    def doubted_longer(self, seconds: int, at: int) -> bool:
        """Whether more than so many ``seconds`` ago a position spoke against the evidence."""
        return self.doubted is not None and at - self.doubted > seconds

    def settled(self) -> Visit:
        """Without evidence for the other side."""
        return replace(self, pending_since=0, pending_fixes=0, doubted=None)

    def announcing(self, kind: str, at: int) -> Visit:
        """With a kind of transition announced."""
        return replace(self, told={**self.told, kind: at})


def read_visit(raw: Any, at: int) -> Visit:
    """What was kept of a fence (see ``visit_json``); what lies after ``at`` or makes no sense counts not."""
    if not isinstance(raw, Mapping):
        return Visit()
    inside = raw.get("inside") is True and _is_past(raw.get("since"), at)
    pending = _object(raw.get("pending"))
    since: Any = pending.get("since")
    fixes: Any = pending.get("fixes")
    leaning = _is_past(since, at) and is_whole(fixes) and fixes > 0
    told = _object(raw.get("told"))
    return Visit(
        inside=inside,
        since=int(raw["since"]) if inside else 0,
        dwelt=inside and raw.get("dwelt") is True,
        pending_since=int(since) if leaning else 0,
        pending_fixes=int(fixes) if leaning else 0,
        doubted=int(pending["doubted"]) if leaning and _is_past(pending.get("doubted"), at) else None,
        heard=int(raw["heard"]) if inside and _is_past(raw.get("heard"), at) else None,
        told={kind: int(told[kind]) for kind in KINDS if _is_past(told.get(kind), at)},
    )


def visit_json(visit: Visit, at: int, cool_down_s: int) -> dict[str, Any]:
    """``{"inside", "since"?, "dwelt"?, "heard"?, "pending"?: {…}, "told"?}``; empty when usual."""
    told = {kind: when for kind, when in visit.told.items() if at - when < cool_down_s}
    kept: dict[str, Any] = {"inside": visit.inside}
    if visit.inside:
        kept |= {"since": visit.since, "dwelt": visit.dwelt}
    if visit.heard is not None:
        kept["heard"] = visit.heard
    if visit.pending_fixes:
        kept["pending"] = {"since": visit.pending_since, "fixes": visit.pending_fixes}
        if visit.doubted is not None:
            kept["pending"]["doubted"] = visit.doubted
    if told:
        kept["told"] = {kind: told[kind] for kind in KINDS if kind in told}
    return kept if len(kept) > 1 else {}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_past(value: Any, at: int) -> bool:
    return is_instant(value) and value <= at

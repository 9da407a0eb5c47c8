"""Entering, leaving, dwelling and passing through: what a track of positions means for each fence.

A position near an edge is a coin toss, and a coin that is tossed every few seconds tells a shop of a hundred
visits nobody paid. So a change needs *evidence that lasts*: positions inside, or well outside, over some
minutes. The minutes are not arbitrary: who walks across a fence of 100 m needs less than three, and who stays
five is to be found. What happens between the two edges of the hysteresis speaks for neither side.

State goes in and comes out as JSON, so that a device that was killed goes on where it was. The same
position again changes nothing.

Specification: sections 10.4 to 10.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.motion import Fix, Track, fault_of, read_fix, read_track, track_json
from herenow_sdk.core.place.shapes import ground_m, passes
from herenow_sdk.core.place.silencing import cools_down, is_late
from herenow_sdk.core.place.visits import Visit, read_visit, visit_json
from herenow_sdk.core.reasons import FixFault, Silence

ENTER_S: Final = 210
"""Evidence must span this long (seconds) before a fence counts as entered."""
EXIT_S: Final = 180
MIN_FIXES: Final = 3
"""So many positions are evidence, however long they span."""
EXIT_BUFFER_M: Final = 50
"""A position this far outside, or as far as its accuracy, speaks for having left."""
ENTER_ACCURACY_M: Final = 100
FAR_M: Final = 1000
"""Nobody this far outside is still inside, whatever else is known."""
MAX_GAP_S: Final = 600
"""After a longer silence evidence begins anew, unless the device stood still and is seldom heard anyway."""
SELDOM_S: Final = 300
"""Evidence with no more than a position in so many seconds: silences are its rhythm, and tell nothing."""
ABSENCE_S: Final = 60
"""One position outside, and inside again so soon: an outlier, not an absence."""
CROSS_GAP_S: Final = 120
"""Between positions further apart (seconds) nobody knows the way taken."""

ORDER: Final = ("exit", "enter", "dwell", "cross")


@dataclass(frozen=True, slots=True)
class Transition:
    """What happened at a fence: known ``at``, begun ``since``; not to be announced with a ``silence``."""

    fence: str
    kind: str
    at: int
    since: int
    silence: Silence | None = None

    def as_json(self) -> dict[str, Any]:
        """``{"fence", "transition", "at", "since", "silence"?}``; no coordinates."""
        told = {"fence": self.fence, "transition": self.kind, "at": self.at, "since": self.since}
        return told if self.silence is None else told | {"silence": self.silence.value}


@dataclass(frozen=True, slots=True)
class Advance:
    """The state after a position, what happened, whether the device stands still, and why it was not used."""

    state: Mapping[str, Any]
    transitions: tuple[Transition, ...] = ()
    stopped: bool = False
    fault: FixFault | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """One position with the track before and after it."""

    fix: Fix
    before: Track
    after: Track

    def begins_anew(self, visit: Visit) -> bool:
        """Whether the evidence of a visit is lost in the silence before this position."""
        last = self.before.last
        if last is None or self.fix.at - last.at <= MAX_GAP_S:
            return False
        return not (self.after.stopped and visit.is_seldom(SELDOM_S, last.at))


def advance(fences: Mapping[str, Fence], state: Any, raw_fix: Any, now: int) -> Advance:
    """One position further. Never raises, whatever JSON state and position are.

    ``state`` holds ``fences`` (what is known of each by id) and ``track``; other members are not looked at.
    A fence that is not among ``fences`` any more is forgotten.
    """
    kept = state if isinstance(state, Mapping) else {}
    track, fix = read_track(kept.get("track")), read_fix(raw_fix)
    fault = fault_of(fix, track, now)
    if fix is None or fault is not None:
        unmoved = _state(fences, read_visits(fences, kept, now), track, now)
        return Advance(unmoved, (), track.stopped, fault)
    step = _Step(fix, track, track.moved(fix))
    visits, happened = read_visits(fences, kept, now), list[Transition]()
    for name, fence in fences.items():
        if fence.shape is not None and fence.region is None:
            visits[name], changes = _judge(fence, visits[name], step)
            happened += changes
    return announced(fences, visits, happened, step.after, fix.at, now)


def tick(fences: Mapping[str, Fence], state: Any, now: int) -> Advance:
    """Time passes without a position: who is inside, and was seen lately, may have dwelt."""
    kept = state if isinstance(state, Mapping) else {}
    track = read_track(kept.get("track"))
    visits, happened = read_visits(fences, kept, now), list[Transition]()
    recent = track.last is not None and 0 <= now - track.last.at <= MAX_GAP_S
    for name, fence in fences.items() if recent else ():
        if fence.region is None:
            visits[name], dwelt = dwell(fence, visits[name], now)
            happened += dwelt
    return announced(fences, visits, happened, track, now, now)


def _judge(fence: Fence, visit: Visit, step: _Step) -> tuple[Visit, list[Transition]]:
    assert fence.shape is not None  # noqa: S101 - the caller asks about shapes only
    edge, fix = fence.shape.edge_m(step.fix.point), step.fix
    trusted = fix.accuracy_m <= ENTER_ACCURACY_M or edge + fix.accuracy_m <= 0
    is_in, is_out = edge <= 0 and trusted, edge > max(EXIT_BUFFER_M, fix.accuracy_m)
    if visit.inside:
        return _inside(fence, visit, step, is_in=is_in, is_out=is_out, is_far=edge > FAR_M)
    return _outside(fence, visit, step, is_in=is_in, is_out=is_out, edge=edge)


def _outside(
    fence: Fence, visit: Visit, step: _Step, *, is_in: bool, is_out: bool, edge: int
) -> tuple[Visit, list[Transition]]:
    at, anew = step.fix.at, step.begins_anew(visit)
    if is_in:
        visit = visit.leaning(at, anew=anew or visit.doubted_longer(ABSENCE_S, at))
        if not visit.leans(ENTER_S, MIN_FIXES, at):
            return visit, []
        entered = Visit(inside=True, since=visit.pending_since, told=visit.told)
        entered, dwelt = dwell(fence, entered, at)
        return entered, [Transition(fence.id, "enter", at, entered.since), *dwelt]
    if not is_out:
        return visit, []
    if visit.pending_fixes and not anew:
        if visit.doubted is None and edge <= FAR_M:
            return replace(visit, doubted=at), []
        return visit.settled(), [Transition(fence.id, "cross", at, visit.pending_since)]
    last = step.before.last
    if last is not None and at - last.at <= CROSS_GAP_S and _passed(fence, last, step.fix, edge):
        return visit.settled(), [Transition(fence.id, "cross", at, last.at)]
    return visit.settled(), []


def _passed(fence: Fence, last: Fix, fix: Fix, edge: int) -> bool:
    """Whether the way between two positions outside leads through the fence."""
    shape = fence.shape
    if shape is None or edge > ground_m(last.point, fix.point):
        return False
    return shape.edge_m(last.point) > max(EXIT_BUFFER_M, last.accuracy_m) and passes(
        shape, last.point, fix.point
    )


def _inside(
    fence: Fence, visit: Visit, step: _Step, *, is_in: bool, is_out: bool, is_far: bool
) -> tuple[Visit, list[Transition]]:
    at = step.fix.at
    if is_out:
        visit = visit.leaning(at, anew=step.begins_anew(visit))
        if not (is_far or visit.leans(EXIT_S, MIN_FIXES, at)):
            return visit, []
        left = Visit(told=visit.told)
        return left, [Transition(fence.id, "exit", at, visit.pending_since)]
    return dwell(fence, visit.settled() if is_in else visit, at)


def dwell(fence: Fence, visit: Visit, at: int) -> tuple[Visit, list[Transition]]:
    """The visit at an instant at which the device is known to be inside: dwelt once it is long enough."""
    due = fence.dwell_s is not None and at - visit.since >= fence.dwell_s
    if not due or not visit.inside or visit.dwelt or visit.pending_fixes:
        return visit, []
    return replace(visit, dwelt=True), [Transition(fence.id, "dwell", at, visit.since)]


def announced(
    fences: Mapping[str, Fence],
    visits: dict[str, Visit],
    happened: list[Transition],
    track: Track,
    at: int,
    now: int,
) -> Advance:
    """What happened in its order, silenced where it must be; what is announced starts a cool-down."""
    told = []
    for each in sorted(happened, key=lambda each: (ORDER.index(each.kind), each.fence)):
        silence = _silence(fences[each.fence], visits[each.fence], each, late=is_late(at, now))
        if silence is None:
            visits[each.fence] = visits[each.fence].announcing(each.kind, each.at)
        told.append(replace(each, silence=silence))
    return Advance(_state(fences, visits, track, now), tuple(told), track.stopped)


def _silence(fence: Fence, visit: Visit, each: Transition, *, late: bool) -> Silence | None:
    if late:
        return Silence.LATE
    cooling = cools_down(fence, visit.told.get(each.kind), each.at)
    return Silence.COOLING_DOWN if cooling else None


def read_visits(fences: Mapping[str, Fence], state: Mapping[str, Any], at: int) -> dict[str, Visit]:
    """What ``state`` knows of each fence."""
    raw = state.get("fences")
    known = raw if isinstance(raw, Mapping) else {}
    return {name: read_visit(known.get(name), at) for name in fences}


def _state(
    fences: Mapping[str, Fence], visits: Mapping[str, Visit], track: Track, now: int
) -> dict[str, Any]:
    records = {name: visit_json(visits[name], now, fences[name].cool_down_s) for name in sorted(visits)}
    kept = {name: record for name, record in records.items() if record}
    return {"fences": kept, "track": track_json(track)}

"""What a device's own position says: which fixes can be used, and whether it stands still.

A position claims to be more than it is: a first fix after sleep may be a kilometre off and a jump of ten
kilometres in a second has happened to everybody. What cannot be used is passed over by name; it neither
moves anything nor sets anything back.

Specification: section 10.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.place.shapes import Point, ground_m, read_point
from herenow_sdk.core.reasons import FixFault
from herenow_sdk.core.values import is_whole
from herenow_sdk.core.zones import is_instant

USUAL_ACCURACY_M: Final = 30
"""Taken for a fix that does not state its own."""
WORST_ACCURACY_M: Final = 500
FASTEST_M_S: Final = 100
"""Metres a second; above are aeroplanes and errors. An error is outlived: waiting makes it possible."""
STOP_DISTANCE_M: Final = 70
STOP_DURATION_S: Final = 140


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a device was at an instant (epoch seconds), within ``accuracy_m``."""

    point: Point
    at: int
    accuracy_m: int = USUAL_ACCURACY_M


@dataclass(frozen=True, slots=True)
class Track:
    """What is kept of a device's positions: the last used, and since when it is near ``anchor``."""

    last: Fix | None = None
    anchor: Point | None = None
    anchored_at: int = 0

    @property
    def stopped(self) -> bool:
        """Whether it has stood within ``STOP_DISTANCE_M`` for ``STOP_DURATION_S``."""
        return self.last is not None and self.last.at - self.anchored_at >= STOP_DURATION_S

    def moved(self, fix: Fix) -> Track:
        """The track with one more fix."""
        if self.anchor is not None and ground_m(self.anchor, fix.point) <= STOP_DISTANCE_M:
            return Track(fix, self.anchor, self.anchored_at)
        return Track(fix, fix.point, fix.at)


def read_fix(raw: Any) -> Fix | None:
    """``{"at", "lat_e6", "lon_e6", "accuracy_m"?}``; ``None`` for what is no position."""
    if not isinstance(raw, Mapping) or not is_instant(raw.get("at")):
        return None
    point = read_point((raw.get("lat_e6"), raw.get("lon_e6")))
    accuracy = raw.get("accuracy_m")
    accuracy = USUAL_ACCURACY_M if accuracy is None else accuracy
    if point is None or not is_whole(accuracy) or accuracy < 0:
        return None
    return Fix(point, int(raw["at"]), int(accuracy))


def fault_of(fix: Fix | None, track: Track, now: int) -> FixFault | None:
    """Why a fix is not used, ``None`` for one that is."""
    if fix is None:
        return FixFault.MALFORMED_FIX
    if fix.at > now:
        return FixFault.FROM_FUTURE
    if fix.accuracy_m > WORST_ACCURACY_M:
        return FixFault.INACCURATE
    if track.last is None:
        return None
    if fix.at <= track.last.at:
        return FixFault.NOT_NEWER
    slack = fix.accuracy_m + track.last.accuracy_m
    if ground_m(fix.point, track.last.point) - slack > FASTEST_M_S * (fix.at - track.last.at):
        return FixFault.IMPOSSIBLE_SPEED
    return None


def read_track(raw: Any) -> Track:
    """The track as it was kept (see ``track_json``); an empty one of anything else."""
    if not isinstance(raw, Mapping):
        return Track()
    last, anchor = read_fix(raw.get("last")), read_point(raw.get("anchor"))
    since: Any = raw.get("anchored_at")
    if last is None or anchor is None or not is_instant(since) or since > last.at:
        return Track()
    return Track(last, anchor, int(since))


def track_json(track: Track) -> dict[str, Any]:
    """What is kept of a track: ``{"last": fix, "anchor": [lat_e6, lon_e6], "anchored_at"}``, or nothing."""
    if track.last is None or track.anchor is None:
        return {}
    (lat, lon), last = track.last.point, track.last
    kept = {"at": last.at, "lat_e6": lat, "lon_e6": lon, "accuracy_m": last.accuracy_m}
    return {"last": kept, "anchor": list(track.anchor), "anchored_at": track.anchored_at}

"""Flapping: how many changes a fence announces of those that raw positions would, and what it misses.

Data: ``gps/geolife.csv.gz`` of the development data. 100 fences of 100 m are centred on visited points.
The raw figure counts how often consecutive positions lie on two sides of an edge. A *true visit* is told
from the smoothed track (median of latitude and of longitude within 30 s either side): inside for five minutes
or more, where absences of up to 60 s, and silences of up to 600 s between two positions inside, do not end
it. A visit is lost when the fence is at no instant of it considered entered.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from typing import Any

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Circle, Point
from herenow_sdk.core.place.transitions import advance

SEEDS = (7, 1, 2, 3)
FENCES = 100
RADIUS_M = 100
SMOOTH_S = 30
ABSENCE_S = 60
SILENCE_S = 600
VISIT_S = 300
NEARBY = 15_000
"""Microdegrees, more than a kilometre beyond the edge: there a fence is left for certain."""

Track = list[tuple[int, Point]]
Spans = list[tuple[int, int]]


def rows(data: Path, seeds: Sequence[int] = SEEDS) -> list[dict[str, Any]]:
    """A row a draw of fences, and one of all of them together."""
    track = read_track(data / "gps" / "geolife.csv.gz")
    smoothed = list(smooth(track))
    draws = [_counted(track, smoothed, seed) for seed in seeds]
    every = {name: sum(draw[name] for draw in draws) for name in draws[0]}
    return [
        _row(str(seed), counts) for seed, counts in [*zip(seeds, draws, strict=True), ("together", every)]
    ]


def _row(draw: str, counts: dict[str, int]) -> dict[str, Any]:
    share = round(counts["accepted changes"] / max(counts["raw changes"], 1), 4)
    return {"draw": draw, **counts, "share": share}


def _counted(track: Track, smoothed: Track, seed: int) -> dict[str, int]:
    """Raw, buffered and accepted changes, true visits, and those of them that were lost."""
    fences = [
        Fence(f"f{number:03}", Circle(point, RADIUS_M))
        for number, (_, point) in enumerate(random.Random(seed).sample(track, FENCES))
    ]
    raw = visits = lost = accepted = usual = 0
    for fence in fences:
        near = list(passing(fence, track))
        raw += raw_changes(fence, near)
        usual += buffered_changes(fence, near)
        stays = list(true_visits(fence, list(passing(fence, smoothed))))
        spans, changes = accepted_spans(fence, near)
        accepted += changes
        visits += len(stays)
        lost += sum(not any(a <= end and start <= b for a, b in spans) for start, end in stays)
    return {
        "raw changes": raw,
        "buffered changes": usual,
        "accepted changes": accepted,
        "true visits": visits,
        "lost": lost,
    }


def read_track(path: Path) -> Track:
    """Instants and positions of the file, in time order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [
            (
                int(datetime.fromisoformat(row["utc_iso"]).timestamp()),
                (round(float(row["lat"]) * 1e6), round(float(row["lon"]) * 1e6)),
            )
            for row in csv.DictReader(lines)
        ]


def smooth(track: Track) -> Iterator[tuple[int, Point]]:
    """Each position replaced by the median of those within ``SMOOTH_S``."""
    first = last = 0
    for at, _ in track:
        while track[first][0] < at - SMOOTH_S:
            first += 1
        while last < len(track) and track[last][0] <= at + SMOOTH_S:
            last += 1
        window = [point for _, point in track[first:last]]
        yield at, (median_low([lat for lat, _ in window]), median_low([lon for _, lon in window]))


def passing(fence: Fence, track: Track) -> Iterator[tuple[int, Point]]:
    """The positions near a fence, and the first one after each stretch of them."""
    (lat, lon), was_near = fence.shape.middle, False
    for at, point in track:
        is_near = abs(lat - point[0]) < NEARBY and abs(lon - point[1]) < NEARBY
        if is_near or was_near:
            yield at, point
        was_near = is_near


def raw_changes(fence: Fence, near: Track) -> int:
    """How often consecutive positions lie on different sides of the edge."""
    sides = [fence.shape.edge_m(point) <= 0 for _, point in near]
    return sum(before is not after for before, after in pairwise(sides))


def buffered_changes(fence: Fence, near: Track) -> int:
    """The usual remedy, for comparison: an exit buffer of 50 m, and three positions in a row to confirm."""
    inside, run, changes = False, 0, 0
    for _, point in near:
        edge = fence.shape.edge_m(point)
        run = run + 1 if (edge > 50 if inside else edge <= 0) else 0
        if run == 3:
            inside, run, changes = not inside, 0, changes + 1
    return changes


def true_visits(fence: Fence, smoothed: Track) -> Iterator[tuple[int, int]]:
    """The stays of ``VISIT_S`` or more."""
    start = end = None
    was_inside = False
    for at, point in smoothed:
        inside = fence.shape.edge_m(point) <= 0
        if inside:
            if end is None or at - end > (SILENCE_S if was_inside else ABSENCE_S):
                if end is not None and end - start >= VISIT_S:
                    yield start, end
                start = at
            end = at
        was_inside = inside
    if end is not None and end - start >= VISIT_S:
        yield start, end


def accepted_spans(fence: Fence, track: Track) -> tuple[Spans, int]:
    """When the fence is considered entered, and how many changes that are."""
    state: Any = {}
    spans: Spans = []
    entered, changes = None, 0
    for at, (lat, lon) in track:
        outcome = advance({fence.id: fence}, state, {"at": at, "lat_e6": lat, "lon_e6": lon}, at)
        state = outcome.state
        for each in outcome.transitions:
            changes += each.kind in ("enter", "exit")
            if each.kind == "enter":
                entered = each.since
            if each.kind == "exit":
                spans.append((entered, each.since))
                entered = None
    return ([*spans, (entered, track[-1][0])] if entered is not None else spans), changes

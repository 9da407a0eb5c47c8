"""Fences by the million: our index beside a plain shapely tree and a plain Python grid, in one run.

Fences stand in 3,000 cities, four sizes of circles. Positions are near some fence, nine in ten, or anywhere
on the globe. The peers are what one writes first: shapely's ``STRtree`` over the boxes of circles, and a
dictionary of cells of 0.01 degrees; each then asks the evaluator about its candidates as ours does. The
grid has no bound on how far it looks for the nearest, so it is asked near fences only.
"""

from __future__ import annotations

import mmap
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from tests.benchmarks.figures import Bound, Figure, SingleFigure, timed

from herenow.proximity.columns import FenceRecord, write_fences
from herenow.proximity.index import FenceIndex
from herenow_sdk.core.place.shapes import Circle, Point

FENCES: Final = 1_000_000
QUICK_FENCES: Final = 100_000
_CITIES, _QUERIES, _NEAREST = 3_000, 1_000, 20
_RADII: Final = (100, 150, 200, 500)
_CELL_E6: Final = 10_000
_CONTAINMENT, _NEAR = Bound("≤", 0.2, "ms"), Bound("≤", 0.5, "ms")
_LOAD, _RESIDENT = Bound("≤", 5, "s"), Bound("≤", 600, "MB")

Ask = Callable[[Point], object]


def fences(folder: Path, count: int, seconds: float) -> Iterator[Figure]:
    """Building, loading, memory, containment and the nearest, ours and the peers'."""
    size = f"{count:,} fences"
    circles = _circles(count)
    near, anywhere = _positions(circles)
    started = time.perf_counter()
    file = folder / "fences.bin"
    file.write_bytes(write_fences(_records(circles)))
    yield SingleFigure(f"build index, {size}", count / (time.perf_counter() - started), "fences/s")
    before, started = _resident_mb(), time.perf_counter()
    with file.open("rb") as opened:
        index = FenceIndex(memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)))
    index.containing(near[0])
    yield SingleFigure(f"load index, {size}", time.perf_counter() - started, "s", _LOAD)
    for name, ask, bound in (
        ("containment", index.containing, _CONTAINMENT),
        (f"nearest {_NEAREST}", lambda point: index.nearest(point, _NEAREST), _NEAR),
    ):
        yield timed(f"{name}, ours, {size}", ask, anywhere, seconds=seconds, bound=bound)
    yield SingleFigure(f"resident, ours, {size}", _resident_mb() - before, "MB", _RESIDENT)
    yield from _peer("shapely STRtree", _shapely, circles, near, seconds, size)
    yield from _peer("Python grid", _grid, circles, near, seconds, size)


def _peer(
    name: str,
    build: Callable[[Sequence[Circle]], tuple[Ask, Ask]],
    circles: Sequence[Circle],
    points: Sequence[Point],
    seconds: float,
    size: str,
) -> Iterator[Figure]:
    before, started = _resident_mb(), time.perf_counter()
    containing, nearest = build(circles)
    containing(points[0])
    yield SingleFigure(f"load, {name}, {size}", time.perf_counter() - started, "s")
    yield timed(f"containment, {name}, {size}", containing, points, seconds=seconds)
    yield timed(f"nearest {_NEAREST}, {name}, {size}", nearest, points, seconds=seconds)
    yield SingleFigure(f"resident, {name}, {size}", _resident_mb() - before, "MB")


def _shapely(circles: Sequence[Circle]) -> tuple[Ask, Ask]:
    lat, lon, high = (
        np.array(column)
        for column in zip(*((*each.middle, each.radius_m * 9) for each in circles), strict=True)
    )
    wide = high / np.cos(np.radians(lat / 1e6))
    tree = shapely.STRtree(shapely.box(lon - wide, lat - high, lon + wide, lat + high))

    def containing(point: Point) -> list[int]:
        found = tree.query(shapely.Point(point[1], point[0])).tolist()
        return [each for each in found if circles[each].edge_m(point) <= 0]

    def nearest(point: Point) -> list[tuple[int, int]]:
        reach = 10_000
        while True:
            box = shapely.box(point[1] - reach, point[0] - reach, point[1] + reach, point[0] + reach)
            found = tree.query(box).tolist()
            if len(found) >= _NEAREST:
                return _nearest(circles, found, point)
            reach *= 2

    return containing, nearest


def _grid(circles: Sequence[Circle]) -> tuple[Ask, Ask]:
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, each in enumerate(circles):
        cells[each.middle[0] // _CELL_E6, each.middle[1] // _CELL_E6].append(number)

    def around(point: Point, reach: int) -> list[int]:
        row, column = point[0] // _CELL_E6, point[1] // _CELL_E6
        found: list[int] = []
        for at in range(row - reach, row + reach + 1):
            for beside in range(column - reach, column + reach + 1):
                found += cells.get((at, beside), ())
        return found

    def containing(point: Point) -> list[int]:
        return [each for each in around(point, 1) if circles[each].edge_m(point) <= 0]

    def nearest(point: Point) -> list[tuple[int, int]]:
        reach = 1
        while len(found := around(point, reach)) < _NEAREST:
            reach *= 2
        return _nearest(circles, found, point)

    return containing, nearest


def _nearest(circles: Sequence[Circle], found: Sequence[int], point: Point) -> list[tuple[int, int]]:
    return sorted((max(circles[each].edge_m(point), 0), each) for each in found)[:_NEAREST]


def _circles(count: int) -> list[Circle]:
    chance = random.Random("fences")
    cities = [(chance.uniform(-55, 65), chance.uniform(-179, 179)) for _ in range(_CITIES)]
    return [_circle(chance, *chance.choice(cities)) for _ in range(count)]


def _circle(chance: random.Random, lat: float, lon: float) -> Circle:
    lat, lon = lat + chance.gauss(0, 0.15), lon + chance.gauss(0, 0.2)
    middle = (round(lat * 1e6), round(max(min(lon, 180), -180) * 1e6))
    return Circle(middle, chance.choice(_RADII))


def _records(circles: Sequence[Circle]) -> Iterator[FenceRecord]:
    for number, each in enumerate(circles):
        told = {"circle": [*each.middle, each.radius_m], "groups": ["shops"], "name": f"Shop {number}"}
        yield FenceRecord(f"shop-{number}", told)


def _positions(circles: Sequence[Circle]) -> tuple[list[Point], list[Point]]:
    """Positions near fences, and the same with every tenth anywhere."""
    chance = random.Random("positions")
    near = []
    for each in chance.choices(circles, k=_QUERIES):
        lat, lon = (value + round(chance.gauss(0, 2_000)) for value in each.middle)
        near.append((lat, max(min(lon, 180_000_000), -180_000_000)))
    anywhere = [
        (chance.randint(-90_000_000, 90_000_000), chance.randint(-180_000_000, 180_000_000))
        if number % 10 == 0
        else point
        for number, point in enumerate(near)
    ]
    return near, anywhere


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) / 1024

"""The fences an environment serves: those of its documents over those it imported.

Where both have one of the same id, that of the documents counts, whole: somebody drew it by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from herenow.proximity.columns import FenceRecord, write_fences
from herenow.proximity.index import FenceIndex
from herenow.proximity.records import record_of
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Point


class Fences:
    """Layers of fences, the first over the others."""

    def __init__(self, *layers: FenceIndex) -> None:
        """Each layer's fences that one before has an id of are not served."""
        self._layers = tuple((layer, _hidden(layer, layers[:at])) for at, layer in enumerate(layers))
        self.count = sum(layer.count - len(hidden) for layer, hidden in self._layers)

    def get(self, name: str) -> Fence | None:
        """The fence of an id."""
        for layer, _ in self._layers:
            number = layer.find(name)
            if number is not None:
                return layer.fence_of(number)
        return None

    def containing(self, point: Point) -> dict[str, int]:
        """Fences that a position there enters, each with the metres to its edge (0 or less)."""
        found = {}
        for layer, hidden in self._layers:
            for number in layer.containing(point):
                fence = layer.fence_of(number)
                if number not in hidden and fence.shape is not None:
                    found[fence.id] = fence.shape.edge_m(point)
        return found

    def nearest(self, point: Point, count: int, *, heard: bool = False) -> dict[str, Fence]:
        """The ``count`` nearest by their edge, ties by id, or those that are heard, in that order."""
        found: list[tuple[int, str, Fence]] = []
        for layer, hidden in self._layers:
            for metres, _, number in layer.nearest(point, count + len(hidden), heard=heard):
                if number not in hidden:
                    fence = layer.fence_of(number)
                    found.append((metres, fence.id, fence))
        found.sort(key=lambda each: each[:2])
        return {name: fence for _, name, fence in found[:count]}

    def shapeless(self, count: int) -> dict[str, Fence]:
        """The first ``count`` by id of those that are heard and have no place."""
        found = {
            layer.id_of(number): layer.fence_of(number)
            for layer, hidden in self._layers
            for number in _first(layer, hidden, count)
        }
        return {name: found[name] for name in sorted(found)[:count]}

    def reaching(self, south: int, north: int, west: int, east: int) -> dict[str, dict[str, Any]]:
        """What tiles tell of the fences that may reach into a rectangle, by id, in the order of ids."""
        found = {
            layer.id_of(number): layer.told_of(number)
            for layer, hidden in self._layers
            for number in layer.reaching(south, north, west, east)
            if number not in hidden
        }
        return {name: found[name] for name in sorted(found)}


def _hidden(layer: FenceIndex, above: Iterable[FenceIndex]) -> frozenset[int]:
    numbers = (layer.find(over.id_of(number)) for over in above for number in range(over.count))
    return frozenset(number for number in numbers if number is not None)


def _first(layer: FenceIndex, hidden: frozenset[int], count: int) -> Iterator[int]:
    seen = 0
    for number in layer.shapeless():
        if seen == count:
            return
        if number not in hidden:
            seen += 1
            yield number


NONE = Fences()
"""An environment without fences."""


def drawn(part: Mapping[str, Any]) -> FenceIndex:
    """The index of a decoded part ``fences``; the first of an id counts, as on a device."""
    features = part.get("fences", {}).get("features", ())
    records: dict[str, FenceRecord] = {}
    for feature in features:
        record = record_of(feature)
        if record is not None:
            records.setdefault(record.id, record)
    return FenceIndex(memoryview(write_fences(records.values())))

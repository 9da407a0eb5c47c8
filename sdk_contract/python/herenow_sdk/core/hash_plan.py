"""Where one person falls for every seed of a bundle, at the price of a few.

``hashing.bucket`` defines the buckets; here they are computed for many seeds at once. The 32-bit states of N
hashes lie side by side in one large integer, 64 bits a lane, and a step of FNV-1a is one exclusive or, one
multiplication and one mask for all of them: a state times the 25-bit prime fits into its lane. So the cost of
a character hardly depends on how many rules hash.

Version 2 hashes the seed first, so every lane starts from its seed's state, known since the bundle was read,
and takes the value's characters. Version 1 hashes the value first: all lanes start from one state and take
their seeds' characters, laid out beforehand for all seeds of one length.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from herenow_sdk.core.hashing import OFFSET_BASIS, PRIME, fnv1a32, utf16_units
from herenow_sdk.core.paths import lookup_literal_first
from herenow_sdk.core.values import is_truthy, to_text

_LANE: Final = 64
_STATE: Final = 0xFFFFFFFF
_FEW: Final = 6
"""Below so many lanes a step on each of them costs less."""

Points = list[float | None]


class HashPlan:
    """The seeds that are hashed with one attribute, and the points of the person who is expected.

    Computing all points pays when a whole bundle is evaluated, so that is announced with ``expect`` and ended
    with ``forget``; whoever asks for another person is told that nothing is known of them. Safe between
    threads: one that loses its person to another has them computed one by one.
    """

    def __init__(self, attribute: str) -> None:
        self.read = lookup_literal_first(attribute)
        self._slots: dict[tuple[str, int], int] = {}
        self._compiled: _Lanes | None = None
        self._expected: Mapping[str, Any] | None = None
        self._points: tuple[Mapping[str, Any] | None, Points] = (None, [])

    def slot(self, seed: str, version: int) -> int:
        """The number of a seed and version in this plan; the same for the same pair."""
        self._compiled = None
        return self._slots.setdefault((seed, version), len(self._slots))

    def expect(self, attributes: Mapping[str, Any]) -> None:
        """All points of this person are about to be asked for."""
        self._expected = attributes

    def forget(self) -> None:
        """Nobody is expected any more."""
        self._expected = None
        self._points = (None, [])

    def points(self, attributes: Mapping[str, Any]) -> Points | None:
        """The points of the person expected, by slot; ``None`` when these are not theirs.

        A point is ``None`` for an unknown version, and for somebody without the attribute.
        """
        whose, points = self._points
        if whose is attributes:
            return points
        if self._expected is not attributes:
            return None
        points = self._computed(self.read(attributes))
        self._points = (attributes, points)
        return points

    def _computed(self, value: Any) -> Points:
        lanes = self._compiled
        if lanes is None:
            self._compiled = lanes = _Lanes(tuple(self._slots))
        return lanes.points(to_text(value)) if is_truthy(value) else lanes.none


class HashPlans:
    """The plans of a bundle by hash attribute."""

    def __init__(self) -> None:
        self._plans: dict[str, HashPlan] = {}

    def plan(self, attribute: str) -> HashPlan:
        """The plan of an attribute."""
        return self._plans.setdefault(attribute, HashPlan(attribute))

    @contextmanager
    def expecting(self, attributes: Mapping[str, Any]) -> Iterator[None]:
        """While everything is evaluated for this person."""
        for plan in self._plans.values():
            plan.expect(attributes)
        try:
            yield
        finally:
            for plan in self._plans.values():
                plan.forget()


class _Lanes:
    """Seeds laid out for computing, by version and, for version 1, by length."""

    def __init__(self, pairs: Sequence[tuple[str, int]]) -> None:
        self.none: Points = [None] * len(pairs)
        self._second = [slot for slot, (_, version) in enumerate(pairs) if version == 2]
        self._second_states = _packed(fnv1a32(pairs[slot][0]) for slot in self._second)
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        units = {slot: utf16_units(seed) for slot, (seed, version) in enumerate(pairs) if version == 1}
        for slot, seed in units.items():
            by_length[len(seed)].append(slot)
        self._first = [
            (slots, [_packed(units[slot][at] for slot in slots) for at in range(length)])
            for length, slots in by_length.items()
        ]

    def points(self, text: str) -> Points:
        """Where the text falls for every seed, by slot."""
        points = self.none.copy()
        value = utf16_units(text)
        if self._second:
            for slot, state in zip(self._second, self._second_hashes(value), strict=True):
                points[slot] = state % 10_000 / 10_000
        if self._first:
            start = fnv1a32(text)
            for slots, columns in self._first:
                for slot, state in zip(slots, _hashes(start, len(slots), columns), strict=True):
                    points[slot] = state % 1000 / 1000
        return points

    def _second_hashes(self, value: Iterable[int]) -> list[int]:
        count = len(self._second)
        ones, mask = _ones(count), _mask(count)
        states = self._second_states
        for unit in value:
            states = (states ^ unit * ones) * PRIME & mask
        return _decimal_hashes(_unpacked(states, count))


def _hashes(start: int, count: int, columns: Iterable[int]) -> list[int]:
    """The hashes of ``count`` texts that continue one state; a column holds a character of each text."""
    states, mask = start * _ones(count), _mask(count)
    for column in columns:
        states = (states ^ column) * PRIME & mask
    return _unpacked(states, count)


def _decimal_hashes(numbers: Sequence[int]) -> list[int]:
    """The hash of each number's decimal text."""
    texts = [str(number) for number in numbers]
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        by_length[len(text)].append(at)
    hashes = [0] * len(texts)
    for length, places in by_length.items():
        if len(places) < _FEW:
            group = [fnv1a32(texts[at]) for at in places]
        else:
            digits = "".join([texts[at] for at in places]).encode()
            columns = [_spread(digits[at::length]) for at in range(length)]
            group = _hashes(OFFSET_BASIS, len(places), columns)
        for at, state in zip(places, group, strict=True):
            hashes[at] = state
    return hashes


def _spread(column: bytes) -> int:
    """One byte a lane."""
    lanes = bytearray(len(column) * _LANE // 8)
    lanes[:: _LANE // 8] = column
    return int.from_bytes(lanes, "little")


def _packed(lanes: Iterable[int]) -> int:
    numbers = list(lanes)
    return int.from_bytes(struct.pack(f"<{len(numbers)}Q", *numbers), "little")


def _unpacked(states: int, count: int) -> list[int]:
    return list(struct.unpack(f"<{count}Q", states.to_bytes(count * _LANE // 8, "little")))


@lru_cache(maxsize=1024)
def _ones(count: int) -> int:
    """1 in each lane."""
    return _packed([1] * count)


@lru_cache(maxsize=1024)
def _mask(count: int) -> int:
    """All bits of a state in each lane."""
    return _ones(count) * _STATE

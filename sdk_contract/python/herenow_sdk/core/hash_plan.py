"""Where one person falls for every seed of a bundle, at the price of a few.

``hashing.bucket`` defines the buckets; here they are computed for many seeds at once. The 32-bit states of N
hashes lie side by side in one large integer, 64 bits a lane, and a step of FNV-1a is one exclusive or, one
multiplication and one mask for all of them: a state times the 25-bit prime fits into its lane. So the cost of
a character hardly depends on how many rules hash.

Version 2 hashes the seed first, so every lane starts from its seed's state, known since the bundle was read,
and takes the value's characters; the decimal digits that are hashed again are computed in the lanes, too.
Version 1 hashes the value first: all lanes start from one state and take their seeds' characters, laid out
beforehand for all seeds of one length.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from herenow_sdk.core.hashing import OFFSET_BASIS, PRIME, bucket, fnv1a32, utf16_units
from herenow_sdk.core.paths import lookup_literal_first
from herenow_sdk.core.values import is_truthy, to_text

_LANE: Final = 64
_STATE: Final = 0xFFFFFFFF
_FEW: Final = 6
"""Below so many seeds each by itself costs less."""
_DIGITS: Final = 10
"""Decimal digits of a 32-bit number, at most."""
_TENTHS: Final = ((0xCCCCCCCD, 35), *((0x1999999A, 32),) * (_DIGITS - 2))
"""A number times the first, shifted right by the second, is its tenth, rounded down; the product fits a lane.

The first pair holds for 32 bits, the others for the 29 that are left: Python multiplies faster by less than
2**30.
"""
_BUCKETS: Final = {1: (1000, 0x10624DD3, 38), 2: (10_000, 0xD1B71759, 45)}
"""By version: how many there are, and a 32-bit number times the second, shifted, is so many times smaller."""
_POINTS: Final = {version: tuple(at / many for at in range(many)) for version, (many, *_) in _BUCKETS.items()}

Points = Sequence[float | None]
Latest = tuple[Mapping[str, Any], Points, Any]
_NO_ONE: Final[Mapping[str, Any]] = {}
"""Attributes that nobody else has: persons are told apart by identity, and ``None`` may be somebody's."""
_NOBODY: Final[Latest] = (_NO_ONE, (), None)


class HashPlan:
    """The seeds that are hashed with one attribute, and the points of the person who is expected.

    Computing all points pays when a whole bundle is evaluated, so that is announced with ``expect`` and ended
    with ``forget``; whoever asks for another person is told that nothing is known of them. Safe between
    threads: one that loses its person to another has them computed one by one.
    """

    latest: Latest
    """Whose points were computed last, they, and what was hashed: one tuple, read whole by other threads."""

    def __init__(self, attribute: str) -> None:
        self.read = lookup_literal_first(attribute)
        self.latest = _NOBODY
        self._slots: dict[tuple[str, int], int] = {}
        self._compiled: _Lanes | None = None
        self._expected: Mapping[str, Any] = _NO_ONE

    def slot(self, seed: str, version: int) -> int:
        """The number of a seed and version in this plan; the same for the same pair."""
        self._compiled = None
        return self._slots.setdefault((seed, version), len(self._slots))

    def expect(self, attributes: Mapping[str, Any]) -> None:
        """All points of this person are about to be asked for."""
        self._expected = attributes

    def forget(self) -> None:
        """Nobody is expected any more."""
        self._expected = _NO_ONE
        self.latest = _NOBODY

    def points(self, attributes: Mapping[str, Any]) -> Points | None:
        """The points of the person expected, by slot; ``None`` when these are not theirs.

        A point is ``None`` for an unknown version, and for somebody without the attribute.
        """
        whose, points, _ = self.latest
        if whose is attributes:
            return points
        if self._expected is not attributes:
            return None
        value = self.read(attributes)
        points = self._computed(value)
        self.latest = (attributes, points, value)
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
        self.none: Points = (None,) * len(pairs)
        self._pairs = pairs
        second = [slot for slot, (_, version) in enumerate(pairs) if version == 2]
        self._count = len(second)
        self._states = _packed(fnv1a32(pairs[slot][0]) for slot in second)
        self._first = [
            (len(slots), [_packed(column) for column in zip(*units, strict=True)])
            for slots, units in _by_length(pairs)
        ]
        computed = second + [slot for slots, _ in _by_length(pairs) for slot in slots]
        places = {slot: place for place, slot in enumerate(computed)}
        # an unknown version takes the None at the end; one place more makes itemgetter answer a tuple
        self._order = itemgetter(*(places.get(slot, -1) for slot in range(len(pairs))), -1)

    def points(self, text: str) -> Points:
        """Where the text falls for every seed, by slot; ``None`` stands at the end, too."""
        if len(self._pairs) < _FEW:
            return [bucket(seed, text, version) for seed, version in self._pairs]
        points: list[float | None] = []
        if self._count:
            columns = [_column(unit, self._count) for unit in utf16_units(text)]
            numbers = _hashed(self._states, self._count, columns)
            points += _points(_decimal_hashed(numbers, self._count), self._count, 2)
        start = fnv1a32(text) if self._first else 0
        for count, columns in self._first:
            points += _points(_hashed(start * _ones(count), count, columns), count, 1)
        points.append(None)
        ordered: Points = self._order(points)
        return ordered


def _by_length(pairs: Sequence[tuple[str, int]]) -> Iterable[tuple[list[int], list[Sequence[int]]]]:
    """The slots of version 1 whose seeds have one length, with the seeds' characters."""
    groups: defaultdict[int, tuple[list[int], list[Sequence[int]]]] = defaultdict(lambda: ([], []))
    for slot, (seed, version) in enumerate(pairs):
        if version == 1:
            units = utf16_units(seed)
            slots, seeds = groups[len(units)]
            slots.append(slot)
            seeds.append(units)
    return groups.values()


def _hashed(states: int, count: int, columns: Iterable[int]) -> int:
    """The states after further characters; a column holds one of each lane."""
    mask = _mask(count)
    for column in columns:
        states = (states ^ column) * PRIME & mask
    return states


def _decimal_hashed(numbers: int, count: int) -> int:
    """The hash of each lane's decimal text.

    Every number gets ten digits. A shorter one starts from the state that its leading zeros turn into the
    offset basis.
    """
    ones = _ones(count)
    zero, below_carry, quotient = ones * ord("0"), ones * 15, ones * (_STATE >> 3)
    columns = []  # the digits, last first
    for factor, shift in _TENTHS:
        tenth = numbers * factor >> shift & quotient
        columns.append(numbers - tenth * 10)
        numbers = tenth
    columns.append(numbers)
    columns.reverse()
    states, leading = ones * _BEFORE_ZEROS[0], ones  # 1 in a lane whose digits were all 0 up to here
    for before, after, column in zip(_BEFORE_ZEROS, _BEFORE_ZEROS[1:], columns, strict=False):
        leading &= ~(column + below_carry >> 4)
        if not leading:
            break
        states ^= leading * (before ^ after)
    return _hashed(states, count, [column | zero for column in columns])


def _points(states: int, count: int, version: int) -> list[float]:
    """The points that the states are buckets of."""
    many, factor, shift = _BUCKETS[version]
    buckets = states - (states * factor >> shift & _ones(count) * (_STATE >> shift - 32)) * many
    known = _POINTS[version]
    return [known[bucket] for bucket in _unpacked(buckets, count)]


def _states_before_zeros() -> tuple[int, ...]:
    """By number, the state that so many characters ``0`` turn into the offset basis: steps undone."""
    undo = pow(PRIME, -1, _STATE + 1)
    states = [OFFSET_BASIS]
    for _ in range(_DIGITS - 1):
        states.append(states[-1] * undo & _STATE ^ ord("0"))
    return tuple(states)


_BEFORE_ZEROS: Final = _states_before_zeros()


def _packed(lanes: Iterable[int]) -> int:
    numbers = list(lanes)
    return int.from_bytes(struct.pack(f"<{len(numbers)}Q", *numbers), "little")


def _unpacked(states: int, count: int) -> Sequence[int]:
    return struct.unpack(f"<{count}Q", states.to_bytes(count * _LANE // 8, "little"))


@lru_cache(maxsize=512)
def _column(unit: int, count: int) -> int:
    """One character in each lane; ids are made of few different ones."""
    return unit * _ones(count)


@lru_cache(maxsize=1024)
def _ones(count: int) -> int:
    """1 in each lane."""
    return _packed([1] * count)


@lru_cache(maxsize=1024)
def _mask(count: int) -> int:
    """All bits of a state in each lane."""
    return _ones(count) * _STATE

"""Stable buckets: the same person falls into the same place on every device and on the server.

FNV-1a over UTF-16 code units, 32 bits (Fowler, Noll, Vo; GrowthBook SDK specification 0.8.0 for the
two ways of using it). Version 1 is kept for experiments that began with it; version 2 is unbiased.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Final

Range = tuple[float, float]
"""From, inclusive, to, exclusive; both within 0..1."""

OFFSET_BASIS: Final = 0x811C9DC5
PRIME: Final = 0x01000193
_MASK: Final = 0xFFFFFFFF


def fnv1a32(text: str, start: int = OFFSET_BASIS) -> int:
    """The 32-bit FNV-1a hash of the text's UTF-16 code units, unsigned.

    ``start`` continues an earlier hash: ``fnv1a32(b, fnv1a32(a)) == fnv1a32(a + b)``.

    >>> fnv1a32("a")
    3826002220
    """
    value = start
    for unit in utf16_units(text):
        value = ((value ^ unit) * PRIME) & _MASK
    return value


def utf16_units(text: str) -> Sequence[int]:
    """The text's UTF-16 code units; a lone surrogate is a unit like any other."""
    if text.isascii():
        return text.encode()
    content = text.encode("utf-16-le", "surrogatepass")
    return struct.unpack(f"<{len(content) // 2}H", content)


def bucket(seed: str, value: str, version: int) -> float | None:
    """Where in 0..1 the value falls for the seed; ``None`` for a version we do not know.

    >>> bucket("", "a", 1), bucket("seed", "b", 2), bucket("abc", "def", 99)
    (0.22, 0.2696, None)
    """
    if version == 2:
        return fnv1a32(str(fnv1a32(seed + value))) % 10000 / 10000
    if version == 1:
        return fnv1a32(value + seed) % 1000 / 1000
    return None


def in_range(point: float, bounds: Range) -> bool:
    """Whether the point lies in the range (start inclusive, end exclusive)."""
    return bounds[0] <= point < bounds[1]


def choose_variation(point: float, ranges: Sequence[Range]) -> int:
    """The index of the first range that holds the point, or -1."""
    for index, (start, end) in enumerate(ranges):
        if start <= point < end:
            return index
    return -1


def in_namespace(value: str, namespace: str, bounds: Range) -> bool:
    """Whether the value belongs to its share of a namespace (experiments that exclude each other)."""
    point = bucket(f"__{namespace}", value, 1)
    return point is not None and in_range(point, bounds)


def equal_weights(count: int) -> tuple[float, ...]:
    """``count`` weights that sum to 1; none for a count below 1."""
    return (1 / count,) * count if count > 0 else ()


def bucket_ranges(
    count: int, coverage: float = 1, weights: Sequence[float] | None = None
) -> tuple[Range, ...]:
    """One range for each of ``count`` variations.

    Each starts where its full weight starts and is ``coverage`` of it wide: the gaps are what lets
    coverage grow later without moving anybody. Weights that do not fit (another count, a sum outside
    0.99..1.01) give way to equal ones.

    >>> bucket_ranges(2, 0.5, [0.4, 0.6])
    ((0, 0.2), (0.4, 0.7))
    """
    coverage = min(max(coverage, 0), 1)
    # reduce, because the built-in sum of newer Pythons compensates and phones do not
    if weights is None or len(weights) != count or not 0.99 <= reduce(add, weights, 0.0) <= 1.01:
        weights = equal_weights(count)
    ranges: list[Range] = []
    start: float = 0
    for weight in weights:
        ranges.append((start, start + coverage * weight))
        start += weight
    return tuple(ranges)

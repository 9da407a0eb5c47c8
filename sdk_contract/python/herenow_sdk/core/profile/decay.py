"""Decayed counters: the one thing a device learns with, in integers.

A counter is ``[c, day]``: ``c`` in 1024ths of an event as it stood on that local day. Decay is a look-up of
a power
of one half in 16-bit fixed point, a multiplication and a shift, so that every device gets the same number to
the
bit. An event that arrives late weighs what it would weigh had it come on its day. Specification: 12.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from herenow_sdk.core.values import is_array, is_whole

UNIT: Final = 1024
"""One event of weight 1."""
ONE_SHIFT: Final = 16
ONE: Final = 1 << ONE_SHIFT
LIMIT: Final = 2**36 - 1
"""A counter saturates here: with it, every product stays exact in a double."""
SHORT, MEDIUM, LONG = 14, 30, 60
"""Half-lives in days: intent, taste, places."""
MAX_HALVINGS: Final = 53

Counter = tuple[int, int]

HALF_LIVES: Final[Mapping[int, tuple[int, ...]]] = {
    14: (
        65536,
        62370,
        59358,
        56490,
        53761,
        51165,
        48693,
        46341,
        44102,
        41972,
        39945,
        38015,
        36179,
        34431,
    ),
    30: (
        65536,
        64039,
        62576,
        61147,
        59751,
        58386,
        57052,
        55749,
        54476,
        53232,
        52016,
        50828,
        49667,
        48533,
        47424,
        46341,
        45283,
        44248,
        43238,
        42250,
        41285,
        40342,
        39421,
        38520,
        37641,
        36781,
        35941,
        35120,
        34318,
        33534,
    ),
    60: (
        65536,
        64783,
        64039,
        63304,
        62576,
        61858,
        61147,
        60445,
        59751,
        59064,
        58386,
        57715,
        57052,
        56397,
        55749,
        55109,
        54476,
        53850,
        53232,
        52620,
        52016,
        51419,
        50828,
        50244,
        49667,
        49097,
        48533,
        47975,
        47424,
        46879,
        46341,
        45809,
        45283,
        44762,
        44248,
        43740,
        43238,
        42741,
        42250,
        41765,
        41285,
        40811,
        40342,
        39879,
        39421,
        38968,
        38520,
        38078,
        37641,
        37208,
        36781,
        36358,
        35941,
        35528,
        35120,
        34716,
        34318,
        33924,
        33534,
        33149,
    ),
}
"""By half-life H: entry n is 65536 * 2**(-n/H) to the nearest integer, for n from 0 to H - 1."""


def factor(days: int, table: Sequence[int]) -> int:
    """What is left of ``ONE`` after so many whole days, by the table of a half-life.

    >>> factor(0, HALF_LIVES[14]), factor(14, HALF_LIVES[14]), factor(15, HALF_LIVES[14])
    (65536, 32768, 31185)
    """
    halvings, rest = divmod(max(days, 0), len(table))
    return table[rest] >> halvings if halvings <= MAX_HALVINGS else 0


def decayed(count: int, days: int, table: Sequence[int]) -> int:
    """What is left of a count (0 to ``LIMIT``) after so many days, rounded down."""
    return count * factor(days, table) >> ONE_SHIFT


def bump(counter: Counter, weight: int, day: int, table: Sequence[int]) -> Counter:
    """The counter with an event of ``weight`` (1024ths, not negative) on ``day``, in whatever order."""
    count, at = counter
    if day >= at:
        return min(decayed(count, day - at, table) + weight, LIMIT), day
    return min(count + decayed(weight, at - day, table), LIMIT), at


def at_day(counter: Counter, day: int, table: Sequence[int]) -> int:
    """The counter as it stands on a day; on an earlier day than its own, as on its own."""
    return decayed(counter[0], day - counter[1], table)


def read_table(raw: Any, half_life: int) -> tuple[int, ...]:
    """A table of the model: from 65536 down, above 32768, never rising; else the default."""
    if not is_array(raw) or not raw or not all(map(is_whole, raw)):
        return HALF_LIVES[half_life]
    table = tuple(map(int, raw))
    falls = all(ONE // 2 < later <= earlier for earlier, later in zip((ONE, *table), table, strict=False))
    return table if falls and table[0] == ONE else HALF_LIVES[half_life]

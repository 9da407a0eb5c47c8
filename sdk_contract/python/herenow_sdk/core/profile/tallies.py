"""How often something happened on each of the last days, or hours: ``[latest, n, n before, …]``.

The first number is the latest day (or hour, day * 24 + hour) on which it happened; the second how often
it did then, the third the day before, and so on, without trailing zeros. Specification: 12.5.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, Final

from herenow_sdk.core.values import is_array, is_whole

Tally = tuple[int, ...]

MAX_TALLY: Final = 65_535
"""A count saturates here."""
MAX_DATE: Final = 2**36
"""Days and hours beyond this are no dates."""


def count_in(tally: Tally | None, date: int, keep: int) -> Tally:
    """The tally with one more on a date; ``keep`` dates are kept, the latest included."""
    if not tally:
        return date, 1
    later = date - tally[0]
    if not later:
        return date, min(tally[1] + 1, MAX_TALLY), *tally[2:]
    if later >= keep:
        return date, 1
    if later > 0:
        return date, *_trimmed([1, *(0,) * (later - 1), *tally[1 : keep - later + 1]])
    return sum_of(tally, (date, 1), keep)


def sum_of(one: Tally, other: Tally, keep: int) -> Tally:
    """The tally of both, date by date."""
    latest = max(one[0], other[0])
    both = zip_longest(_since(one, latest, keep), _since(other, latest, keep), fillvalue=0)
    return latest, *_trimmed([min(n + m, MAX_TALLY) for n, m in both])


def between(tally: Tally, first: int, last: int) -> int:
    """How often it happened from ``first`` to ``last``, both included."""
    latest = tally[0]
    start, end = max(latest - last, 0), latest - first + 1
    return sum(tally[1 + start : 1 + end]) if end > start else 0


def read_tally(raw: Any, keep: int) -> Tally | None:
    """The tally out of JSON; ``None`` for what is none. Counts beyond ``keep`` are left out."""
    if not is_array(raw) or len(raw) < 2 or not all(map(is_whole, raw)) or not -MAX_DATE < raw[0] < MAX_DATE:
        return None
    counts = _trimmed([max(0, min(int(n), MAX_TALLY)) for n in raw[1 : keep + 1]])
    return (int(raw[0]), *counts) if counts else None


def _trimmed(counts: list[int]) -> list[int]:
    while counts and not counts[-1]:
        counts.pop()
    return counts


def _since(tally: Tally, latest: int, keep: int) -> tuple[int, ...]:
    """The counts as they would stand under a later date."""
    late = latest - tally[0]
    return (*(0,) * min(late, keep), *tally[1:])[:keep] if late < keep else ()

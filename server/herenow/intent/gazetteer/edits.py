"""Whether two words are one slip of the finger apart."""

from __future__ import annotations


def is_one_edit(one: str, other: str) -> bool:
    """One letter added, left out, replaced, or two neighbours swapped; also no difference at all."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    swapped = one[1:2] + one[:1] + one[2:] == other
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]

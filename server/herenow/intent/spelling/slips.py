"""How unlikely one slip of the hand is: what was typed for what was meant, by the kind of the slip.

A swap of neighbours and a lost letter leave few ways to go wrong, so they say much; another letter, or one
too many, may be any of the alphabet, and says much only where the finger lay near: a key that touches the
right one, a letter struck twice. The first letter of a word is rarely wrong otherwise than by a swap.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

LIKELY: Final = 0
NEAR_KEY: Final = 1
UNLIKELY: Final = 2
OTHER_FIRST: Final = 1
"""Added when the first letter differs."""

_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> frozenset[str]:
    """Pairs of letters whose keys touch: in a row, and aslant from one row to the next."""
    beside = {left + right for row in _ROWS for left, right in pairwise(row)}
    for upper, lower in pairwise(_ROWS):
        beside |= {upper[at] + lower[at] for at in range(len(lower))}
        beside |= {upper[at + 1] + lower[at] for at in range(min(len(lower), len(upper) - 1))}
    return frozenset(beside | {pair[::-1] for pair in beside})


_TOUCHING: Final = _neighbours()


def unlikelihood(typed: str, meant: str) -> int:
    """``LIKELY``, ``NEAR_KEY`` or ``UNLIKELY`` for words one edit apart, more for another first letter."""
    start = _shared(typed, meant)
    end = _shared(typed[start:][::-1], meant[start:][::-1])
    wrong, right = typed[start : len(typed) - end], meant[start : len(meant) - end]
    if len(wrong) == len(right) == 2 and wrong == right[::-1]:
        return LIKELY
    kind = _of_change(
        wrong, right, (typed[start - 1 : start] if start else "", typed[len(typed) - end :][:1])
    )
    return kind + OTHER_FIRST * (start == 0)


def _shared(one: str, other: str) -> int:
    """Letters that both begin with."""
    at, end = 0, min(len(one), len(other))
    while at < end and one[at] == other[at]:
        at += 1
    return at


def _of_change(wrong: str, right: str, beside: tuple[str, str]) -> int:
    """Of ``wrong`` for ``right`` between these two letters (``""`` at an end of the word)."""
    match len(wrong), len(right):
        case 0, 1:
            return LIKELY
        case 1, 1:
            return NEAR_KEY if wrong + right in _TOUCHING else UNLIKELY
        case 1, 0:
            if wrong in beside:
                return LIKELY
            return NEAR_KEY if any(wrong + other in _TOUCHING for other in beside) else UNLIKELY
        case _:
            return UNLIKELY

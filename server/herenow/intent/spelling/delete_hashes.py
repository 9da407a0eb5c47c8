"""The hashes under which a delete index files words and looks up what was typed.

A hash covers what is left of the first seven letters after taking some out: a polynomial over code
points in 32 bits, multiplied once more so that the high bits depend on all letters. For a vocabulary
it is computed column by column with numpy, all words of a length at once; for one typed word in the
same arithmetic over all ways of taking letters out. It is the same on every machine and in every
process, so an index can be stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from operator import mul
from typing import Final

import numpy as np
from numpy.typing import NDArray

HASH_BITS: Final = 32
_PREFIX: Final = 7
_TWICE_FROM: Final = 6
"""Letters of the shortest word that two edits may reach from eight typed ones."""
_MASK: Final = (1 << HASH_BITS) - 1
_FACTORS: Final = tuple(pow(0x01000193, power, 1 << HASH_BITS) for power in range(1, _PREFIX + 1))
_FACTOR_ARRAY: Final = np.array(_FACTORS, dtype=np.uint32)
_MIXER: Final = 0x85EBCA6B
_MIXER_SHIFT: Final = 15

Hashes = NDArray[np.uint32]


def filed_hashes(words: Sequence[str]) -> tuple[Hashes, Hashes]:
    """Every hash of every word ascending, and beside each the word's number, ascending too."""
    codes = _prefix_codes(words)
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    hashes, numbers = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    for length in range(1, _TWICE_FROM + 2):
        chosen = np.flatnonzero(np.minimum(lengths, _PREFIX) == length)
        for kept in _ways(length, 2 if length >= _TWICE_FROM else 1):
            hashes.append(_hash_columns(codes[chosen], kept))
            numbers.append(chosen.astype(np.uint32))
    return _sorted(np.concatenate(hashes), np.concatenate(numbers))


def query_hashes(form: str, edits: int) -> list[int]:
    """The hashes of a typed word with at most ``edits`` letters taken out."""
    prefix = form[:_PREFIX]
    if edits == 1:
        return _once(prefix)
    codes = np.zeros(len(prefix) + 1, dtype=np.uint32)
    codes[:-1] = np.frombuffer(prefix.encode("utf-32-le"), dtype="<u4")
    left = codes[_way_table(len(prefix), edits)] * _FACTOR_ARRAY
    hashes: list[int] = _mixed(left.sum(axis=1, dtype=np.uint32)).tolist()
    return hashes


def whole_hash(word: str) -> int:
    """The hash of a word with nothing taken out."""
    return _mixed_one(sum(map(mul, map(ord, word), _FACTORS)))


def _once(prefix: str) -> list[int]:
    """As it is and with each letter taken out: for so few, faster without arrays.

    Letters behind the one taken out move up by one, so a step to the left changes two terms.
    """
    codes = list(map(ord, prefix))
    hashed = sum(map(mul, codes, _FACTORS))
    hashes = [_mixed_one(hashed)]
    for at in range(len(codes) - 1, -1, -1):
        hashed -= codes[at] * _FACTORS[at]
        if len(codes) > 1:
            hashes.append(_mixed_one(hashed))
        if at:
            hashed += codes[at] * _FACTORS[at - 1]
    return hashes


def _mixed_one(hashed: int) -> int:
    hashed &= _MASK
    return ((hashed ^ (hashed >> _MIXER_SHIFT)) * _MIXER) & _MASK


def _prefix_codes(words: Sequence[str]) -> Hashes:
    """A row of code points a word, zeros behind a short one."""
    padded = "".join([word[:_PREFIX].ljust(_PREFIX, "\0") for word in words])
    return np.frombuffer(padded.encode("utf-32-le"), dtype="<u4").reshape(len(words), _PREFIX)


@lru_cache(64)
def _ways(length: int, edits: int) -> tuple[tuple[int, ...], ...]:
    """The positions that stay, for every way of taking out up to ``edits`` of ``length`` letters."""
    least = max(length - edits, 1)
    return tuple(kept for size in range(length, least - 1, -1) for kept in combinations(range(length), size))


@lru_cache(64)
def _way_table(length: int, edits: int) -> NDArray[np.intp]:
    """``_ways`` as a matrix; ``length`` stands for no letter."""
    ways = _ways(length, edits)
    table = np.full((len(ways), _PREFIX), length, dtype=np.intp)
    for row, kept in enumerate(ways):
        table[row, : len(kept)] = kept
    return table


def _hash_columns(codes: Hashes, kept: Sequence[int]) -> Hashes:
    hashed = np.zeros(len(codes), dtype=np.uint32)
    for factor, column in zip(_FACTOR_ARRAY, kept, strict=False):
        hashed += codes[:, column] * factor
    return _mixed(hashed)


def _mixed(hashed: Hashes) -> Hashes:
    mixed: Hashes = (hashed ^ (hashed >> np.uint32(_MIXER_SHIFT))) * np.uint32(_MIXER)
    return mixed


def _sorted(hashes: Hashes, numbers: Hashes) -> tuple[Hashes, Hashes]:
    """Each pair once: a word with doubled letters leaves the same rest in several ways."""
    pairs = np.sort(hashes.astype(np.uint64) << np.uint64(HASH_BITS) | numbers)
    pairs = pairs[np.append(pairs[1:] != pairs[:-1], np.full(min(len(pairs), 1), fill_value=True))]
    return (pairs >> np.uint64(HASH_BITS)).astype(np.uint32), pairs.astype(np.uint32)

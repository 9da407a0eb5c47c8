"""A delete index: which known words may be within one or two edits of what was typed.

Two words within *d* edits (insert, delete, substitute, transpose neighbours) become equal when at most *d*
letters are taken out of each. So every word is filed under what is left of its first seven letters after
taking out none, one or two, and what was typed is looked up in the same way (the symmetric delete
method of W. Garbe's SymSpell). Words of five letters and fewer are filed for one edit only: two edits are
forgiven from eight typed letters on.

What is left is never stored, only its hash (``delete_hashes``): the high bits choose a bucket, eight
further bits stand beside the word's number. A look-up may name a word too many; the caller measures.
Numbers go by falling weight, so a crowded bucket is cut at its least likely words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.intent.spelling.delete_hashes import HASH_BITS, filed_hashes, query_hashes, whole_hash

LONGEST_WORD: Final = 32
"""Letters; a longer word is not held."""
_CROWDED: Final = 256
_CHECK_BITS: Final = 8
_CHECK: Final = (1 << _CHECK_BITS) - 1
_FEWEST_BITS: Final = 8
_MOST_BITS: Final = 22

Arrays = Mapping[str, NDArray[Any]]


class DeleteIndex:
    """Words by number: text, letters, weight; and the buckets that find them.

    The arrays are all there is to it (``arrays`` and the text of the words): ``starts`` of the words
    in the text, their ``lengths`` in letters, ``signatures`` (a bit a letter of 32, to rule a word out
    unread), ``weights``; ``buckets`` of ``numbers`` with their ``checks``. Read one element at a time
    they are memory views, which is four times as fast as arrays.
    """

    ARRAYS: Final = ("starts", "lengths", "signatures", "weights", "buckets", "numbers", "checks")

    def __init__(self, texts: bytes | memoryview, arrays: Arrays) -> None:
        self.texts = texts
        self.arrays = arrays
        views = [arrays[name].data for name in self.ARRAYS]
        self._starts, self._lengths, self._signatures, self._weights = views[:4]
        self._buckets, self._numbers, self._checks = views[4:]
        bits = (len(arrays["buckets"]) - 1).bit_length() - 1
        self._bucket_shift = HASH_BITS - bits
        self._check_shift = HASH_BITS - bits - _CHECK_BITS

    @classmethod
    def compile(cls, vocabulary: Mapping[str, float]) -> DeleteIndex:
        """From words and their weights; longer ones than ``LONGEST_WORD`` are left out."""
        words = [word for word in vocabulary if 0 < len(word) <= LONGEST_WORD]
        words.sort(key=lambda word: (-vocabulary[word], word))
        encoded = [word.encode() for word in words]
        described: dict[str, NDArray[Any]] = {
            "starts": np.cumsum([0, *map(len, encoded)], dtype=np.uint32),
            "lengths": np.array([len(word) for word in words], dtype=np.uint8),
            "signatures": _signatures(words),
            "weights": np.array([vocabulary[word] for word in words], dtype=np.float32),
        }
        return cls(b"".join(encoded), described | _buckets(words))

    def __len__(self) -> int:
        return len(self._lengths)

    def __contains__(self, word: str) -> bool:
        return self.number_of(word) is not None

    def number_of(self, word: str) -> int | None:
        """The word's number, ``None`` when it is not held."""
        if not 0 < len(word) <= LONGEST_WORD:
            return None
        length = len(word)
        for number in self._filed_under((whole_hash(word),)):
            if self._lengths[number] == length and self.word(number) == word:
                return number
        return None

    def word(self, number: int) -> str:
        """The text of a word."""
        return str(self.texts[self._starts[number] : self._starts[number + 1]], "utf-8")

    def weight(self, number: int) -> float:
        """The weight that a word was given."""
        weight: float = self._weights[number]
        return weight

    def near(self, form: str, edits: int) -> list[int]:
        """Words that may be within ``edits`` (1 or 2) of ``form``, each once."""
        lengths, signatures = self._lengths, self._signatures
        letters, most = signature(form), 2 * edits
        shortest, longest = len(form) - edits, len(form) + edits
        return [
            number
            for number in self._filed_under(query_hashes(form, edits))
            if shortest <= lengths[number] <= longest and (signatures[number] ^ letters).bit_count() <= most
        ]

    def _filed_under(self, hashes: Iterable[int]) -> set[int]:
        """The numbers filed under these and, one time in 256, under another hash of the same bucket."""
        buckets, checks, numbers = self._buckets, self._checks, self._numbers
        bucket_shift, check_shift = self._bucket_shift, self._check_shift
        found = set()
        for hashed in hashes:
            bucket = hashed >> bucket_shift
            start, end = buckets[bucket], buckets[bucket + 1]
            if start != end:
                check = (hashed >> check_shift) & _CHECK
                for at in range(start, min(end, start + _CROWDED)):
                    if checks[at] == check:
                        found.add(numbers[at])
        return found


def signature(word: str) -> int:
    """A bit for each letter that occurs, of 32."""
    bits = 0
    for character in word:
        bits |= 1 << (ord(character) & 31)
    return bits


def _signatures(words: list[str]) -> NDArray[np.uint32]:
    """``signature`` of many words at once; none of them is empty."""
    codes = np.frombuffer("".join(words).encode("utf-32-le"), dtype="<u4")
    starts = np.cumsum([0, *map(len, words)])[:-1]
    letters = np.uint32(1) << (codes & np.uint32(31))
    bits: NDArray[np.uint32] = np.bitwise_or.reduceat(letters, starts) if words else letters
    return bits


def _buckets(words: list[str]) -> dict[str, NDArray[Any]]:
    hashes, numbers = filed_hashes(words)
    bits = min(max(len(hashes).bit_length() - 1, _FEWEST_BITS), _MOST_BITS)
    edges = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(HASH_BITS - bits)
    checks = (hashes >> np.uint32(HASH_BITS - bits - _CHECK_BITS)) & np.uint32(_CHECK)
    return {
        "buckets": np.searchsorted(hashes.astype(np.uint64), edges).astype(np.uint32),
        "numbers": numbers,
        "checks": checks.astype(np.uint8),
    }

"""Text search over a catalogue's items, for the words of a search that no facet or place understood.

An SQLite FTS5 table, built with the artefact and kept in it as one section; opened from there into memory
when the first text is searched, read only. It holds no text, only which words stand in which items. A row's
number is *words of the item × 2³² + index of the item*, so rows come in the order that a search wants, the
item that says little else first, and nothing is ranked after it was read: time is bounded by what is asked
for, however common a word is.

Words are folded on both sides by the same code (``herenow.folding``), and characters of scripts without
spaces stand apart, so that what was typed is found as a phrase of them. Only letters, digits and marks
reach SQLite, in quotes: no text is ever an operator of the query language.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from math import log1p
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.folding import MARKS, SPACELESS, fold

MOST_WORDS: Final = 8
"""Words of a search that are looked for; the rest is ignored."""
MOST_MATCHES: Final = 1000

MOST_ROWS: Final = 400
"""Items weighed of one word when none has all words: of a common word those that say least else."""

_REMEMBERED: Final = 256
"""Answers kept, of at most 8 kB each."""
_LONGEST_WORD: Final = 64
_LONGEST_TEXT: Final = 2000
"""Characters of an item that are indexed: a title and a paragraph."""
_MOST_COUNTED: Final = 255
_INDEX_BITS: Final = 32
_INDEX: Final = (1 << _INDEX_BITS) - 1

_ALL: Final = 0.75
"""The least score of an item that has all words; what is missing to 1 goes by the item's other words."""
_ANY: Final = 0.5
"""The score that an item with some of the words stays below."""

_NO_WORD: Final = re.compile(rf"(?:_|[^\w{MARKS}])+")
_SPACELESS_TEXT: Final = re.compile(rf"([{SPACELESS}])")
_TABLE: Final = """CREATE VIRTUAL TABLE items USING fts5(
    words, content='', columnsize=0, tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'")"""
_FIND: Final = "SELECT rowid FROM items WHERE items MATCH ? ORDER BY rowid LIMIT ?"
# Counters of writes, and the number of the SQLite release that wrote: they tell nothing about the content.
_VOLATILE_HEADER: Final = (slice(24, 28), slice(92, 100))


@dataclass(frozen=True, slots=True)
class TextMatches:
    """Items by index, the best first, with scores from 0 to 1; ``complete`` when they have all words."""

    items: NDArray[np.int32]
    scores: NDArray[np.float32]
    complete: bool

    def __len__(self) -> int:
        return len(self.items)


def plain_words(text: str) -> str:
    """``text`` as it is indexed and searched: folded words and lone characters, one blank between them."""
    folded = _NO_WORD.sub(" ", fold(text))
    if not folded.isascii():
        folded = _SPACELESS_TEXT.sub(r" \1 ", folded)
    return " ".join(folded.split())


def build_fulltext(texts: Iterable[str]) -> bytes:
    """The index of items' texts, in order of the items. Equal texts give equal bytes under one SQLite."""
    plain = [plain_words(text[:_LONGEST_TEXT]) for text in texts]
    rows = sorted(
        (min(words.count(" ") + 1, _MOST_COUNTED) << _INDEX_BITS | index, words)
        for index, words in enumerate(plain)
        if words
    )
    with sqlite3.connect(":memory:", isolation_level=None) as database:
        database.execute(_TABLE)
        database.execute("BEGIN")
        database.executemany("INSERT INTO items (rowid, words) VALUES (?, ?)", rows)
        database.execute("INSERT INTO items (items) VALUES ('optimize')")
        database.execute("COMMIT")
        database.execute("VACUUM")
        content = bytearray(database.serialize())
    database.close()
    for part in _VOLATILE_HEADER:
        content[part] = bytes(part.stop - part.start)
    return bytes(content)


class FullText:
    """The opened index of a catalogue of ``items`` items. Threads may share it: they take turns."""

    def __init__(self, content: memoryview, items: int) -> None:
        """``content`` as ``build_fulltext`` gave it; empty, nothing is ever found."""
        self._content = content
        self._items = items
        self._lock = Lock()
        # The placements of one answer ask the same, and common words come again and again.
        self._rows = lru_cache(_REMEMBERED)(self._read)

    def search(self, words: Sequence[str], limit: int = 100) -> TextMatches:
        """Items with all of ``words``; where there is none, items with any, the rarer words first.

        At most ``limit`` (up to ``MOST_MATCHES``) items for the first eight words. Never raises for any
        text; no words, no items.
        """
        sought = list(dict.fromkeys(filter(None, (plain_words(word[:_LONGEST_WORD]) for word in words))))
        sought, limit = sought[:MOST_WORDS], max(0, min(limit, MOST_MATCHES))
        rows = self._rows(tuple(sought), limit)
        if len(rows) or len(sought) < 2:
            return _with_all(rows, sum(word.count(" ") + 1 for word in sought))
        return self._with_any(sought, limit)

    def _read(self, words: tuple[str, ...], limit: int) -> NDArray[np.int64]:
        """Rows that have all of ``words``, ascending. Not to be written to."""
        if not (words and limit and len(self._content)):
            return np.zeros(0, dtype=np.int64)
        query = " AND ".join(f'"{word}"' for word in words)
        with self._lock:
            found = self._database.execute(_FIND, (query, limit)).fetchall()
        return np.fromiter(chain.from_iterable(found), dtype=np.int64, count=len(found))

    def _with_any(self, words: Sequence[str], limit: int) -> TextMatches:
        found = [self._rows((word,), MOST_ROWS) for word in words]
        rarity = [log1p(self._items / len(rows)) if len(rows) else 0.0 for rows in found]
        rows, place = np.unique(np.concatenate(found), return_inverse=True)
        sums = np.bincount(place, np.repeat(rarity, [len(each) for each in found]), minlength=len(rows))
        most = log1p(self._items) * len(words)
        scores = (_ANY * sums / most).astype(np.float32) if most else sums.astype(np.float32)
        best = np.argsort(-scores, kind="stable")[:limit]
        return TextMatches((rows[best] & _INDEX).astype(np.int32), scores[best], complete=False)

    @cached_property
    def _database(self) -> sqlite3.Connection:
        # Called under the lock, so one thread opens and all use it.
        database = sqlite3.connect(":memory:", check_same_thread=False)
        database.deserialize(bytes(self._content))
        database.execute("PRAGMA query_only = ON")
        return database


def _with_all(rows: NDArray[np.int64], sought: int) -> TextMatches:
    words = np.maximum(rows >> _INDEX_BITS, 1)
    scores = (_ALL + (1 - _ALL) * np.minimum(sought / words, 1.0)).astype(np.float32)
    return TextMatches((rows & _INDEX).astype(np.int32), scores, complete=True)

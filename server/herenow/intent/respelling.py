"""Unknown words of a search put right, each by what it completes.

A word that the table does not know may be a slip ("kandivli"), two words in one ("burgerjoint"), or half of
one ("pi zza"). Each reading is tried where it stands: the one that makes the longest known phrase with
its neighbours wins, and among equals the surest. A word of three letters is put right only when it makes
a phrase with a neighbour ("kandivali wst"), since alone it is near too many words. Words that are known
are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from herenow.intent.normalise import Token, singular
from herenow.intent.speller import SHORTEST_CORRECTED, Speller

_SHORTEST: Final = 3
_MOST_WORDS: Final = 8
"""Unknown words looked at in one text: bounds the work."""
_MOST_READINGS: Final = 8
_REACH: Final = 2
"""Neighbours on either side that a phrase may take in."""
_SPLIT_CERTAINTY: Final = 0.8
_JOIN_CERTAINTY: Final = 0.85

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a table knows: ``knows`` a word of some phrase, ``is_phrase`` words that mean something."""

    knows: Callable[[Token], bool]
    is_phrase: Callable[[Forms], bool]


@dataclass(frozen=True, slots=True)
class Respelling:
    """The words read for what stands from ``start`` to ``end`` of the text, and how surely, 0 to 1."""

    start: int
    end: int
    forms: Forms
    certainty: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """``forms`` for the tokens ``first`` to ``last`` (exclusive); taken if its phrase has ``least`` words."""

    first: int
    last: int
    forms: Forms
    certainty: float
    least: int = 0


def respell(
    tokens: Sequence[Token], speller: Speller, table: Lookup
) -> tuple[tuple[Token, ...], tuple[Respelling, ...]]:
    """The tokens with unknown words put right, and what was read for what.

    A new token stands where the typed word stood; the halves of a word typed as one share its place.
    """
    spelt, told, tried, at = list(tokens), [], 0, 0
    while at < len(spelt) and tried < _MOST_WORDS:
        if not table.knows(spelt[at]):
            tried += 1
            if reading := _best(spelt, at, speller, table):
                respelling = _told(spelt, reading)
                told.append(respelling)
                spelt[reading.first : reading.last] = _tokens(respelling)
                at = reading.first + len(reading.forms) - 1
        at += 1
    return tuple(spelt), tuple(told)


def _best(tokens: Sequence[Token], at: int, speller: Speller, table: Lookup) -> _Reading | None:
    best, best_rank = None, (-1, 0.0)
    for reading in _readings(tokens, at, speller):
        rank = _phrase_length(tokens, reading, table), reading.certainty
        if rank > best_rank and rank[0] >= reading.least:
            best, best_rank = reading, rank
    return best


def _readings(tokens: Sequence[Token], at: int, speller: Speller) -> Iterator[_Reading]:
    token = tokens[at]
    short = len(token.form) < SHORTEST_CORRECTED
    if len(token.form) >= _SHORTEST:
        near = speller.near(token.form) or (speller.near(token.stem) if token.stem != token.form else ())
        for correction in near[:_MOST_READINGS]:
            yield _Reading(at, at + 1, (correction.form,), correction.certainty, 2 * short)
    if not short and (halves := speller.split(token.form)):
        yield _Reading(at, at + 1, halves, _SPLIT_CERTAINTY)
    for first in (at - 1, at):
        if first >= 0 and first + 1 < len(tokens):
            joined = tokens[first].form + tokens[first + 1].form
            if joined in speller:
                yield _Reading(first, first + 2, (joined,), _JOIN_CERTAINTY, 1)


def _phrase_length(tokens: Sequence[Token], reading: _Reading, table: Lookup) -> int:
    """Words of the longest phrase that the reading completes with its neighbours, 0 for none."""
    before = [token.form for token in tokens[max(reading.first - _REACH, 0) : reading.first]]
    after = [token.form for token in tokens[reading.last : reading.last + _REACH]]
    size = len(reading.forms)
    for beside in range(len(before) + len(after), -1, -1):
        for left in range(min(beside, len(before)), -1, -1):
            right = beside - left
            if right <= len(after) and table.is_phrase(
                (*before[len(before) - left :], *reading.forms, *after[:right])
            ):
                return beside + size
    return 0


def _told(tokens: Sequence[Token], reading: _Reading) -> Respelling:
    first, last = tokens[reading.first], tokens[reading.last - 1]
    return Respelling(first.start, last.end, reading.forms, reading.certainty)


def _tokens(respelling: Respelling) -> list[Token]:
    return [Token(form, singular(form), respelling.start, respelling.end) for form in respelling.forms]

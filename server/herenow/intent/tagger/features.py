"""What the tagger sees of each token of a search.

Its form, stem, beginning and end, shape; its neighbours, two to each side, alone and in pairs; the hints upon
it and beside it; whether the search begins or ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from herenow.intent.normalise import Token
from herenow.intent.tagger.hints import Hint, marks_of

_NOWHERE: Final = "_"
_REMEMBERED_WORDS: Final = 8192  # of at most 200 characters, as many features of each: megabytes at worst
_PIECES: Final = (1, 2, 3, 4)
_LETTERS: Final = re.compile(r"[^\W\d]+")
_DIGITS: Final = re.compile(r"\d")


def features_of(tokens: Sequence[Token], hints: Iterable[Hint]) -> list[list[str]]:
    """A list of features for each token."""
    forms = [_NOWHERE, _NOWHERE, *(token.form for token in tokens), _NOWHERE, _NOWHERE]
    marks = marks_of(hints, len(tokens))
    told = [[*_around(forms, at + 2), *_of_word(token.form, token.stem)] for at, token in enumerate(tokens)]
    for at, own in enumerate(marks):
        told[at] += [f"h={mark}" for mark in own]
        if len(own) > 1:
            told[at].append("hh=" + ",".join(sorted(own)))
        told[at] += [f"h-={mark}" for mark in (marks[at - 1] if at else ())]
        told[at] += [f"h+={mark}" for mark in (marks[at + 1] if at + 1 < len(marks) else ())]
    return told


def _around(forms: Sequence[str], at: int) -> list[str]:
    before2, before, word, after, after2 = forms[at - 2 : at + 3]
    return [
        "bias",
        f"w={word}",
        f"w-={before}",
        f"w+={after}",
        f"w--={before2}",
        f"w++={after2}",
        f"w-0={before} {word}",
        f"w0+={word} {after}",
        f"w-+={before} {after}",
        f"w--0={before2} {before}",
        f"w++0={after} {after2}",
        f"w-0+={before} {word} {after}",
    ]


@lru_cache(_REMEMBERED_WORDS)
def _of_word(word: str, stem: str) -> tuple[str, ...]:
    pieces = [n for n in _PIECES if n < len(word)]
    told = [f"^{word[:n]}" for n in pieces] + [f"{word[-n:]}$" for n in pieces]
    shape = _DIGITS.sub("0", _LETTERS.sub("a", word))
    return (*told, f"s={stem}", f"#={shape}")

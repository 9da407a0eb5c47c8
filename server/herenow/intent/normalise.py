"""From a line of text to tokens that compare equal when people mean the same word.

A token's *form* is folded (``herenow.folding``); its *stem* is the form with a plural ending taken
off. Forms are compared first and stems only where no form matched, so folding plurals never hides a
word that is really there. Spans point into the cleaned text, end exclusive.

A word ends where its script stops writing spaces or begins to: "ramenラーメン店" is "ramen" and a run
of characters, which ``scripts.segment`` cuts at the words of a table. Emoji and signs are no words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from herenow.folding import MARKS, SPACELESS, fold
from herenow.text import clean_text

__all__ = ["Token", "fold", "forms", "phrase_key", "singular", "stemmed", "tokenise", "words"]

_SPACED = rf"[^\W_{SPACELESS}]"
_LETTER = rf"(?:{_SPACED}|[{re.sub(f'[{SPACELESS}]', '', MARKS)}])"
# A decimal number with its unit; letters with inner apostrophes and the signs of a name (c++, c#);
# or a run of a script without spaces.
_WORD = re.compile(
    rf"\d+[.,٫]\d+{_LETTER}*|{_SPACED}{_LETTER}*(?:['’]{_LETTER}+)*(?:[+#]+(?!{_LETTER}))?"
    rf"|[{SPACELESS}]+"
)
_ASCII_WORD = re.compile(r"\d+[.,]\d+[a-zA-Z]*|[a-zA-Z0-9]+(?:'[a-zA-Z0-9]+)*(?:[+#]+(?![a-zA-Z0-9]))?")
_SHORTEST_PLURAL = 4
_REMEMBERED_WORDS = 8192  # of at most 200 characters: a few megabytes at worst


class Token(NamedTuple):
    """One word: how it compares and where it stands.

    A tuple, because it is made in a third of a dataclass's time and a search makes dozens.
    """

    form: str
    stem: str
    start: int
    end: int


def tokenise(cleaned: str) -> tuple[Token, ...]:
    """The words of a cleaned line, in order."""
    pattern = _ASCII_WORD if cleaned.isascii() else _WORD
    return tuple(
        [
            Token._make((*compared, *match.span()))
            for match in pattern.finditer(cleaned)
            if (compared := _compared(match[0]))[0]
        ]
    )


def words(text: object) -> tuple[Token, ...]:
    """The tokens of any value of a document; nothing for what is not text."""
    return tokenise(clean_text(text))


def forms(text: object) -> tuple[str, ...]:
    """How the words of any value of a document compare."""
    return tuple([token.form for token in words(text)])


def phrase_key(text: object) -> str:
    """The forms in one line: by it two ways of typing one phrase are the same."""
    return " ".join(forms(text))


def stemmed(key: str) -> str:
    """A key (``phrase_key``) without plural endings."""
    return " ".join(map(singular, key.split()))


def singular(form: str) -> str:
    """A key that an English plural shares with its singular; not itself a word (``movy``, ``sho``)."""
    if len(form) < _SHORTEST_PLURAL or not form.isascii():
        return form
    stem = form[:-1] if form.endswith("s") and not form.endswith("ss") else form
    if stem.endswith("ie"):
        return stem[:-2] + "y"
    if stem.endswith(("se", "xe", "ze", "che", "she", "oe")):
        return stem[:-1]
    return stem


@lru_cache(_REMEMBERED_WORDS)
def _compared(word: str) -> tuple[str, str]:
    """The form and the stem; searches repeat their words."""
    form = fold(word)
    return form, singular(form)

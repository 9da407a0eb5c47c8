"""From a line of text to tokens that compare equal when people mean the same word.

A token's *form* is case folded, without diacritics and apostrophes; its *stem* is the form with a
plural ending taken off. Forms are compared first and stems only where no form matched, so folding
plurals never hides a word that is really there. Spans point into the cleaned text, end exclusive.

Marks that are diacritics go ("café", "ज़" → "ज", Arabic and Hebrew points); marks that are vowels of
their script stay, since without them Devanagari or Thai words would fall together.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from herenow.text import clean_text

# Canonical combining classes of marks that spell rather than decorate: 0 most Indic vowel signs,
# 8 kana voicing, 9 virama, 103 Thai vowels below (Unicode Character Database).
_SPELLING_CLASSES = frozenset({0, 8, 9, 103})
_BASIC_PLANE_END = 0x10000
_MARKS = "".join(
    chr(code) for code in range(0x300, _BASIC_PLANE_END) if unicodedata.category(chr(code))[0] == "M"
)
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
# A decimal number with its unit; or letters with inner apostrophes and the signs of a name (c++, c#).
_WORD = re.compile(rf"\d+[.,]\d+{_LETTER}*|[^\W_]{_LETTER}*(?:['’]{_LETTER}+)*(?:[+#]+(?!{_LETTER}))?")
_ASCII_WORD = re.compile(r"\d+[.,]\d+[a-zA-Z]*|[a-zA-Z0-9]+(?:'[a-zA-Z0-9]+)*(?:[+#]+(?![a-zA-Z0-9]))?")
_APOSTROPHES = re.compile("['’]")
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class Token:
    """One word: how it compares and where it stands."""

    form: str
    stem: str
    start: int
    end: int


def tokenise(cleaned: str) -> tuple[Token, ...]:
    """The words of a cleaned line, in order."""
    pattern = _ASCII_WORD if cleaned.isascii() else _WORD
    return tuple(
        Token(form := fold(match[0]), singular(form), match.start(), match.end())
        for match in pattern.finditer(cleaned)
    )


def words(text: object) -> tuple[Token, ...]:
    """The tokens of any value of a document; nothing for what is not text."""
    return tokenise(clean_text(text))


def fold(word: str) -> str:
    """Case folded, without diacritics and apostrophes. Idempotent."""
    plain = _APOSTROPHES.sub("", word)
    if plain.isascii():
        return plain.lower()
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = (mark for mark in decomposed if unicodedata.combining(mark) in _SPELLING_CLASSES)
    return unicodedata.normalize("NFC", "".join(kept).casefold())


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

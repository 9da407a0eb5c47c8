"""How words of any script compare: folded forms, and scripts that write no spaces.

People type a word in another case, width or alphabet of the same script than a catalogue writes it, and
leave out what their keyboard makes hard. ``fold`` takes away what decorates and keeps what spells.
Marks that are diacritics go ("café", "ज़" → "ज", Arabic and Hebrew points); marks that are vowels of
their script stay, since without them Devanagari or Thai words would fall together.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Canonical combining classes of marks that spell rather than decorate: 0 most Indic vowel signs,
# 8 kana voicing, 9 virama, 103 Thai and 118 Lao vowels below (Unicode Character Database).
_SPELLING_CLASSES: Final = frozenset({0, 8, 9, 103, 118})
_BASIC_PLANE_END: Final = 0x10000

MARKS: Final = "".join(
    chr(code) for code in range(0x300, _BASIC_PLANE_END) if unicodedata.category(chr(code))[0] == "M"
)
"""Every combining mark of the basic plane, for a character class."""

SPACELESS: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai without its digits
    "\u0e81-\u0ece\u0edc-\u0edf"  # Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109f\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u3005-\u3007\u3041-\u3096\u3099-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"  # Han
)
"""Letters and marks of scripts that write sentences without spaces, for a character class."""

_KATAKANA: Final = range(0x30A1, 0x30F7)
_TO_HIRAGANA: Final = 0x60
# Letters that Unicode does not decompose, as people type them without.
_UNDECOMPOSED: Final = dict(zip("ıłøđðŋþæœ", ("i", "l", "o", "d", "d", "n", "th", "ae", "oe"), strict=True))
# Persian and final forms beside the Arabic letters; the sign that only stretches a word; the separator.
_ARABIC: Final = dict(zip("ىیکۀةـ٫", ("ي", "ي", "ك", "ه", "ه", "", "."), strict=True))
# Hindi writers take one nasal sign for the other.
_DEVANAGARI: Final = {"ँ": "ं"}
_HIRAGANA: Final = {chr(code): chr(code - _TO_HIRAGANA) for code in _KATAKANA}
_LETTERS: Final = str.maketrans(_UNDECOMPOSED | _ARABIC | _DEVANAGARI | _HIRAGANA)
_APOSTROPHES: Final = re.compile("['’ʼ＇]")


def fold(word: str) -> str:
    """Case folded, without diacritics and apostrophes, digits of any script in ASCII. Idempotent."""
    plain = _APOSTROPHES.sub("", word)
    if plain.isascii():
        return plain.lower()
    # A case-folded letter may decompose further and the other way round (U+0345, U+1E9E): thrice settles.
    for _ in range(3):
        plain, before = _folded(plain), plain
        if plain == before:
            break
    return plain


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    kept = "".join(map(_plain, decomposed))
    return unicodedata.normalize("NFC", kept.casefold()).translate(_LETTERS)


def _plain(character: str) -> str:
    """A decomposed character as it compares, ``""`` when it decorates."""
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category[0] == "M":
        return character if _spells(character, category) else ""
    return str(unicodedata.decimal(character)) if category == "Nd" else character


def _spells(mark: str, category: str) -> bool:
    # Enclosing marks and variation selectors make emoji ("1️⃣"); both have class 0.
    if category == "Me" or "\ufe00" <= mark <= "\ufe0f":
        return False
    return unicodedata.combining(mark) in _SPELLING_CLASSES

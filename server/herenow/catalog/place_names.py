"""Names of places compared and shortened: "Near Andheri East Station" is about "Andheri"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_QUALIFIERS_BY_LANGUAGE: Final = {
    "en": "north south east west northeast northwest southeast southwest eastern western northern southern "
    "ne nw se sw near nr opp opposite off station stn railway metro area",
    "hi, mr": "purva purv pūrva paschim pashchim uttar dakshin पूर्व पूर्वी पश्चिम पश्चिमी उत्तर दक्षिण स्टेशन",
    "de": "nord süd ost bahnhof hbf nahe",
    "fr": "nord sud est ouest gare",
    "es": "norte sur este oeste estación estacion cerca",
    "pt": "norte sul leste oeste estação estacao perto",
    "it": "nord sud est ovest stazione vicino",
}
PLACE_QUALIFIERS: Final = frozenset(
    word for words in _QUALIFIERS_BY_LANGUAGE.values() for word in words.split()
)
"""Words that say where in or near a place something is, and are not part of the place's own name."""

_LETTERS: Final = frozenset("nsew")
_SEPARATORS: Final = re.compile(r"[\s()\[\],./\-–]+")
_SHORTEST_STEM: Final = 3


def name_tokens(name: str) -> list[str]:
    """The words of a place's name, without brackets, commas, dots and hyphens."""
    return [token for token in _SEPARATORS.split(name) if token]


def fold(text: str) -> str:
    """Case and Latin accents removed, for comparing names."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", plain)


def stem(name: str) -> str:
    """The name without qualifiers; ``""`` when nothing of use would be left.

    >>> stem("Near Andheri East Station"), stem("Bandra (W)"), stem("Station Road"), stem("East")
    ('Andheri', 'Bandra', 'Road', '')
    """
    kept = [token for at, token in enumerate(name_tokens(name)) if not _is_qualifier(token, at)]
    text = " ".join(kept)
    return text if len(text) >= _SHORTEST_STEM or not text.isascii() else ""


def _is_qualifier(token: str, at: int) -> bool:
    plain = token.casefold()
    return plain in PLACE_QUALIFIERS or (plain in _LETTERS and at > 0)


def name_key(name: str) -> str:
    """What two spellings of one name have in common: folded words."""
    return fold(" ".join(name_tokens(name))) or name

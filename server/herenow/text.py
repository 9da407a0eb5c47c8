"""Text that came from outside, made safe to hold, compare and show.

Referrers, deep links, queries and campaign names are written by strangers. Everything that enters
as text passes through ``clean_text`` once: bounded in length and in work, without control, format,
surrogate or private-use characters (which hide words or break terminals), in one Unicode form, on
one line. The result is still only text: nothing here escapes for HTML, SQL or a template, because
none of these is ever fed with it unescaped.
"""

from __future__ import annotations

import unicodedata

TEXT_LIMIT = 200
"""Characters kept of a search text; Play and Google Ads cut theirs far below."""

_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_READ_AHEAD = 8  # normalisation may shorten (decomposed text); no more than this factor is looked at


def clean_text(value: object, limit: int = TEXT_LIMIT) -> str:
    """One line of at most ``limit`` characters in NFKC; anything but a ``str`` gives ``""``.

    Idempotent: cleaning clean text changes nothing.
    """
    if not isinstance(value, str):
        return ""
    text = value[: limit * _READ_AHEAD]
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", "".join(_kept(character) for character in text))
    return " ".join(text.split())[:limit].rstrip()


def _kept(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _UNWANTED else character

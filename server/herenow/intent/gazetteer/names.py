"""Keys: the folded words of a name, joined by blanks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from herenow.intent.gazetteer.layout import PLAIN_LETTERS
from herenow.intent.normalise import Token, words

_REMEMBERED = 4096


def key_of(tokens: Sequence[Token], first: int, last: int) -> str:
    """The key of the words from ``first`` to ``last`` (exclusive)."""
    return " ".join(token.form for token in tokens[first:last])


@lru_cache(maxsize=_REMEMBERED)
def key_of_name(name: str) -> str:
    """The key of a written name, in letters that every keyboard has."""
    return " ".join(token.form for token in words(name)).translate(PLAIN_LETTERS)


def letters_of(name: str) -> str:
    """The key written together."""
    return key_of_name(name).replace(" ", "")

"""From tokens to the words that rules compare: figures parted from their units, signs of money told.

"5km", "10pm" and "rs500" are one token and two symbols, "22h30" three. A sign of money is no token
at all; where the text is given, it is a symbol of the figure that it stands beside. A find must begin and
end with tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from herenow.intent.normalise import Token, singular

_RUNS: Final = re.compile(r"\d+(?:[.,٫]\d+)?|[^\d]+")
SIGNS: Final = frozenset("$€£¥₹₩₽₺₫₱฿₴₦₪₡")


class Symbols(NamedTuple):
    """The words to compare, with the token of each and whether a find may begin or end there."""

    words: tuple[str, ...]
    token: tuple[int, ...]
    begins: tuple[bool, ...]
    ends: tuple[bool, ...]


def symbols_of(tokens: Sequence[Token], cleaned: str = "") -> Symbols:
    """The symbols of ``tokens``; ``cleaned`` is the text that their spans point into, if at hand."""
    told = [part for at, token in enumerate(tokens) for part in _parts(at, token, cleaned)]
    words, positions, begins, ends = zip(*told, strict=True) if told else ((), (), (), ())
    return Symbols(words, positions, begins, ends)


def _parts(at: int, token: Token, cleaned: str) -> Iterable[tuple[str, int, bool, bool]]:
    if token.form.isalpha() or not any(character.isdecimal() for character in token.form):
        yield token.stem, at, True, True
        return
    before, after = _signs(token, cleaned)
    if before:
        yield before, at, True, False
    runs = _RUNS.findall(token.form)
    for part, run in enumerate(runs):
        yield run if run[0].isdecimal() else singular(run), at, part == 0, part == len(runs) - 1
    if after:
        yield after, at, False, True


def _signs(token: Token, cleaned: str) -> tuple[str, str]:
    """The signs of money right before and right after a token, empty where there is none."""
    before, after = cleaned[: token.start].rstrip()[-1:], cleaned[token.end :].lstrip()[:1]
    return before if before in SIGNS else "", after if after in SIGNS else ""

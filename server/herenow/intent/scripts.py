"""Words in scripts that write no spaces (Han, kana, Thai, Lao, Khmer, Myanmar), found by the table.

There is no dictionary of any language here: a run of characters is cut where a phrase table knows the
words, so that it covers as many characters as can be and, among such, in the fewest pieces. What no
word covers stays together. A letter is never parted from its marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from herenow.folding import MARKS, SPACELESS, fold
from herenow.intent.normalise import Token

_SPACELESS_TEXT: Final = re.compile(rf"[{SPACELESS}]")
_CLUSTER: Final = re.compile(rf"[^{MARKS}]?[{MARKS}]+|.", re.DOTALL)
_LONGEST: Final = 24
"""Clusters of the longest word that is looked for, whatever the table holds: bounds the work."""

Span = tuple[int, int]


def is_spaceless(form: str) -> bool:
    """Whether a token is a run of a script without spaces (a token never mixes both kinds)."""
    return _SPACELESS_TEXT.match(form) is not None


def segment(run: str, contains: Callable[[str], bool], longest: int) -> tuple[Span, ...]:
    """Where the words of a run are, in order and without gaps; ends exclusive.

    ``contains`` says whether a folded form is known, ``longest`` how many characters such forms have at
    most. At most 24 look-ups a character.
    """
    clusters = [match.span() for match in _CLUSTER.finditer(run)]
    forms = [fold(run[start:end]) for start, end in clusters]
    cuts = _best_cuts(forms, contains, min(longest, _LONGEST))
    return tuple((clusters[first][0], clusters[last - 1][1]) for first, last in cuts)


def segmented(
    cleaned: str, tokens: Iterable[Token], contains: Callable[[str], bool], longest: int
) -> tuple[Token, ...]:
    """The tokens of a text with each run of a script without spaces cut at the words that are known."""
    found: list[Token] = []
    for token in tokens:
        if not is_spaceless(token.form) or contains(token.form):
            found.append(token)
            continue
        for start, end in segment(cleaned[token.start : token.end], contains, longest):
            first, last = token.start + start, token.start + end
            if form := fold(cleaned[first:last]):
                found.append(Token(form, form, first, last))
    return tuple(found)


def _best_cuts(forms: Sequence[str], contains: Callable[[str], bool], longest: int) -> list[Span]:
    """Pieces that leave the fewest clusters unknown, then the fewest pieces, then the longer first."""
    size = len(forms)
    ends = [0]
    for form in forms:
        ends.append(ends[-1] + len(form))
    text = "".join(forms)
    # best[at]: (unknown clusters, pieces, end of the first piece, whether it is unknown) from ``at`` on.
    best: list[tuple[int, int, int, bool]] = [(0, 0, size, False)] * (size + 1)
    for at in range(size - 1, -1, -1):
        unknown, pieces, end, is_unknown = best[at + 1]
        joins = at + 1 < size and is_unknown
        best[at] = (unknown + 1, pieces + (not joins), end if joins else at + 1, True)
        for last in range(at + 1, min(at + longest, size) + 1):
            unknown, pieces = best[last][:2]
            if (unknown, pieces + 1) <= best[at][:2] and contains(text[ends[at] : ends[last]]):
                best[at] = (unknown, pieces + 1, last, False)
    return list(_walk(best, size))


def _walk(best: Sequence[tuple[int, int, int, bool]], size: int) -> Iterable[Span]:
    at = 0
    while at < size:
        yield at, best[at][2]
        at = best[at][2]

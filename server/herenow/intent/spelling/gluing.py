"""Words typed as one, or with the blank in the wrong place: "burgerjoint", "cheapxpizza", "inj uhu".

Only words that no vocabulary knows are taken apart, and only where both halves are known: one key pressed
too few, too many or too early is what happens to a blank. A word that is whole (a slip of another one, the
name of a city) is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from herenow.intent.normalise import Token, singular

_SHORTEST_GLUED: Final = 5
_SHORTEST_HALF: Final = 2
_SHORTEST_LONGER: Final = 4
"""Two short words make many a name: "beacon" is no "be con"."""
_MOST: Final = 8
"""Unknown words looked at in one text: bounds the work."""

Knows = Callable[[str], bool]


def unglued(tokens: Sequence[Token], knows: Knows, is_whole: Knows) -> tuple[Token, ...]:
    """The tokens with glued words apart. ``is_whole`` says that a word is one, known or not.

    Halves stand where their letters stand, so spans stay true.
    """
    found: list[Token] = []
    at = looked_at = 0
    while at < len(tokens):
        token = tokens[at]
        if knows(token.form) or looked_at >= _MOST:
            found.append(token)
            at += 1
            continue
        looked_at += 1
        halves, at = _apart(tokens, at, knows, is_whole)
        found += halves
    return tuple(found)


def _apart(tokens: Sequence[Token], at: int, knows: Knows, is_whole: Knows) -> tuple[tuple[Token, ...], int]:
    """What stands from ``at`` on, and the position after it."""
    token = tokens[at]
    if at + 1 < len(tokens):
        following = tokens[at + 1]
        shifted = _halves(token.form + following.form, knows, exact=True)
        if shifted is not None and (token.form, following.form) != shifted:
            return _placed(shifted, token.start, following.end), at + 2
    if len(token.form) >= _SHORTEST_GLUED and not is_whole(token.form):
        halves = _halves(token.form, knows, exact=False)
        if halves is not None:
            return _placed(halves, token.start, token.end), at + 1
    return (token,), at + 1


def _halves(form: str, knows: Knows, *, exact: bool) -> tuple[str, str] | None:
    """The two known words that ``form`` is made of, evenly rather than not; else with one key between."""
    found = max(_cuts(form, knows, gap=0), key=_shorter, default=None)
    if found is None and not exact:
        found = max(_cuts(form, knows, gap=1), key=_shorter, default=None)
    return found


def _cuts(form: str, knows: Knows, *, gap: int) -> Iterator[tuple[str, str]]:
    for cut in range(_SHORTEST_HALF, len(form) - _SHORTEST_HALF - gap + 1):
        left, right = form[:cut], form[cut + gap :]
        if max(len(left), len(right)) >= _SHORTEST_LONGER and knows(left) and knows(right):
            yield left, right


def _shorter(halves: tuple[str, str]) -> int:
    return min(map(len, halves))


def _placed(halves: tuple[str, str], start: int, end: int) -> tuple[Token, ...]:
    left, right = halves
    return (
        Token(left, singular(left), start, min(start + len(left), end)),
        Token(right, singular(right), max(end - len(right), start), end),
    )

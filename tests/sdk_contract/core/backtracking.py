"""A backtracking matcher, as engines have it, that counts its steps: what a pattern costs without a clock."""

from __future__ import annotations

import re._constants as op
import re._parser as parser
from collections.abc import Callable
from typing import Any

Then = Callable[[int], bool]
"""What has to match from a place on."""


class Backtracking:
    """One search; ``steps`` counts every piece that was tried at a place."""

    def __init__(self, pattern: str, text: str) -> None:
        self.steps = 0
        self._text = text
        pieces = list(parser.parse(pattern))
        anchored = bool(pieces) and pieces[0] == (op.AT, op.AT_BEGINNING)
        starts = range(1 if anchored else len(text) + 1)
        self.found = any(self._row(pieces, start, lambda _: True) for start in starts)

    def _row(self, pieces: list[Any], place: int, then: Then) -> bool:
        if not pieces:
            return then(place)
        return self._piece(*pieces[0], place, lambda after: self._row(pieces[1:], after, then))

    def _piece(self, kind: Any, argument: Any, place: int, then: Then) -> bool:
        self.steps += 1
        if kind in {op.LITERAL, op.NOT_LITERAL, op.IN}:
            return place < len(self._text) and self._holds(kind, argument, place) and then(place + 1)
        if kind is op.AT:
            return self._at(argument, place) and then(place)
        if kind is op.BRANCH:
            return any(self._row(list(each), place, then) for each in argument[1])
        if kind is op.SUBPATTERN:
            return self._row(list(argument[3]), place, then)
        if kind in {op.ASSERT, op.ASSERT_NOT}:
            return self._row(list(argument[1]), place, lambda _: True) is (kind is op.ASSERT) and then(place)
        least, most, body = argument
        return self._repeat(list(body), (least, most), place, then, lazy=kind is op.MIN_REPEAT)

    def _repeat(
        self, body: list[Any], counts: tuple[int, int], place: int, then: Then, *, lazy: bool
    ) -> bool:
        self.steps += 1
        least, most = counts

        def more() -> bool:
            left = (max(least - 1, 0), most - 1)
            return most > 0 and self._row(
                body,
                place,
                lambda at: (at > place or least > 0) and self._repeat(body, left, at, then, lazy=lazy),
            )

        if least > 0:
            return more()
        return (then(place) or more()) if lazy else (more() or then(place))

    def _holds(self, kind: Any, argument: Any, place: int) -> bool:
        code = ord(self._text[place])
        if kind is not op.IN:
            return (code == argument) is (kind is op.LITERAL)
        negated = argument[0][0] is op.NEGATE
        return any(_member(*each, code) for each in argument[negated:]) is not negated

    def _at(self, where: Any, place: int) -> bool:
        if where is op.AT_BEGINNING:
            return place == 0
        if where is op.AT_END_STRING:
            return place == len(self._text)
        words = [0 <= at < len(self._text) and _is_word(self._text[at]) for at in (place - 1, place)]
        return words[0] is not words[1]


def _member(kind: Any, argument: Any, code: int) -> bool:
    return code == argument if kind is op.LITERAL else argument[0] <= code <= argument[1]


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")

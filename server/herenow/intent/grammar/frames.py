"""What is asked for, guessed from how it is asked: "restaurants that serve X", "X restaurant", "is X open".

For words that no vocabulary knows. A frame's find is weak: it says where the head of a request stands and
whether it is a thing, a sort of thing or a proper name, not what it is. A separate step that an app may
leave out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from herenow.intent.grammar.compiled import Grammar
from herenow.intent.grammar.trie import Walk
from herenow.intent.normalise import Token

FRAME_WEIGHT: Final = 0.3
_LONGEST: Final = 4


class FrameKind(StrEnum):
    """What the head of a request is, as far as its frame tells."""

    THING = "thing"
    """"Where can I get X"."""
    SORT = "sort"
    """"X food", "X place": what sort of thing."""
    HOUSE = "house"
    """"X restaurant": what sort, or what it is called."""
    NAME = "name"
    """"Directions to X"."""


class Frame(NamedTuple):
    """The head of a request at tokens ``first`` to ``last`` (exclusive)."""

    first: int
    last: int
    kind: FrameKind


def frames(
    tokens: Sequence[Token], grammar: Grammar, taken: Collection[int] = frozenset()
) -> tuple[Frame, ...]:
    """The heads of requests, not overlapping; ``taken`` are the positions understood already."""
    walk = Walk(grammar.forest, [token.stem for token in tokens])
    kept: list[Frame] = []
    for found in sorted(set(_found(walk, grammar, taken)), key=lambda frame: frame.first - frame.last):
        if all(found.last <= other.first or other.last <= found.first for other in kept):
            kept.append(found)
    return tuple(sorted(kept))


def grown(
    tokens: Sequence[Token],
    grammar: Grammar,
    things: Iterable[tuple[int, int]],
    taken: Collection[int] = frozenset(),
) -> tuple[Frame, ...]:
    """Known things that an unknown word beside them makes something else.

    An unknown word after a thing, before a word for a house, or with an "s" before any thing makes a proper
    name of both ("Burger Baron", "Blue Diner", "Mike's Pizza"); another before a thing makes a sort of it
    ("pepperoni pizza"). ``things`` are token ranges that a vocabulary knows, ``taken`` all positions that are
    understood.
    """
    walk = Walk(grammar.forest, [token.stem for token in tokens])
    found = []
    for thing in things:
        frame = _grown(walk, grammar, thing, taken)
        if frame is not None:
            owner = tokens[thing[0] - 1] if frame.first < thing[0] else None
            is_owned = owner is not None and owner.form != owner.stem
            found.append(frame._replace(kind=FrameKind.NAME) if is_owned else frame)
    return tuple(found)


def _grown(walk: Walk, grammar: Grammar, thing: tuple[int, int], taken: Collection[int]) -> Frame | None:
    start, end = thing
    first, last = _before(walk, grammar, taken, start)[0], end
    while last < min(len(walk.symbols), end + _LONGEST) and _is_head(walk, grammar, taken, last):
        last += 1
    if (first, last) == thing:
        return None
    is_house = any(found >= end for found, _ in walk.members("eatery", end - 1))
    return Frame(first, last, FrameKind.NAME if last > end or is_house else FrameKind.THING)


def _found(walk: Walk, grammar: Grammar, taken: Collection[int]) -> Iterator[Frame]:
    for at in range(len(walk.symbols)):
        for end, spec, _ in walk.along(grammar.frames, at):
            side, _, kind = spec.partition("_")
            first, last = (
                _after(walk, grammar, taken, end) if side == "after" else _before(walk, grammar, taken, at)
            )
            if last > first:
                yield Frame(first, last, FrameKind(kind))


def _after(walk: Walk, grammar: Grammar, taken: Collection[int], at: int) -> tuple[int, int]:
    first = at
    while first < len(walk.symbols) and walk.members("lead", first):
        first += 1
    last = first
    while last < min(len(walk.symbols), first + _LONGEST) and _is_head(walk, grammar, taken, last):
        last += 1
    return first, last


def _before(walk: Walk, grammar: Grammar, taken: Collection[int], at: int) -> tuple[int, int]:
    first = at
    while first > max(0, at - _LONGEST) and _is_head(walk, grammar, taken, first - 1):
        first -= 1
    return first, at


def _is_head(walk: Walk, grammar: Grammar, taken: Collection[int], at: int) -> bool:
    word = walk.symbols[at]
    if at in taken or word in grammar.silent or word in grammar.prepositions:
        return False
    return not any(walk.members(name, at) for name in ("break", "not", "numeral", "venue", "idle"))

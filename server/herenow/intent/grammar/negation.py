"""What a text does not want: the words after "no", "without", "except", or before "के बिना", "なし".

A negated phrase ends where the text turns to something else: at a word of the language's ``<break>``, at a
preposition of place, after four words. "or" continues it. A word of negation that is part of a wish
("not too expensive", "no more than 5 miles") negates nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from herenow.intent.grammar.compiled import Grammar
from herenow.intent.grammar.model import ModifierMatch
from herenow.intent.grammar.trie import Walk
from herenow.intent.normalise import Token

_LONGEST: Final = 4
"""Words of content of a negated phrase."""


class Negation(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) are not wanted; ``sign`` and ``sign_end`` say so."""

    first: int
    last: int
    sign: int
    sign_end: int


def negations_beside(
    tokens: Sequence[Token], grammar: Grammar, matches: Sequence[ModifierMatch]
) -> tuple[Negation, ...]:
    """The negated phrases of a text whose sign is part of none of the ``matches``; in order, apart."""
    openers = grammar.forest.openers
    signs = openers["not"] | openers["not_after"]
    if signs.isdisjoint([token.stem for token in tokens]):
        return ()
    spoken_for = {at for match in matches for at in range(match.first, match.last)}
    walk = Walk(grammar.forest, [token.stem for token in tokens])
    kept: list[Negation] = []
    for found in _found(walk, grammar, spoken_for):
        if not kept or found.first >= kept[-1].last:
            kept.append(found)
    return tuple(kept)


def _found(walk: Walk, grammar: Grammar, spoken_for: set[int]) -> Iterator[Negation]:
    size = len(walk.symbols)
    for at in range(size):
        if at in spoken_for:
            continue
        if end := _longest(walk, "not", at):
            last = _end_after(walk, grammar, end)
            if last > end:
                yield Negation(end, last, at, end)
        elif (end := _longest(walk, "not_after", at)) and (first := _start_before(walk, grammar, at)) < at:
            yield Negation(first, at, at, end)


def _longest(walk: Walk, name: str, at: int) -> int:
    """The end of the longest member of a class, 0 when none stands there."""
    return max((last for last, _ in walk.members(name, at)), default=0)


def _end_after(walk: Walk, grammar: Grammar, start: int) -> int:
    """The end of a phrase: words of content, with those that continue it between them."""
    at, last, content = start, start, 0
    while at < len(walk.symbols) and content < _LONGEST and not _breaks(walk, grammar, at):
        if _continues(walk, grammar, at):
            at += 1
            continue
        at += 1
        last = at
        content += 1
    return last


def _start_before(walk: Walk, grammar: Grammar, end: int) -> int:
    """Where the phrase before a sign begins: the word of content that stands there, and its "or"s."""
    first, at = end, end - 1
    while at >= 0 and not _breaks(walk, grammar, at) and end - at <= _LONGEST:
        first = at
        if at == 0 or not walk.members("or", at - 1):
            break
        at -= 2
    return first


def _breaks(walk: Walk, grammar: Grammar, at: int) -> bool:
    word = walk.symbols[at]
    return word in grammar.prepositions or bool(walk.members("break", at) or walk.members("not", at))


def _continues(walk: Walk, grammar: Grammar, at: int) -> bool:
    word = walk.symbols[at]
    return word in grammar.silent or bool(walk.members("or", at) or walk.members("degree", at))

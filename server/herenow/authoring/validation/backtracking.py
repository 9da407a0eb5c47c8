"""Regular expressions that a hostile text could make run for ever.

Python's engine and those of phones backtrack: where a repeat stands within a repeat, or alternatives of
a repeat begin alike, a text can be split in exponentially many ways; several unbounded repeats in a row
cost a power of its length. The texts that person conditions read come from strangers' devices, and one
evaluation that does not end stops a worker for every app. So a pattern is judged by its form, before it
is published, and rather too strictly: what is refused here can be written as ``$in``, as several
conditions, or without the inner repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as kinds  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

MAX_POWER: Final = 3
"""Unbounded repeats of a pattern; without ``^`` in front the search itself counts as one.

With 200 characters (the longest attribute) the worst is 4 ms at 3 and 0.4 s at 4.
"""
_LONG: Final = 10
"""A repeat whose counts differ by so much is as good as unbounded."""

_REPEATS: Final = frozenset({kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT})
_LITERALS: Final = frozenset({kinds.LITERAL})

Node = tuple[Any, Any]


def why_slow(pattern: re.Pattern[str]) -> str | None:
    """What makes the pattern open to endless backtracking, in words; ``None`` when nothing does."""
    tree = list(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    nodes = list(_walked(tree))
    repeats = [operand for kind, operand in nodes if kind in _REPEATS and _is_long(operand)]
    if any(_is_ambiguous(body) for _, _, body in repeats):
        return "a repeat holds another repeat, or alternatives that begin alike"
    anchored = bool(tree) and tree[0] == (kinds.AT, kinds.AT_BEGINNING)
    if len(repeats) + (not anchored) > MAX_POWER:
        return f"{len(repeats)} unbounded repeats" + ("" if anchored else " and no ^ in front")
    return None


def _is_long(repeat: tuple[int, Any, Any]) -> bool:
    fewest, most, _ = repeat
    return most is kinds.MAXREPEAT or int(most) - fewest >= _LONG


def _is_ambiguous(body: Iterable[Node]) -> bool:
    """Whether one text may match the body of a repeat in more than one way, or part of it again."""
    for kind, operand in _walked(body):
        if kind in _REPEATS and operand[0] != operand[1]:
            return True
        if kind is kinds.BRANCH and not _begin_apart(operand[1]):
            return True
    return False


def _begin_apart(alternatives: Iterable[Any]) -> bool:
    """Whether each alternative begins with a character of its own."""
    firsts = [next(iter(each), None) for each in alternatives]
    letters = [first[1] for first in firsts if first is not None and first[0] in _LITERALS]
    return len(letters) == len(firsts) == len(set(letters))


def _walked(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of a pattern's tree, outermost first."""
    for node in nodes:
        yield node
        for inner in _sequences(node[1]):
            yield from _walked(inner)


def _sequences(operand: Any) -> Iterator[Iterable[Node]]:
    """The sub-patterns within what stands beside a node's kind, however deep in lists."""
    if isinstance(operand, parser.SubPattern):
        yield operand
    elif isinstance(operand, list | tuple):
        for part in operand:
            yield from _sequences(part)

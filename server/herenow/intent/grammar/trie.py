"""Compiled patterns: a tree that a text is walked through, word by word and class by class.

A class of words is a tree of its own whose ends say what its members capture. What a class captures as a
whole may be reduced: an hour, its minutes and "pm" to one time. Work is bounded by the length of the
longest pattern, not of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from herenow.intent.grammar.notation import ClassOf, Pattern

Captures = tuple[Any, ...]
Symbols = Sequence[str]
Members = Sequence[tuple[int, Captures]]
"""Ends (exclusive) of the members of a class at some position, each with its captures."""
Builtin = Callable[["Walk", int], Iterable[tuple[int, Any]]]
"""A class that is computed: for a walk and a position, the ends with the captured values."""
Reducer = Callable[[Captures], Any]
"""What a class captures as one value; ``None`` when its words make no sense together."""

NO_VALUE: Final = object()
"""The end of a class's member that captures what its parts capture."""


class Found(NamedTuple):
    """A walk that ended before symbol ``last``, with what was captured on the way."""

    last: int
    end: Any
    captures: Captures


@dataclass(slots=True)
class Node:
    """A place in the tree: where words and classes lead, and what ends here (the first told of it)."""

    words: dict[str, Node] = field(default_factory=dict)
    classes: dict[str, Node] = field(default_factory=dict)
    end: Any = None

    def add(self, pattern: Pattern, end: Any) -> None:
        """One pattern; an earlier one of the same elements stays."""
        node = self
        for element in pattern:
            if isinstance(element, ClassOf):
                node = node.classes.setdefault(element.name, Node())
            else:
                node = node.words.setdefault(element, Node())
        if node.end is None:
            node.end = end


@dataclass(frozen=True, slots=True)
class Forest:
    """The rules' tree and those of the classes, with what is computed and what is reduced.

    ``openers`` are the words that each class may begin with; those of a class that is computed are words
    beside figures, which may always begin one.
    """

    rules: Node
    classes: Mapping[str, Node]
    openers: Mapping[str, frozenset[str]]
    builtins: Mapping[str, Builtin]
    reducers: Mapping[str, Reducer]


@dataclass(frozen=True, slots=True)
class Walk:
    """One text walked through a forest; remembers which members of classes stand where."""

    forest: Forest
    symbols: Symbols
    _known: dict[tuple[str, int], Members] = field(default_factory=dict)

    def rules_at(self, at: int) -> Iterator[Found]:
        """Every rule that a pattern of fits from a position on."""
        return self._from(self.forest.rules, at, ())

    def along(self, tree: Node, at: int) -> Iterator[Found]:
        """The same for a tree beside the rules, such as that of frames."""
        return self._from(tree, at, ())

    def members(self, name: str, at: int) -> Members:
        """The members of a class that stand at a position."""
        symbol = self.symbols[at]
        if symbol not in self.forest.openers[name] and not symbol[0].isdecimal():
            return ()
        known = self._known.get((name, at))
        if known is None:
            known = self._known[name, at] = self._members(name, at)
        return known

    def _members(self, name: str, at: int) -> Members:
        if (builtin := self.forest.builtins.get(name)) is not None:
            return [(last, (value,)) for last, value in builtin(self, at)]
        found = [
            (last, captures if value is NO_VALUE else (value,))
            for last, value, captures in self._from(self.forest.classes[name], at, ())
        ]
        reducer = self.forest.reducers.get(name)
        if reducer is None:
            return found
        reduced = [(last, reducer(captures)) for last, captures in found]
        return [(last, (value,)) for last, value in reduced if value is not None]

    def _from(self, node: Node, at: int, captured: Captures) -> Iterator[Found]:
        """Every way to an end from ``node`` on."""
        if node.end is not None:
            yield Found(at, node.end, captured)
        if at == len(self.symbols):
            return
        if (after := node.words.get(self.symbols[at])) is not None:
            yield from self._from(after, at + 1, captured)
        for name, beyond in node.classes.items():
            for last, values in self.members(name, at):
                yield from self._from(beyond, last, captured + values)

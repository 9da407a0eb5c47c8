"""Compiled patterns: a tree that a text is walked through, word by word and class by class.

A class of words is a tree of its own whose ends say what its members capture. What a class captures as a
whole may be reduced: an hour, its minutes and "pm" to one time. Work is bounded by the length of the
longest pattern, not of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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

FIGURE: Final = "0"
"""Stands for any figure among the words that a class may begin with."""
_END: Final = ""
"""Stands among the words that may follow for nothing: a pattern is complete."""
NUMERAL: Final = "numeral"
"""The class of a language's number words, which computed classes read."""
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

    ``openers`` are the words that each class may begin with; ``figured`` the classes that a figure may begin.
    """

    rules: Node
    classes: Mapping[str, Node]
    openers: Mapping[str, frozenset[str]]
    figured: frozenset[str]
    builtins: Mapping[str, Builtin]
    reducers: Mapping[str, Reducer]
    _starts: Mapping[str, Node] = field(init=False)
    _figure_start: Node = field(init=False)
    _following: dict[str, frozenset[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        tree = self.rules
        opening: dict[str, tuple[str, ...]] = dict.fromkeys(tree.words, ())
        for name in tree.classes:
            opening |= {word: (*opening.get(word, ()), name) for word in self.openers[name]}
        figured = tuple(name for name in tree.classes if name in self.figured)
        starts = {
            word: self._start(word, (*names, *figured) if word[0].isdecimal() else names)
            for word, names in opening.items()
        }
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_figure_start", self._start("", figured))

    def start(self, symbol: str) -> Node | None:
        """The part of the rules' tree that a text may enter by a word: most words enter none."""
        known = self._starts.get(symbol)
        return self._figure_start if known is None and symbol[0].isdecimal() else known

    def leads_on(self, symbol: str, following: str | None) -> bool:
        """Whether a pattern that begins with a word may go on with the one that follows, or ends."""
        if symbol[0].isdecimal():
            return True
        known = self._following.get(symbol)
        if known is None:
            known = self._following[symbol] = frozenset(self._after(self._starts[symbol], symbol))
        if _END in known or following is None:
            return _END in known
        return following in known or (following[0].isdecimal() and FIGURE in known)

    def _after(self, node: Node, word: str) -> set[str]:
        """The words that may follow ``word`` from a node on."""
        found = set(self._first(node.words[word])) if word in node.words else set()
        for name, beyond in node.classes.items():
            if word in self.openers[name]:
                within = self._after_member(name, word)
                found |= within - {_END}
                found |= self._first(beyond) if _END in within else set()
        return found

    def _after_member(self, name: str, word: str) -> set[str]:
        """The same within a class; a number may have further words."""
        if name not in self.builtins:
            return self._after(self.classes[name], word)
        return self._after(self.classes[NUMERAL], word) | self.openers[NUMERAL] | {_END}

    def _first(self, node: Node) -> frozenset[str]:
        """The words that a way from a node on may begin with."""
        end = () if node.end is None else (_END,)
        return frozenset((*node.words, *end)).union(*(self.openers[name] for name in node.classes))

    def _start(self, word: str, names: Iterable[str]) -> Node:
        words = {word: self.rules.words[word]} if word in self.rules.words else {}
        return Node(words, {name: self.rules.classes[name] for name in names})


@dataclass(frozen=True, slots=True)
class Walk:
    """One text walked through a forest; remembers which members of classes stand where."""

    forest: Forest
    symbols: Symbols
    _known: dict[tuple[str, int], Members] = field(default_factory=dict)

    def rules_at(self, at: int) -> list[Found]:
        """Every rule that a pattern of fits from a position on."""
        symbol = self.symbols[at]
        start = self.forest.start(symbol)
        following = self.symbols[at + 1] if at + 1 < len(self.symbols) else None
        if start is None or not self.forest.leads_on(symbol, following):
            return []
        return self.along(start, at)

    def along(self, tree: Node, at: int) -> list[Found]:
        """Every way to an end of a tree, such as that of frames, from a position on."""
        found: list[Found] = []
        self._go(tree, at, (), found)
        return found

    def members(self, name: str, at: int) -> Members:
        """The members of a class that stand at a position."""
        symbol = self.symbols[at]
        if symbol in self.forest.openers[name] or (name in self.forest.figured and symbol[0].isdecimal()):
            known = self._known.get((name, at))
            if known is None:
                known = self._known[name, at] = self._members(name, at)
            return known
        return ()

    def _members(self, name: str, at: int) -> Members:
        if (builtin := self.forest.builtins.get(name)) is not None:
            return [(last, (value,)) for last, value in builtin(self, at)]
        found = [
            (last, captures if value is NO_VALUE else (value,))
            for last, value, captures in self.along(self.forest.classes[name], at)
        ]
        reducer = self.forest.reducers.get(name)
        if reducer is None:
            return list(dict.fromkeys(found))
        reduced = dict.fromkeys((last, reducer(captures)) for last, captures in found)
        return [(last, (value,)) for last, value in reduced if value is not None]

    def _go(self, node: Node, at: int, captured: Captures, found: list[Found]) -> None:
        if node.end is not None:
            found.append(Found(at, node.end, captured))
        if at == len(self.symbols):
            return
        symbol = self.symbols[at]
        if (after := node.words.get(symbol)) is not None:
            self._go(after, at + 1, captured, found)
        for name, beyond in node.classes.items():
            if symbol in self.forest.openers[name] or name in self.forest.figured:
                for last, values in self.members(name, at):
                    self._go(beyond, last, captured + values, found)

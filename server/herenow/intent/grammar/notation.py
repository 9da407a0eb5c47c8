"""The notation in which a language writes its rules.

A line is a rule or a word class; a line that begins with blanks continues the one before; ``#`` begins a
comment line::

    <here> = here, (my|current) location        a class of words
    <length 1000> = km, kilometres              a class whose words have a value
    distance: within <distance> (of <here>)     a rule of a kind
    price lowest: cheap, not [too|very] pricey  a rule of a kind with a spec: what of the kind is meant
    ! price highest: not pricey                 a rule that says what is not wanted

Commas part patterns. ``a|b`` is either word; ``(…)`` may be absent; ``[…]`` is there; both part their
alternatives, which may be several words, with ``|``. Everything is compared as tokens are, plurals folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from herenow.intent.normalise import words

_HEAD: Final = re.compile(r"<(\w+)(?: ([^>]+))?> = (.*)|(! )?(\w+)(?: (\S+))?: (.*)")
_PIECE: Final = re.compile(r"<\w+>|[()\[\]|]|[^\s()\[\]|<>]+")


@dataclass(frozen=True, slots=True)
class ClassOf:
    """An element of a pattern: any member of a word class."""

    name: str


Element = str | ClassOf
"""A word, as its stem, or a class."""
Pattern = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns with what they say: a kind of wish and which of the kind."""

    kind: str
    spec: str | None
    negated: bool
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class WordClass:
    """Patterns that stand for each other; ``value`` is what they capture, ``None`` for what they contain."""

    name: str
    value: str | None
    patterns: tuple[Pattern, ...]


class BadNotation(ValueError):
    """A line that is not in the notation; the message quotes it."""


@lru_cache(64)
def read(text: str) -> tuple[tuple[WordClass, ...], tuple[Rule, ...]]:
    """The word classes and the rules of a text, in order. Raises ``BadNotation``."""
    classes, rules = [], []
    for line in _lines(text):
        head = _HEAD.fullmatch(line)
        if head is None:
            raise BadNotation(f"neither a rule nor a word class: {line!r}")
        if head[1]:
            classes.append(WordClass(head[1], head[2], _patterns(head[3])))
        else:
            rules.append(Rule(head[5], head[6], head[4] is not None, _patterns(head[7])))
    return tuple(classes), tuple(rules)


def _lines(text: str) -> Iterator[str]:
    joined = re.sub(r"\n[ \t]+(?=\S)", " ", "\n" + text)
    return (line.strip() for line in joined.split("\n") if line.strip() and not line.startswith("#"))


def _patterns(text: str) -> tuple[Pattern, ...]:
    found: dict[Pattern, None] = {}
    for part in text.split(","):
        pieces = _PIECE.findall(part)
        patterns = _sequence(pieces, part)
        if pieces:
            raise BadNotation(f"a bracket too many: {part!r}")
        if () in patterns:
            raise BadNotation(f"it may be no word at all: {part!r}")
        found |= dict.fromkeys(patterns)
    return tuple(found)


def _sequence(pieces: list[str], part: str) -> list[Pattern]:
    """Outside brackets, where a bar parts words; takes the pieces it reads."""
    patterns: list[Pattern] = [()]
    while pieces and pieces[0] not in (")", "]"):
        item = _item(pieces.pop(0), pieces, part)
        while len(pieces) > 1 and pieces[0] == "|":
            del pieces[0]
            item += _item(pieces.pop(0), pieces, part)
        patterns = [before + after for before in patterns for after in item]
    return patterns


def _bracket(closing: str, pieces: list[str], part: str) -> list[Pattern]:
    """Inside brackets, where a bar parts alternatives; takes the closing one too."""
    patterns: list[Pattern] = []
    current: list[Pattern] = [()]
    while pieces and pieces[0] not in (")", "]"):
        piece = pieces.pop(0)
        if piece == "|":
            patterns += current
            current = [()]
        else:
            item = _item(piece, pieces, part)
            current = [before + after for before in current for after in item]
    if not pieces or pieces.pop(0) != closing:
        raise BadNotation(f"a bracket is left open: {part!r}")
    return patterns + current


def _item(piece: str, pieces: list[str], part: str) -> list[Pattern]:
    if piece == "(":
        return [(), *_bracket(")", pieces, part)]
    return _bracket("]", pieces, part) if piece == "[" else [_element(piece)]


def _element(piece: str) -> Pattern:
    if piece.startswith("<"):
        return (ClassOf(piece[1:-1]),)
    return tuple(token.stem for token in words(piece)) or (piece,)

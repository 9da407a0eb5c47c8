"""Labelled parts of a search, in characters and in tokens, and their coding as one label a token.

A label is ``O`` outside, ``B-<slot>`` at the first token of a part and ``I-<slot>`` at the others (Ramshaw
and Marcus 1995).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from herenow.intent.normalise import Token

OUTSIDE: Final = "O"
BEGINS: Final = "B-"
INSIDE: Final = "I-"


class SlotSpan(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) say something of a slot."""

    slot: str
    start: int
    end: int


class Labelled(NamedTuple):
    """A search with its labelled spans, which do not overlap."""

    text: str
    spans: tuple[SlotSpan, ...]


class TokenSpan(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) say something of a slot."""

    first: int
    last: int
    slot: str

    def within(self, tokens: Sequence[Token]) -> SlotSpan:
        """The same in characters."""
        return SlotSpan(self.slot, tokens[self.first].start, tokens[self.last - 1].end)


def in_tokens(spans: Iterable[SlotSpan], tokens: Sequence[Token]) -> tuple[TokenSpan, ...]:
    """The tokens that each span touches; without those that touch none or that another one took."""
    taken: set[int] = set()
    found = []
    for span in sorted(spans, key=lambda each: each.start):
        touched = [at for at, token in enumerate(tokens) if token.start < span.end and span.start < token.end]
        if touched and taken.isdisjoint(touched):
            taken.update(touched)
            found.append(TokenSpan(touched[0], touched[-1] + 1, span.slot))
    return tuple(found)


def labels_of(spans: Iterable[TokenSpan], size: int) -> list[str]:
    """One label a token."""
    labels = [OUTSIDE] * size
    for span in spans:
        labels[span.first : span.last] = [INSIDE + span.slot] * (span.last - span.first)
        labels[span.first] = BEGINS + span.slot
    return labels


def spans_of(labels: Sequence[str]) -> tuple[TokenSpan, ...]:
    """The spans that labels say; a part that goes on without having begun begins there."""
    found: list[TokenSpan] = []
    for at, label in enumerate(labels):
        slot = label[2:]
        goes_on = found and found[-1].last == at and found[-1].slot == slot and label.startswith(INSIDE)
        if goes_on:
            found[-1] = found[-1]._replace(last=at + 1)
        elif slot:
            found.append(TokenSpan(at, at + 1, slot))
    return tuple(found)

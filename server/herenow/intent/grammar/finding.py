"""Reading a text by the grammar: every wish that a rule says, then those that do not overlap.

The longer wins, then the earlier: "not too expensive" before "expensive", "open until midnight" before
"open". What is negated keeps its words and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from herenow.intent.grammar.compiled import Grammar
from herenow.intent.grammar.meaning import wish_of
from herenow.intent.grammar.model import ModifierMatch
from herenow.intent.grammar.negation import Negation, negations_beside
from herenow.intent.grammar.symbols import Symbols, symbols_of
from herenow.intent.grammar.trie import Walk
from herenow.intent.normalise import Token


def find(tokens: Sequence[Token], grammar: Grammar, cleaned: str = "") -> tuple[ModifierMatch, ...]:
    """The wishes of a text in its order, not overlapping.

    ``cleaned`` is the text that the tokens' spans point into; with it "$20" is known to be money.
    """
    matches = _chosen(candidates(tokens, grammar, cleaned), len(tokens))
    denied = negations_beside(tokens, grammar, matches)
    return tuple(_negated(match, denied) for match in matches)


def negations(tokens: Sequence[Token], grammar: Grammar, cleaned: str = "") -> tuple[Negation, ...]:
    """The negated phrases of a text, not overlapping, in its order."""
    return negations_beside(tokens, grammar, candidates(tokens, grammar, cleaned))


def candidates(tokens: Sequence[Token], grammar: Grammar, cleaned: str = "") -> tuple[ModifierMatch, ...]:
    """Every wish that any words of the text say, overlapping ones too; one for the same words."""
    symbols = symbols_of(tokens, cleaned)
    walk = Walk(grammar.forest, symbols.words)
    found: dict[tuple[int, int], ModifierMatch] = {}
    for at, begins in enumerate(symbols.begins):
        if begins:
            for match in _at(at, walk, symbols, grammar):
                found.setdefault((match.first, match.last), match)
    return tuple(found.values())


def _at(at: int, walk: Walk, symbols: Symbols, grammar: Grammar) -> Iterator[ModifierMatch]:
    for last, said, captures in sorted(walk.rules_at(at), key=lambda found: -found.last):
        if symbols.ends[last - 1] and (wish := wish_of(said, captures, grammar)) is not None:
            facet, value = wish
            first, end = symbols.token[at], symbols.token[last - 1] + 1
            yield ModifierMatch(first, end, said.kind, facet, value, said.negated)


def _chosen(matches: Sequence[ModifierMatch], size: int) -> tuple[ModifierMatch, ...]:
    taken = bytearray(size)
    kept = []
    for match in sorted(matches, key=lambda match: (match.first - match.last, match.first)):
        if not any(taken[match.first : match.last]):
            taken[match.first : match.last] = b"\1" * (match.last - match.first)
            kept.append(match)
    return tuple(sorted(kept, key=lambda match: match.first))


def _negated(match: ModifierMatch, denied: Sequence[Negation]) -> ModifierMatch:
    inside = any(each.first <= match.first and match.last <= each.last for each in denied)
    return replace(match, negated=not match.negated) if inside else match

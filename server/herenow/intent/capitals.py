"""Words that are part of a proper name, told by their capitals.

"The Palace of Holyroodhouse" is one palace and "Hotel Schönberger Hof" one hotel: who names them looks for
no palaces and no hotels. Most searches are typed in small letters, and some in capitals at every word; then
capitals say nothing and nothing is claimed.

Told to be in a name: words of a run of two or more capitals, also across "of"; and a word next to
a capital one after a definite article ("the Salisbury hotel", "the restaurant Zizzi"). In German, where
every noun has a capital, a run counts only after a definite article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from herenow.intent.normalise import Token

_ARTICLES: Final = frozenset({"the"})
_LINKS: Final = frozenset({"of", "the", "de", "du", "des", "la", "le", "del", "da", "do"})
_NOUN_ARTICLES: Final = frozenset({"am", "beim", "das", "dem", "den", "des", "im", "vom", "zum", "zur"})
"""Of one thing: "die" and "der" as often stand before several."""
_SHORTEST_TELLING: Final = 4


def named_things(
    cleaned: str, tokens: Sequence[Token], *, nouns_have_capitals: bool = False
) -> frozenset[int]:
    """Positions of the tokens that are part of a proper name; ``nouns_have_capitals`` for German."""
    capital = [cleaned[token.start].isupper() for token in tokens]
    small = [token for token, is_capital in zip(tokens[1:], capital[1:], strict=False) if not is_capital]
    if nouns_have_capitals and small:
        return frozenset(_after_articles(tokens, capital))
    if not any(len(token.form) >= _SHORTEST_TELLING for token in small):
        return frozenset()
    return frozenset((*_runs(tokens, capital), *_beside(tokens, capital)))


def _runs(tokens: Sequence[Token], capital: Sequence[bool]) -> Iterator[int]:
    """Two or more capitals in a row; the sentence's first word is no evidence."""
    at = 1
    while at < len(tokens):
        end = _end_of_run(tokens, capital, at)
        if end - at > 1:
            yield from range(at, end)
        at = max(end, at + 1)


def _end_of_run(tokens: Sequence[Token], capital: Sequence[bool], at: int) -> int:
    end = at
    while end < len(tokens) and capital[end]:
        end += 1
        linked = end
        while linked < len(tokens) and tokens[linked].form in _LINKS and not capital[linked]:
            linked += 1
        if linked < len(tokens) and capital[linked] and end > at:
            end = linked
    return end


def _beside(tokens: Sequence[Token], capital: Sequence[bool]) -> Iterator[int]:
    """One thing next to its name, after a definite article; several of a kind are no name."""
    for at in range(len(tokens) - 2):
        if tokens[at].form in _ARTICLES:
            first, second = at + 1, at + 2
            if capital[first] != capital[second]:
                common = second if capital[first] else first
                if tokens[common].form == tokens[common].stem:
                    yield common


def _after_articles(tokens: Sequence[Token], capital: Sequence[bool]) -> Iterator[int]:
    for at in range(len(tokens) - 1):
        if tokens[at].form in _NOUN_ARTICLES and not capital[at]:
            end = at + 1
            while end < len(tokens) and capital[end]:
                end += 1
            if end - at > 2:
                yield from range(at + 1, end)

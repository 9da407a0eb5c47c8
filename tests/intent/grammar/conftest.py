"""An app with a price, a rating, a popularity and an outdoor terrace, read in any languages."""

from collections.abc import Callable, Sequence
from functools import cache

import pytest

from herenow.catalog.schema import CatalogSchema
from herenow.intent.grammar import Grammar, ModifierMatch, find, negations
from herenow.intent.lexicon import lexicons_for
from herenow.intent.normalise import Token, tokenise
from herenow.intent.scripts import segmented
from herenow.text import clean_text

APP = {
    "facets": {
        "price": {
            "type": "number",
            "column": "price",
            "bands": {"cheap": [0, 400], "mid": [400, 1000], "high": [1000, None]},
        },
        "minutes": {"type": "number", "column": "m", "bands": {"short": [0, 90], "long": [150, None]}},
        "rating": {"type": "number", "column": "rating", "role": "quality"},
        "votes": {"type": "number", "column": "votes", "role": "popularity"},
        "outdoor_seating": {"type": "boolean", "column": "outdoor"},
    }
}


@cache
def grammar_of(locale: str) -> Grammar:
    """The app's grammar for people of a locale."""
    return Grammar.compile(CatalogSchema.from_app(APP), lexicons_for([locale]))


def tokens_of(text: str, grammar: Grammar) -> tuple[Token, ...]:
    """The tokens of a text, those of scripts without spaces cut where the grammar knows words."""
    cleaned = clean_text(text)
    return segmented(cleaned, tokenise(cleaned), grammar.forms.__contains__, 12)


def spoken(text: str, tokens: Sequence[Token], first: int, last: int) -> str:
    """The words of a text between two token positions."""
    return clean_text(text)[tokens[first].start : tokens[last - 1].end]


Found = list[tuple[str, ModifierMatch]]


@pytest.fixture(scope="session")
def wishes() -> Callable[..., Found]:
    """Reads a text: the words of each wish and the wish."""

    def read(text: str, locale: str = "en") -> Found:
        grammar = grammar_of(locale)
        tokens = tokens_of(text, grammar)
        found = find(tokens, grammar, clean_text(text))
        return [(spoken(text, tokens, match.first, match.last), match) for match in found]

    return read


@pytest.fixture(scope="session")
def told(wishes: Callable[..., Found]) -> Callable[..., list[tuple[str, str, object]]]:
    """Reads a text: words, kind and value of each wish; "not" before a kind that is not wanted."""

    def read(text: str, locale: str = "en") -> list[tuple[str, str, object]]:
        return [
            (words, f"{'not ' if match.negated else ''}{match.kind.value}", match.value)
            for words, match in wishes(text, locale)
        ]

    return read


@pytest.fixture(scope="session")
def unwanted() -> Callable[..., list[str]]:
    """Reads a text: the phrases that it does not want."""

    def read(text: str, locale: str = "en") -> list[str]:
        grammar = grammar_of(locale)
        tokens = tokens_of(text, grammar)
        denied = negations(tokens, grammar, clean_text(text))
        return [spoken(text, tokens, each.first, each.last) for each in denied]

    return read

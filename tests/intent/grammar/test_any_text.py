"""Whatever is typed: nothing raises, and finds are ranges of the text that do not overlap."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intent.grammar.conftest import grammar_of, tokens_of

from herenow.intent.grammar import find, frames, negations, places_named
from herenow.intent.grammar.symbols import symbols_of
from herenow.intent.grammar.trie import Walk
from herenow.intent.lexicon import LEXICONS
from herenow.text import clean_text

LOCALES = sorted({tag.partition("-")[0] for tag in LEXICONS})
WORDS = (
    "not no without under 5 10pm $20 miles open until midnight sunday or and in near the a 24 7 two hundred"
    " stars cheap sin menos de hasta 円 なし 以内 के बिना बजे तक ke bina km 4.5 ٫ 1,000 half mile walk"
)
PIECES = st.sampled_from(WORDS.split())
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map(" ".join))


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, locale=st.sampled_from(LOCALES))
def test_finds_are_disjoint_ranges_in_order(text, locale):
    """Of wishes, negations, places and frames, each among its own."""
    grammar = grammar_of(locale)
    tokens = tokens_of(text, grammar)
    for found in (
        find(tokens, grammar, clean_text(text)),
        negations(tokens, grammar, clean_text(text)),
        places_named(tokens, grammar),
        frames(tokens, grammar),
    ):
        assert all(0 <= each.first < each.last <= len(tokens) for each in found)
        assert all(one.last <= other.first for one, other in pairwise(found))


@settings(max_examples=40, deadline=None)
@given(text=TEXTS, locale=st.sampled_from(LOCALES))
def test_the_same_text_is_read_the_same_again(text, locale):
    """Nothing is remembered between texts."""
    grammar = grammar_of(locale)
    tokens = tokens_of(text, grammar)
    assert find(tokens, grammar, clean_text(text)) == find(tokens, grammar, clean_text(text))


@settings(max_examples=40, deadline=None)
@given(text=TEXTS, locale=st.sampled_from(LOCALES))
def test_looking_ahead_passes_over_no_wish(text, locale):
    """A rule that is not entered would have led nowhere."""
    grammar = grammar_of(locale)
    walk = Walk(grammar.forest, symbols_of(tokens_of(text, grammar)).words)
    for at in range(len(walk.symbols)):
        assert set(walk.rules_at(at)) == set(walk.along(grammar.forest.rules, at))


def test_long_texts_of_nothing_but_numbers_are_read_in_few_steps():
    """A wish is never longer than its pattern, however long the text."""
    grammar = grammar_of("en")
    tokens = tokens_of("5 " * 100, grammar)
    assert all(each.last - each.first <= 8 for each in find(tokens, grammar))

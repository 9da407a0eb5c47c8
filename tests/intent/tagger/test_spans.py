from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from herenow.intent.normalise import tokenise
from herenow.intent.tagger.spans import SlotSpan, TokenSpan, in_tokens, labels_of, spans_of


@st.composite
def token_spans(draw):
    """Spans that do not overlap, and how many tokens there are."""
    size = draw(st.integers(0, 12))
    borders = sorted(draw(st.sets(st.integers(0, size))))
    found = [
        TokenSpan(first, last, draw(st.sampled_from(["dish", "area"])))
        for first, last in pairwise(borders)
        if draw(st.booleans())
    ]
    return tuple(found), size


@given(token_spans())
def test_labels_say_the_spans_they_were_made_of(made):
    """Adjacent spans of one slot stay two."""
    spans, size = made
    assert spans_of(labels_of(spans, size)) == spans


def test_a_part_that_goes_on_without_having_begun_begins_there():
    """Of another slot before it included."""
    assert spans_of(["I-dish", "I-dish", "I-area"]) == (TokenSpan(0, 2, "dish"), TokenSpan(2, 3, "area"))


def test_a_span_takes_every_token_it_touches():
    """A border within a word takes the word; what touches no word is left out."""
    tokens = tokenise("hot poke, please")
    spans = [SlotSpan("dish", 1, 6), SlotSpan("mood", 8, 9)]
    assert in_tokens(spans, tokens) == (TokenSpan(0, 2, "dish"),)


def test_a_span_in_characters_is_where_its_tokens_stand():
    """End exclusive."""
    assert TokenSpan(1, 3, "dish").within(tokenise("eat misal pav now")) == SlotSpan("dish", 4, 13)

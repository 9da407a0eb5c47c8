"""The form of a pattern bounds what searching with it costs, counted in steps."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import examples
from tests.sdk_contract.core.backtracking import Backtracking

from herenow_sdk.core.pattern_syntax import Portable, UnfitPattern, read_pattern

_atoms = st.sampled_from(
    ["a", "b", "ab", ".", "[ab]", "[^a]", "(a|b)", "(ab|b)", "(a)", "(ab)", "(aab|b)", "(a|)"]
)
_repeats = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "*?", "{2,}", "{0,5}"])
_pieces = st.tuples(_atoms, _repeats).map("".join) | st.sampled_from(
    ["^", "$", "|", r"\b", "(?=a*b)", "(?!b+a)"]
)
patterns = st.lists(_pieces, max_size=6).map("".join)


def bound(source: str, portable: Portable, text: str) -> int:
    """Every way through the pattern takes each piece and each character of the text twice at most."""
    ways = portable.choices * (len(text) + 1) ** portable.power
    return 2 * ways * (len(source) + len(text) + 1)


@settings(deadline=None, max_examples=examples(400))
@given(patterns, st.text("ab", max_size=24))
def test_no_search_takes_more_steps_than_its_form_allows(source: str, text: str) -> None:
    """Whatever pattern is accepted and whatever is searched, a backtracking engine stays within the bound."""
    try:
        portable = read_pattern(source)
    except UnfitPattern:
        return
    search = Backtracking(portable.python, text)

    assert search.found is bool(re.search(portable.python, text, re.ASCII))
    assert search.steps <= bound(source, portable, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("^(a|b){20}$", "ba" * 10),
        ("(foo|bar)+x", "foobar" * 8),
        ("a.*b.*c", "ab" * 40),
        ("^a*a*a*b", "a" * 40),
    ],
)
def test_the_worst_texts_stay_within_it(source: str, text: str) -> None:
    """Texts made to fail as late as they can."""
    portable = read_pattern(source)
    search = Backtracking(portable.python, text)

    assert not search.found or source.endswith("$")
    assert search.steps <= bound(source, portable, text)


def test_what_is_refused_would_not() -> None:
    """The counter tells the patterns apart: an ambiguous repeat doubles its steps with each character."""
    steps = [Backtracking("^(?:a+)+$", "a" * length + "b").steps for length in (10, 11)]

    assert steps[1] > 1.9 * steps[0]

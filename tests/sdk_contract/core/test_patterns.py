"""Regular expressions: what JavaScript means, within a form that bounds the work."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.pattern_syntax import (
    BUDGET,
    MAX_CHOICES,
    MAX_PATTERN,
    MAX_POWER,
    MAX_SUBJECT,
    read_pattern,
)
from herenow_sdk.core.patterns import SlowPattern, UnfitPattern, canonical, compile_pattern

from .strategies import steady


def found(source: str, value: object, *, ignore_case: bool = False) -> bool:
    """Whether the pattern occurs."""
    return compile_pattern(source, ignore_case=ignore_case).searches(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("(Mobile|Tablet)", "Android Mobile"),
        ("^a/b\\/c$", "a/b/c"),
        ("^(foo|bar)+$", "foobarfoo"),
        ("^(?!test).*bot$", "a robot"),
        ("(?=.*\\d)(?=.*[a-z])x", "1ax x1a"),
        ("[\\d-]+$", "12-34"),
        ("[--0]", "."),
        ("^[^^]$", "x"),
        ("a{2,}b+c?d?(?:e)", "aabcde"),
        ("\\u00e9", "é"),
        ("x[\\s\\S]y", "x\ny"),
        ("^..$", "🍔"),
        ("^null$", None),
        ("^5$", 5.0),
        ("^1,,2$", [1, None, 2]),
        ("", ""),
        ("^true$", True),
    ],
)
def test_finds_what_javascript_finds(source: str, value: object) -> None:
    """What JavaScript would find is found, in the text that JavaScript would make of the value."""
    assert found(source, value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a$", "a\n"),
        ("^\\d$", "٣"),
        ("^\\w$", "é"),
        ("x", "X"),
        ("^.$", "\n"),
        ("^.$", "🍔"),
        ("^(?!test)", "test it"),
    ],
)
def test_finds_no_more_than_javascript(source: str, value: object) -> None:
    """Digits and words are ASCII, ``$`` is the very end, a character beyond the basic plane is two."""
    assert not found(source, value)


@pytest.mark.parametrize(
    "source",
    [
        "???***[)",
        "foo(bar",
        "a)",
        "[a-z",
        "[]",
        "[]a]",
        "[z-a]",
        "{2}",
        "a{2",
        "a{3,2}",
        "a{0}",
        "a{1001}",
        "a**",
        "a++",
        "(?i)a",
        "(?<year>a)",
        "(a)\\1",
        "(?<=x)y",
        "(?=a)*b",
        "\\p{L}",
        "\\A",
        "[a&&b]",
        "[[]",
        "\\",
        "a" * (MAX_PATTERN + 1),
        "(" * 11 + "a" + ")" * 11,
    ],
)
def test_what_devices_read_differently_is_unfit(source: str) -> None:
    """What is no pattern, or is read differently by some engine, is refused with a sentence."""
    with pytest.raises(UnfitPattern, match=r"\w"):
        compile_pattern(source, ignore_case=False)


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+$",
        "(.*)*x",
        "(a|a)*$",
        "(a|ab)*c",
        "(a|)+b",
        "(a|[ab])+c",
        r"^(\w+\s?)*$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?=(a+)+b)c",
        "(a{1,50}){1,50}b",
        "(a?b?)*c",
        "a*a*a*b",
        "^a*a*a*a*b",
        "(?:a*)*?b",
        "(a?){13}" * 2,
    ],
)
def test_what_a_text_could_make_run_for_ever_is_slow(source: str) -> None:
    """Ambiguous repeats and long rows of repeats are refused for their form."""
    with pytest.raises(SlowPattern):
        compile_pattern(source, ignore_case=False)


def test_alternatives_that_begin_alike_but_for_case() -> None:
    """Whether alternatives begin apart depends on whether case counts."""
    assert found("^(A|a)+$", "Aa")
    with pytest.raises(SlowPattern):
        compile_pattern("^(A|a)+$", ignore_case=True)


@pytest.mark.parametrize(
    ("source", "value"),
    [("MOBILE", "mobile"), ("[a-c]+$", "ABC"), ("^[^a]$", "B"), ("ǆ", "Ǆ"), ("^σ$", "ς"), ("^é$", "É")],
)
def test_ignoring_case(source: str, value: str) -> None:
    """``$regexi`` compares by the upper case of a character, where that is one character."""
    assert found(source, value, ignore_case=True)


@pytest.mark.parametrize(
    ("source", "value"), [("^k$", "\u212a"), ("^ss$", "ß"), ("^s$", "ſ"), ("^[^a]$", "A"), ("^i$", "İ")]
)
def test_ignoring_case_has_its_limits(source: str, value: str) -> None:
    """No other letter is taken for an ASCII one, and none for several."""
    assert not found(source, value, ignore_case=True)


def test_a_text_beyond_the_budget_does_not_match() -> None:
    """The longest text that is searched follows from the pattern's choices and repeats alone."""
    pattern = compile_pattern("a.*b.*c", ignore_case=False)

    assert pattern.longest == 202
    assert pattern.searches("abc" + "x" * 199)
    assert not pattern.searches("abc" + "x" * 200)
    assert not found("x", "x" * (MAX_SUBJECT + 1))
    assert found("x", "x" * MAX_SUBJECT)


sources = st.text("\\[](){}^$.|?*+-&~/<>=!:,adDwWsSbkPuxcpZ0159\n é", max_size=14)


@steady
@given(sources, st.booleans())
def test_any_text_is_a_pattern_or_told_why_not(source, ignore_case) -> None:
    """Nothing but ``UnfitPattern`` is raised, Python reads what is written, and the cost is within bounds."""
    try:
        pattern = compile_pattern(source, ignore_case=ignore_case)
    except UnfitPattern:
        return
    portable = read_pattern(source)

    assert isinstance(pattern.searches("ab-12"), bool)
    assert portable.choices <= MAX_CHOICES
    assert portable.power <= MAX_POWER
    assert portable.choices * (pattern.longest + 1) ** portable.power <= BUDGET


@steady
@given(st.characters(max_codepoint=0xFFFF))
def test_a_character_folds_once(character: str) -> None:
    """The form that case-blind comparison uses is its own form."""
    assert canonical(canonical(character)) == canonical(character)
    assert re.fullmatch(re.escape(canonical(character)), canonical(character))

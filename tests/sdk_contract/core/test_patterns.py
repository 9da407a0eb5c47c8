"""JavaScript patterns on Python's engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.patterns import MAX_PATTERN, compile_pattern, searches

from .strategies import steady


def found(source: object, value: object, *, ignore_case: bool = False) -> bool:
    """Whether the pattern can be read and occurs."""
    pattern = compile_pattern(source, ignore_case=ignore_case)
    return pattern is not None and searches(pattern, value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("(Mobile|Tablet)", "Android Mobile"),
        ("^a/b\\/c$", "a/b/c"),
        ("(?<year>\\d{4})-\\k<year>", "2026-2026"),
        ("(?<=x)y(?<!z)", "xy"),
        ("[[]", "["),
        ("[a&&b]", "&"),
        ("[--0]", "."),
        ("^[^--0]$", "1"),
        ("^[^^]$", "x"),
        ("x[^]y", "x\ny"),
        ("a{2,}b+c*d?(?:e)(?=f)", "aabcdef"),
        ("[\\d-]+$", "12-34"),
        ("\\u00e9", "é"),
        ("\\A\\Z", "AZ"),
        ("^null$", None),
        ("^5$", 5.0),
    ],
)
def test_reads_as_javascript(source: str, value: object) -> None:
    """What JavaScript would find is found."""
    assert found(source, value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a$", "a\n"),
        ("^\\d$", "٣"),
        ("^\\w$", "é"),
        ("x", "X"),
        ("/???***[)", "hello"),
        (5, "5"),
        ("(?P<n>a)", "a"),
        ("a++", "aa"),
        ("(?i)A", "a"),
        ("[]a]", "a"),
        ("[a--b]", "a"),
    ],
)
def test_finds_no_more_than_javascript(source: object, value: object) -> None:
    """What only Python would find, or nobody can read, does not match."""
    assert not found(source, value)


def test_ignoring_case() -> None:
    """``i`` folds letters."""
    assert found("MOBILE", "mobile", ignore_case=True)


def test_pattern_length_is_bounded() -> None:
    """An absurdly long pattern is refused."""
    assert compile_pattern("a" * (MAX_PATTERN + 1), ignore_case=False) is None


@steady
@given(st.text("\\[](){}^$.|?*+-&~/<>=!:,adDwWsSbkPuxcpZ0159\n é", max_size=14), st.booleans())
def test_never_raises_nor_warns(source: str, ignore_case) -> None:
    """Any text is a pattern or none; the engine's warnings about odd syntax do not appear."""
    pattern = compile_pattern(source, ignore_case=ignore_case)
    assert pattern is None or isinstance(searches(pattern, "ab-12"), bool)

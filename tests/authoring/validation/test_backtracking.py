import re

import pytest

from herenow.authoring.validation.backtracking import why_slow
from herenow_sdk.core.patterns import compile_pattern

LONGEST = 200


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+$",
        "(.*)*x",
        "(a|a)*$",
        "(a|ab)*c",
        r"^(\w+\s?)*$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?=(a+)+b)c",
        "(a{1,50}){1,50}b",
        "(a?b?)*c",
        "a*a*a*b",
        "^a*a*a*a*b",
        "(?:a*)*?b",
    ],
)
def test_what_a_text_could_make_run_for_ever_is_slow(source: str):
    """Nested repeats, ambiguous alternatives and long rows of repeats are told."""
    pattern = compile_pattern(source, ignore_case=False)

    assert pattern is not None
    assert why_slow(pattern)


@pytest.mark.parametrize(
    "source",
    [
        "^Kandivali",
        r"^SM-[A-Z]\d{3}[A-Z]?$",
        "Pixel (6|7|8|9)( Pro)?",
        r"^\d+\.\d+\.\d+$",
        "(foo|bar)+",
        ".*burger.*mumbai",
        "^.*a.*b.*$",
        "^(news|mail)-.*-[a-z]+$",
        "",
        "a{3}(b{2}){4}",
    ],
)
def test_what_marketers_write_is_not_slow(source: str):
    """Ordinary patterns pass, and the worst texts that devices may send are through in no time."""
    pattern = compile_pattern(source, ignore_case=True)
    assert pattern is not None
    assert why_slow(pattern) is None

    for text in ("a" * LONGEST, "ab" * (LONGEST // 2), "." * LONGEST, "1." * (LONGEST // 2), "burger" * 33):
        pattern.search(text + "!")


def test_a_pattern_with_flags_is_judged_alike():
    """Folding case changes nothing of the form."""
    assert why_slow(re.compile("(a+)+$", re.IGNORECASE))

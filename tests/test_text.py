import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.text import TEXT_LIMIT, clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  burger\t\n joints ", "burger joints"),
        ("bur\x00ger\x1b[31m", "burger[31m"),
        ("\u202eburger\u200b \ufeffjoints", "burger joints"),
        ("ｂｕｒｇｅｒ", "burger"),
        ("cafe\u0301", "café"),
        ("a\ud800b\ue000", "ab"),
        (5, ""),
        (None, ""),
        (["burger"], ""),
    ],
)
def test_text_is_one_visible_line(raw, clean):
    """Control, format, surrogate and private characters go; white space folds; other types are no text."""
    assert clean_text(raw) == clean


@settings(deadline=None)
@given(st.text(max_size=400))
def test_cleaning_is_idempotent_and_bounded(raw):
    """Clean text is in NFKC, within the limit, and clean already."""
    clean = clean_text(raw)
    assert clean_text(clean) == clean
    assert len(clean) <= TEXT_LIMIT
    assert unicodedata.is_normalized("NFKC", clean)


def test_ten_megabytes_cost_what_a_line_costs():
    """Only the beginning is looked at."""
    assert clean_text("\u0301é " * 4_000_000, 10) == clean_text(("\u0301é " * 4_000_000)[:80], 10)

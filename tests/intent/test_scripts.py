"""Words of scripts that write no spaces, cut at what a table knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.folding import fold
from herenow.intent.normalise import tokenise
from herenow.intent.scripts import is_spaceless, segment, segmented
from herenow.text import clean_text

KNOWN = [
    "東京", "東京駅", "駅", "ラーメン", "京都", "京都府", "東京都", "北京", "大学", "北京大学", "学生",
    "อาหาร", "อาหารไทย", "ร้าน", "ร้านอาหาร", "ກາແຟ", "ភោជនីយដ្ឋាន", "စားသောက်ဆိုင်",
]  # fmt: skip
FORMS = {fold(word) for word in KNOWN}
LONGEST = max(map(len, FORMS))


def pieces(run):
    """The parts that a run is cut into."""
    return [run[start:end] for start, end in segment(run, FORMS.__contains__, LONGEST)]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("東京駅のラーメン店", ["東京駅", "の", "ラーメン", "店"]),
        ("東京都", ["東京都"]),
        ("北京大学生", ["北京大学", "生"]),
        ("らーめん", ["らーめん"]),
        ("ร้านอาหารไทย", ["ร้าน", "อาหารไทย"]),
        ("ກາແຟ", ["ກາແຟ"]),
        ("ភោជនីយដ្ឋាន", ["ភោជនីយដ្ឋាន"]),
        ("စားသောက်ဆိုင်", ["စားသောက်ဆိုင်"]),
        ("不明文字", ["不明文字"]),
        ("", []),
    ],
)
def test_a_run_is_cut_at_the_words_that_are_known(run, words):
    """As many characters as possible are understood, in the fewest words; the rest stays together."""
    assert pieces(run) == words


def test_a_mark_stays_with_its_letter():
    """A word that ends before another vowel sign is another word."""
    assert segment("กี", {"ก"}.__contains__, 3) == ((0, 2),)


def test_tokens_of_a_text_are_cut_where_they_stand():
    """Words with spaces are left alone; spans point into the text."""
    text = clean_text("best ラーメン店 in 東京駅前")
    cut = segmented(text, tokenise(text), FORMS.__contains__, LONGEST)
    assert [text[token.start : token.end] for token in cut] == [
        "best",
        "ラーメン",
        "店",
        "in",
        "東京駅",
        "前",
    ]
    assert [is_spaceless(token.form) for token in cut] == [False, True, True, False, True, True]


@given(st.text(alphabet="東京駅都北大学生のラーメンร้านอาไทยกี一", max_size=60), st.integers(0, 60))
def test_pieces_cover_the_run_without_gaps(run, longest):
    """In order, none empty, whatever is known; at most 24 look-ups a character."""
    asked = []
    spans = segment(run, lambda form: asked.append(form) or form in FORMS, longest)
    assert "".join(run[start:end] for start, end in spans) == run
    assert all(start < end for start, end in spans)
    assert len(asked) <= 24 * len(run)


@given(st.text(max_size=250))
def test_any_text_can_be_cut(text):
    """Nothing raises; tokens lie in order within the text."""
    cleaned, end = clean_text(text), 0
    for token in segmented(cleaned, tokenise(cleaned), FORMS.__contains__, LONGEST):
        assert end <= token.start < token.end <= len(cleaned)
        assert token.form
        end = token.end

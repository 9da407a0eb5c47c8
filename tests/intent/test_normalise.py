"""Words compare equal when people mean the same, in any script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.intent.normalise import fold, singular, tokenise
from herenow.text import clean_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("burgers", "burger"),
        ("bakeries", "bakery"),
        ("cookies", "cookie"),
        ("sandwiches", "sandwich"),
        ("boxes", "box"),
        ("houses", "house"),
        ("shoes", "shoe"),
        ("potatoes", "potato"),
        ("dresses", "dress"),
        ("biryanis", "biryani"),
        ("cafes", "cafe"),
        ("movies", "movie"),
    ],
)
def test_plural_and_singular_share_a_stem(one, other):
    """English endings, without a dictionary."""
    assert singular(one) == singular(other)


@pytest.mark.parametrize(
    ("one", "other"), [("bare", "bar"), ("wine", "win"), ("glass", "glas"), ("bus", "bu")]
)
def test_other_words_keep_apart(one, other):
    """Short words and other endings are not folded together."""
    assert singular(one) != singular(other)


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("Café", "cafe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("McDonald’s", "mcdonalds"),
        ("पिज़्ज़ा", "पिज्जा"),
        ("مُطْعَم", "مطعم"),
        ("がくせい", "がくせい"),
        ("ＢＡＲ", "bar"),
        ("Łódź", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("İSTANBUL", "istanbul"),
        ("שָׁלוֹם", "שלום"),
        ("مـــطعم", "مطعم"),
        ("کباب", "كباب"),
        ("कुआँ", "कुआं"),
        ("ガ", fold("が")),
        ("ﾗｰﾒﾝ", fold("らーめん")),
        ("ラーメン", fold("らーめん")),
        ("र\u093cाम", "राम"),
        ("pi\u200bzza", "pizza"),
        ("\u202epizza\u202c", "pizza"),
        ("١٢", "12"),
        ("५", "5"),
    ],
)
def test_case_and_diacritics_fold_but_vowels_stay(typed, form):
    """Marks that spell a word are part of it, marks that decorate it are not."""
    assert fold(clean_text(typed)) == form


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Bandra (W), 4 Bungalows", ["bandra", "w", "4", "bungalows"]),
        ("C++ and c# jobs", ["c++", "and", "c#", "jobs"]),
        ("burger+joints", ["burger", "joints"]),
        ("within 2.5km", ["within", "2.5km"]),
        ("tex-mex; rock'n'roll", ["tex", "mex", "rocknroll"]),
        ("बर्गर की दुकान", ["बर्गर", "की", "दुकान"]),
        ("❤️ 🍔", []),
        ("1️⃣ pizza🍕bar", ["1", "pizza", "bar"]),
        ("٣٫٥ كم", ["3.5", "كم"]),
        ("ramenラーメン店", ["ramen", "らーめん店"]),
        ("ราคา๑๐๐บาท", ["ราคา", "100", "บาท"]),
        ("\u0301 ّ ـ", []),
    ],
)
def test_words_are_found_in_any_script(text, forms):
    """Signs that belong to a name stay with it; emoji are no words."""
    assert [token.form for token in tokenise(clean_text(text))] == forms


@settings(deadline=None)
@given(st.text(max_size=250))
def test_tokens_lie_in_order_in_the_text(text):
    """Spans are within the cleaned text, do not overlap and are never empty."""
    cleaned = clean_text(text)
    end = 0
    for token in tokenise(cleaned):
        assert end <= token.start < token.end <= len(cleaned)
        end = token.end


@settings(deadline=None)
@given(st.text(max_size=250))
def test_folding_is_idempotent(text):
    """A form folds to itself."""
    form = fold(clean_text(text))
    assert fold(form) == form

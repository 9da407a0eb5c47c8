"""Forms of words that the vocabulary has otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.intent.spelling.inflection import FAMILIES, LONGEST, MAX_FORMS, Inflections, stem_of

KNOWN = [
    *((word, "de") for word in ("backerei", "apotheke", "kirche", "museum", "planetarium", "krankenhaus")),
    *((word, "de") for word in ("friedhof", "japanisch", "hotel", "buchladen", "buch", "laden", "gefangnis")),
    *((word, "de") for word in ("bibliothek", "schule", "zimmerer", "park")),
    *((word, "es") for word in ("panaderia", "hotel", "mexicano", "pez")),
    *((word, "fr") for word in ("boulangerie", "chateau", "hopital")),
    *((word, "pt") for word in ("padaria", "estacao", "jardim")),
    *((word, "it") for word in ("ristorante", "pizzeria")),
    *((word, "ru") for word in ("ресторан", "аптека")),
    *((word, "hi") for word in ("दुकान",)),
]
FORMS = Inflections.of(KNOWN)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("backereien", "backerei"),
        ("apotheken", "apotheke"),
        ("kirchen", "kirche"),
        ("museen", "museum"),
        ("planetarien", "planetarium"),
        ("krankenhauser", "krankenhaus"),
        ("friedhofe", "friedhof"),
        ("gefangnisse", "gefangnis"),
        ("japanischen", "japanisch"),
        ("panaderias", "panaderia"),
        ("mexicana", "mexicano"),
        ("mexicanas", "mexicano"),
        ("boulangeries", "boulangerie"),
        ("chateaux", "chateau"),
        ("hopitaux", "hopital"),
        ("padarias", "padaria"),
        ("estacoes", "estacao"),
        ("jardins", "jardim"),
        ("ristoranti", "ristorante"),
        ("рестораны", "ресторан"),
        ("аптеки", "аптека"),
        ("दुकानें", "दुकान"),
    ],
)
def test_a_form_leads_to_the_word_that_is_known(word, known):
    """Plural, case and gender, in the language's own way."""
    assert FORMS.forms(word)[0].form == known


def test_a_compound_is_what_its_last_word_says():
    """Less surely than a mere form."""
    (form,) = FORMS.forms("schulbibliotheken")
    assert form.form == "bibliothek"
    assert form.certainty < FORMS.forms("kirchen")[0].certainty


def test_a_compound_of_an_unknown_word_is_likely_a_name():
    """Parks are named after people."""
    assert FORMS.forms("luisenpark") == ()


def test_the_first_word_of_a_compound_may_have_another_ending():
    """Who says "Bücherladen" means the known "Buchladen", rather than any "Laden"."""
    assert FORMS.forms("bucherladen")[0].form == "buchladen"


def test_a_word_is_no_form_of_a_longer_one():
    """A "Zimmer" is a room, a "Zimmerer" a carpenter."""
    assert FORMS.forms("zimmer") == ()


@pytest.mark.parametrize("word", ["", "ab", "x" * (LONGEST + 1), "🍔🍔🍔🍔", "q1w2e3"])
def test_what_is_no_word_has_no_form(word):
    """Short, endless and other things."""
    assert FORMS.forms(word) == ()


@given(st.text(max_size=2 * LONGEST))
def test_any_text_gets_few_known_answers(word):
    """Whatever is asked, the answers are few, known and less than certain."""
    forms = FORMS.forms(word)
    assert len(forms) <= MAX_FORMS
    assert {form.form for form in forms} <= {word for word, _ in KNOWN}
    assert all(0 < form.certainty < 1 for form in forms)


@given(st.sampled_from(sorted(FAMILIES)), st.text(min_size=1, max_size=LONGEST))
def test_a_stem_is_never_empty(family, word):
    """Endings are only taken off what is left with a word."""
    assert stem_of(word, family)


def test_words_of_languages_without_endings_are_passed_over():
    """Chinese and Japanese do not inflect what they name."""
    assert Inflections.of([("餐厅餐厅餐厅", "zh")]).forms("餐厅餐厅餐厅们") == ()

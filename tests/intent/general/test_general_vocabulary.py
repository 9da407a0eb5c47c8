"""The general vocabulary, as packaged."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from herenow.intent import general
from herenow.intent.general import PhraseKind

ROOT = Path(__file__).parents[3]


def texts(concept_id, *languages):
    """The folded phrases of a concept with their weights."""
    concept = general.concept(concept_id)
    return {phrase.text.casefold(): phrase for phrase in general.phrases(concept, languages or None)}


@pytest.mark.parametrize(
    ("value", "concept"),
    [
        ("burger", "cuisine=burger"),
        ("Burgers", "cuisine=burger"),
        ("हैमबर्गर", "cuisine=burger"),
        ("Hamburguesa", "cuisine=burger"),
        ("Fast Food", "amenity=fast_food"),
        ("fast_food", "amenity=fast_food"),
        ("coffee and tea", "amenity=cafe"),
        ("pharmacies", "amenity=pharmacy"),
        ("Apotheke", "amenity=pharmacy"),
        ("mosque", "amenity=place_of_worship+religion=muslim"),
        ("レストラン", "amenity=restaurant"),
        ("ristorante", "amenity=restaurant"),
    ],
)
def test_a_value_names_a_concept(value, concept):
    """Whatever its language, number, case and spelling of blanks."""
    assert concept in [each.id for each in general.named(value)]


def test_the_parts_of_a_value_are_named_where_the_whole_is_not():
    """A value "Pizza & Sushi" is both."""
    assert {"cuisine=pizza", "cuisine=sushi"} <= {each.id for each in general.named("Pizza & Sushi")}


@pytest.mark.parametrize("value", ["", "Action", "xyzzy", "Denzel Washington", "🍔"])
def test_a_word_of_the_app_itself_names_nothing(value):
    """Only names count, so other domains are left alone."""
    assert general.named(value) == ()


def test_a_search_term_names_no_concept():
    """People who want a burger also type "dinner"; a value "dinner" is no burger."""
    assert "amenity=fast_food+cuisine=burger" not in [each.id for each in general.named("dinner")]


@pytest.mark.parametrize(
    ("language", "word"),
    [("es", "hamburguesa"), ("hi", "हैमबर्गर"), ("ja", "ハンバーガー"), ("de", "hamburger"), ("ru", "бургер")],
)
def test_a_concept_is_said_in_many_languages(language, word):
    """What an app calls "burger" is found by people who call it otherwise."""
    assert word in texts("cuisine=burger", language)


def test_names_weigh_more_than_what_follows_from_them_and_that_more_than_terms():
    """The order of trust: name, alias, derived, term."""
    weights = {}
    for phrase in general.phrases(general.concept("amenity=bicycle_rental"), ["en"]):
        weights.setdefault(phrase.kind, set()).add(phrase.weight)
    least = [min(weights[kind]) for kind in (PhraseKind.NAME, PhraseKind.ALIAS, PhraseKind.DERIVED)]
    assert least == sorted(least, reverse=True)
    assert max(weights[PhraseKind.TERM]) < least[-1]


def test_a_term_of_many_concepts_weighs_less():
    """It says less about each."""
    terms = texts("amenity=bicycle_rental", "en")
    assert terms["bike"].is_weak
    assert terms["bike"].weight < terms["bikeshare"].weight


def test_a_narrower_word_says_a_concept_but_does_not_name_it():
    """Who wants karate wants martial arts; a value "karate" is no judo."""
    assert texts("sport=martial_arts", "en")["karate"].kind is PhraseKind.NARROWER
    assert general.named("karate") == ()


def test_names_follow_from_names():
    """A wish for what a place offers names it too."""
    phrases = texts("amenity=bicycle_rental", "en")
    assert {"cycle rental", "rent a bicycle", "bike hire"} <= set(phrases)


def test_kinds_of_a_thing_know_what_they_are():
    """A mosque is a place of worship."""
    mosque = general.concept("amenity=place_of_worship+religion=muslim")
    assert mosque.parents == ("amenity=place_of_worship", "religion=muslim")
    assert mosque.tags == (("amenity", "place_of_worship"), ("religion", "muslim"))


def test_at_least_sixteen_languages_say_most_things():
    """Hindi is the exception: its source is thin, and so it is there by everyday words alone."""
    said = {"es", "pt", "fr", "de", "id", "ja", "zh", "ko", "ar", "ru", "it", "nl", "pl", "tr", "en"}
    for language in said:
        assert texts("amenity=pharmacy", language), language
    assert texts("amenity=pharmacy", "hi")


def test_each_form_is_told_once():
    """Whatever says it twice, the surest counts."""
    for concept in general.all_concepts()[::40]:
        for language in ("en", "de"):
            told = [phrase.text.casefold() for phrase in general.phrases(concept, [language])]
            assert len(told) == len(set(told))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not there to fetch the schema with")
def test_the_file_is_what_the_script_makes():
    """From the pinned package, to the letter."""
    script = ROOT / "tools" / "build_general_vocabulary.py"
    made = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    if made.returncode and "npm" in made.stderr:
        pytest.skip("the package could not be fetched")
    assert made.returncode == 0, made.stdout + made.stderr

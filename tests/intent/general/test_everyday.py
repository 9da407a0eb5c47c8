"""The lists that are written by hand."""

import pytest

from herenow.intent.general import ordinary_words
from herenow.intent.general.derived import from_tags, variants, without_idle, without_label
from herenow.intent.general.everyday import NO_RULES, parse_everyday, read_everyday
from herenow.intent.general.ordinary import parse_ordinary

LINES = """
# a remark
= en | bicycle; bike
> en | rental: rent
- en | shop
= de | laden; geschäft
shop=bicycle | en bike shop; cycle store | de Fahrradladen
shop=bicycle | hi साइकिल की दुकान
""".splitlines()


@pytest.fixture(scope="module")
def everyday():
    """A small file."""
    return parse_everyday(LINES)


def test_words_are_told_by_concept_and_language(everyday):
    """A concept may have several lines."""
    assert everyday.words["shop=bicycle"] == {
        "en": ("bike shop", "cycle store"),
        "de": ("Fahrradladen",),
        "hi": ("साइकिल की दुकान",),
    }


def test_words_that_are_alike_stand_for_each_other(everyday):
    """As words of a name, and as parts of a compound."""
    assert "bicycle rental" in list(variants("bike rental", everyday.rules_of("en")))
    assert "fahrradgeschaft" in list(variants("fahrradladen", everyday.rules_of("de")))


def test_a_noun_of_doing_leads_to_a_wish(everyday):
    """Who wants a bike rental says so with a verb."""
    assert {"rent bike", "rent a bike"} <= set(variants("bike rental", everyday.rules_of("en")))


def test_an_idle_word_may_be_left_out(everyday):
    """Before or behind what matters."""
    assert list(without_idle("coffee shop", everyday.rules_of("en"))) == ["coffee"]


def test_a_language_without_rules_varies_nothing(everyday):
    """Nothing is invented for it."""
    assert everyday.rules_of("ja") is NO_RULES
    assert list(variants("bike shop", NO_RULES)) == []


def test_a_name_that_says_its_label_too_also_names_without_it():
    """Whatever ending the label has there."""
    assert list(without_label("muslimische moschee", ["muslimisch"])) == ["moschee"]
    assert list(without_label("japanese restaurant", ["greek"])) == []


def test_a_tag_says_its_value_unless_a_name_says_more():
    """An emergency phone is not any phone."""
    assert list(from_tags([("amenity", "fast_food")], ["fast food"])) == ["fast food"]
    assert list(from_tags([("emergency", "phone")], ["emergency phone"])) == []
    assert list(from_tags([("shop", "yes")], ["shop"])) == []


def test_every_line_of_the_packaged_file_is_read():
    """Ids are tags, and no list of words is empty."""
    everyday = read_everyday()
    for concept_id, spoken in everyday.words.items():
        assert "=" in concept_id
        assert all(spoken.values())
    assert len(everyday.words) > 400


def test_ordinary_words_are_folded_and_by_language():
    """So that they compare to what is typed."""
    assert parse_ordinary(["# remark", "[de]", "für über", "[en]", "Found"]) == {
        "de": frozenset({"fur", "uber"}),
        "en": frozenset({"found"}),
    }
    assert "found" in ordinary_words("en")
    assert ordinary_words("tlh") == frozenset()

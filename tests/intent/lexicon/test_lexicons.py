"""The languages: all can be read, and each says the common wishes."""

import pytest

from herenow.catalog.schema import CatalogSchema
from herenow.intent.grammar import Asking, Grammar
from herenow.intent.grammar.notation import read
from herenow.intent.lexicon import ENGLISH, LEXICONS, lexicons_for
from herenow.intent.model import ModifierKind

COMMON = {
    ModifierKind.PRICE,
    ModifierKind.RATING,
    ModifierKind.POPULARITY,
    ModifierKind.FRESHNESS,
    ModifierKind.DISTANCE,
    ModifierKind.NEAR_ME,
    ModifierKind.AREA,
    ModifierKind.ROUTE,
    ModifierKind.NEAR_SPOT,
    ModifierKind.OPEN_NOW,
    ModifierKind.HOURS,
    ModifierKind.DAYPART,
    ModifierKind.DIET,
    ModifierKind.PARTY,
    ModifierKind.AUDIENCE,
    ModifierKind.AMENITY,
}


@pytest.mark.parametrize("tag", LEXICONS)
def test_a_language_compiles_alone(tag):
    """No class of words is asked for that neither it nor the common rules have."""
    grammar = Grammar.compile(CatalogSchema.from_app({}), [LEXICONS[tag]])
    assert grammar.forms


@pytest.mark.parametrize("tag", LEXICONS)
def test_a_language_says_every_common_wish(tag):
    """A new language that leaves one out is not done."""
    _, rules = read(LEXICONS[tag].rules)
    assert {rule.kind for rule in rules} >= COMMON


@pytest.mark.parametrize("tag", LEXICONS)
def test_the_kinds_of_rules_are_kinds_of_wishes(tag):
    """Or frames of requests."""
    _, rules = read(LEXICONS[tag].rules)
    assert {rule.kind for rule in rules} <= {*ModifierKind, *Asking, "frame"}


def test_the_names_of_wishes_are_the_same_in_every_language():
    """English has them all, so that an app declares one facet for all of its languages."""
    named = {
        tag: {(rule.kind, rule.spec) for rule in read(lexicon.rules)[1] if rule.kind in ("amenity", "diet")}
        for tag, lexicon in LEXICONS.items()
    }
    assert {tag: names - named["en"] for tag, names in named.items() if names - named["en"]} == {
        "id": {("amenity", "prayer_room")}
    }


@pytest.mark.parametrize("tag", LEXICONS)
def test_words_are_kept_as_they_are_compared(tag):
    """Folded, like tokens."""
    lexicon = LEXICONS[tag]
    assert lexicon.is_silent(next(iter(lexicon.function_words)))
    assert all(word == word.casefold() for word in lexicon.function_words | lexicon.request_words)


@pytest.mark.parametrize(
    ("locales", "tags"),
    [
        ([], ["en"]),
        (["en-US"], ["en"]),
        (["pt-BR"], ["pt", "en"]),
        (["hi_IN"], ["hi", "hi-Latn", "en"]),
        (["in-ID", "ja"], ["id", "ja", "en"]),
        (["en-IN", "hi"], ["hi", "hi-Latn", "en"]),
        (["xx", ""], ["en"]),
    ],
)
def test_the_languages_of_locales(locales, tags):
    """Theirs in each script, English last."""
    assert [lexicon.language for lexicon in lexicons_for(locales)] == tags


def test_english_words_are_at_hand():
    """Function words and words that only ask are silent, others are not."""
    assert ENGLISH.is_silent("the")
    assert ENGLISH.is_silent("find")
    assert not ENGLISH.is_silent("burger")

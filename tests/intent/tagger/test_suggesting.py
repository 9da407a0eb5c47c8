from herenow.intent.matching import PhraseMatch
from herenow.intent.model import ModifierKind, Source
from herenow.intent.normalise import tokenise
from herenow.intent.phrases import FacetPhrase, ModifierPhrase, StopPhrase
from herenow.intent.tagger.suggesting import suggested
from herenow.intent.tagger.tagger import Tagged

TOKENS = tokenise("Misal Pav close by cheap juhu")


def matches(*tagged, taken=()):
    """What is suggested to an app with dishes."""
    return list(suggested(tagged, TOKENS, taken, {"dish"}))


def test_a_span_of_a_facet_is_a_value_that_the_catalogue_does_not_name():
    """Its words as they compare, as sure as the tagger is."""
    assert matches(Tagged(0, 2, "dish", 0.8)) == [
        PhraseMatch(0, 2, (FacetPhrase("dish", "misal pav", 0.8, Source.NAMED),))
    ]


def test_a_wish_that_needs_no_value_is_that_wish():
    """Near the phone."""
    assert matches(Tagged(2, 4, "near_me", 0.9)) == [
        PhraseMatch(2, 4, (ModifierPhrase(ModifierKind.NEAR_ME, weight=0.9),))
    ]


def test_a_span_that_does_not_say_what_it_is_is_left():
    """A price without its bounds, a place that no map of ours has."""
    assert matches(Tagged(4, 5, "price", 0.9), Tagged(5, 6, "place", 0.9)) == []


def test_what_was_read_already_is_left():
    """The table knows better what its words mean."""
    read = PhraseMatch(1, 2, (StopPhrase(),))
    assert matches(Tagged(0, 2, "dish", 0.9), taken=[read]) == []


def test_a_span_that_is_likelier_not_one_is_left():
    """A guess that may shape a first screen is likelier right than wrong."""
    assert matches(Tagged(0, 2, "dish", 0.49)) == []

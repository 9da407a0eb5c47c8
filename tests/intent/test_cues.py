import pytest

from herenow.intent.model import Source
from herenow.intent.parser import parse


def values(intent):
    """The (facet, value) pairs of an intent."""
    return [(match.facet, match.value) for match in intent.facets]


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("films directed by agnes varda", "director"),
        ("agnes varda directed films", "director"),
        ("films starring agnes varda", "actor"),
        ("actor agnes varda", "actor"),
    ],
)
def test_a_cue_settles_which_facet_a_name_is_of(cast, text, facet):
    """Before the name or after it; the facet's own name is a cue."""
    assert values(parse(text, cast)) == [(facet, "Agnès Varda")]


def test_without_a_cue_the_facet_with_more_items_is_meant(cast):
    """Who directed three films and plays in one is asked for as a director."""
    assert values(parse("agnes varda", cast)) == [("director", "Agnès Varda")]


def test_a_cue_reaches_the_names_joined_to_the_first(cast):
    """Starring one and another."""
    found = parse("films starring ida ray and agnes varda", cast)
    assert values(found) == [("actor", "Ida Ray"), ("actor", "Agnès Varda")]


def test_a_name_that_the_catalogue_does_not_have_is_still_asked_for(cast):
    """It is told as named, with little weight, and is no word left over."""
    found = parse("films starring ida ray and max omsk about bees", cast)
    unknown = found.facets[1]
    assert (unknown.facet, unknown.value, unknown.source) == ("actor", "max omsk", Source.NAMED)
    assert unknown.weight == 0.5
    assert found.unparsed == ("films", "bees")


@pytest.mark.parametrize("text", ["films starring", "starring in the", "directed by the"])
def test_a_cue_without_a_name_announces_nothing(cast, text):
    """Nothing is made of function words or of the end of the text."""
    assert values(parse(text, cast)) == []

"""Slips of the hand, as the parser takes them: words, blanks, and what they complete."""

import pytest

from herenow.intent.parser import parse


def read(text, reader):
    """The values and the place's name that were understood."""
    intent = parse(text, reader)
    return [match.value for match in intent.facets], intent.place.name if intent.place else None


@pytest.mark.parametrize(
    ("text", "values", "place"),
    [
        ("burgr in andheri", ["burger"], "Andheri"),
        ("birynai near kandivli west", ["biryani"], "Kandivali West"),
        ("pizza kandivali wst", ["pizza"], "Kandivali West"),
        ("burgerjoint andheri", ["burger"], "Andheri"),
        ("pi zza andheri", ["pizza"], "Andheri"),
        ("cheappizza andheri", ["pizza"], "Andheri"),
        ("pizzaxandheri", ["pizza"], "Andheri"),
        ("pizza ina ndheri", ["pizza"], "Andheri"),
        ("chines in andheri", ["chinese"], "Andheri"),
        ("cfe in andheri", ["cafe"], "Andheri"),
    ],
)
def test_slips_are_put_right(venues, text, values, place):
    """Letters, blanks, and short words where nothing else is understood or a neighbour completes them."""
    assert read(text, venues) == (values, place)


def test_what_was_read_is_told_and_less_sure(venues):
    """The explanation names the word typed and the word read."""
    intent = parse("burgr in andheri", venues)
    assert '"burgr", read as "burger", is category burger (catalog)' in intent.explanation
    assert 0.5 < intent.facets[0].weight < 1.0
    assert intent.confidence < parse("burger in andheri", venues).confidence


@pytest.mark.parametrize("text", ["pizza 2222", "pizza zz", "pizza qqqqqq"])
def test_what_is_near_nothing_stays_as_it_is(venues, text):
    """Numbers, two letters and words that are near no other are reported."""
    assert parse(text, venues).unparsed == (text.split()[1],)


def test_a_known_word_is_not_bent_to_another(venues):
    """A place or a value is no slip of anything."""
    assert read("fort", venues) == (["Fort"], None)


def test_where_much_is_unknown_a_word_is_no_slip(venues):
    """A text about something else names no burger because of one word near it."""
    text = "where do dragons conceal merchant treasure under burgar mountains"
    assert read(text, venues) == ([], None)

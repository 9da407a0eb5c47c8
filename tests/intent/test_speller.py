"""Slips of the hand put right: which, how far, and what wins among several."""

import random
import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from herenow.catalog.artefact import ArtefactDamaged
from herenow.intent.deletes import DeleteIndex
from herenow.intent.normalise import tokenise
from herenow.intent.respelling import Lookup, respell
from herenow.intent.slips import is_likely
from herenow.intent.speller import Speller

WEIGHTS = {
    "burger": 90, "pizza": 80, "biryani": 70, "restaurant": 60, "kandivali": 50, "west": 40, "east": 39,
    "joint": 20, "station": 15, "chinese": 10, "bakery": 5, "café": 4, "tea": 3, "बर्गर": 2, "route66": 1,
}  # fmt: skip
PHRASES = {
    ("burger",), ("burger", "joint"), ("pizza",), ("kandivali",), ("kandivali", "west"), ("biryani",),
    ("chinese",), ("kandivali", "east"),
}  # fmt: skip
WORDS = st.text(st.sampled_from("abcdeé") | st.sampled_from("gनी"), min_size=1, max_size=14)
LONGER = WORDS.filter(lambda word: len(word) > 2)


@pytest.fixture(scope="module")
def speller():
    """A few words."""
    return Speller.compile(WEIGHTS)


def read(text, speller):
    """The forms of a text put right."""
    known = {word for phrase in PHRASES for word in phrase} | {"in", "near"}
    lookup = Lookup(lambda token: token.form in known, PHRASES.__contains__)
    spelt, _ = respell(tokenise(text), speller, lookup)
    return [token.form for token in spelt]


@pytest.mark.parametrize(
    ("typed", "meant", "distance"),
    [
        ("burgr", "burger", 1),
        ("burgger", "burger", 1),
        ("burfer", "burger", 1),
        ("bugrer", "burger", 1),
        ("resturant", "restaurant", 1),
        ("restuarnt", "restaurant", 2),
        ("kandvli", "kandivali", None),
        ("kandivlli", "kandivali", 1),
        ("restarunt", "restaurant", 2),
        ("बरगर", "बर्गर", 1),
        ("teaa", "tea", 1),
        ("xyzzy", None, None),
        ("", None, None),
    ],
)
def test_a_slip_is_put_right(speller, typed, meant, distance):
    """One edit up to seven letters, two from eight on, swapped neighbours counting once."""
    found = speller.correct(typed)
    if distance is None:
        assert found is None
    else:
        assert (found.form, found.distance) == (meant, distance)


@pytest.mark.parametrize("typed", ["wst", "te", "a", "rout66", "burg3r", "2024", "カレ"])
def test_short_words_and_numbers_are_left_alone(speller, typed):
    """Three letters are near too many words; a digit is meant."""
    assert speller.correct(typed) is None


@pytest.mark.parametrize(
    ("words", "typed", "meant"),
    [
        ({"boat": 1, "coat": 9}, "bxat", "boat"),
        ({"cart": 9, "cast": 1}, "cawt", "cast"),
        ({"later": 9, "latter": 1}, "lattter", "latter"),
        ({"bars": 1, "barn": 5}, "bart", "barn"),
        ({"bats": 1, "bat": 1}, "batq", "bat"),
        ({"bark": 1, "bard": 1}, "barz", "bard"),
    ],
)
def test_ties_are_settled(words, typed, meant):
    """First letter, likely slip, weight, length, order."""
    assert Speller.compile(words).correct(typed).form == meant


@pytest.mark.parametrize(
    ("typed", "meant", "likely"),
    [("adt", "ast", True), ("apt", "ast", False), ("caat", "cat", True), ("kofee", "koffee", True),
     ("form", "from", True), ("cat", "cat", False), ("cxt", "cat", False)],
)  # fmt: skip
def test_likely_slips(typed, meant, likely):
    """Keys that touch, letters doubled or not, neighbours swapped."""
    assert is_likely(typed, meant) is likely


def test_a_rival_makes_a_correction_less_sure():
    """Two words as near, and the mind of the reader is divided."""
    alone, rivalled = Speller.compile({"boat": 1}), Speller.compile({"boat": 2, "boar": 1})
    assert rivalled.correct("boaf").certainty < alone.correct("boaf").certainty


@pytest.mark.parametrize(
    ("typed", "halves"),
    [
        ("burgerjoint", ("burger", "joint")),
        ("kandivaliwest", ("kandivali", "west")),
        ("burgerxyz", None),
        ("", None),
    ],
)
def test_two_words_in_one_are_split(speller, typed, halves):
    """Only where both are known."""
    assert speller.split(typed) == halves


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("burgr joints in kandivli west", ["burger", "joint", "in", "kandivali", "west"]),
        ("pi zza in kandivaliwest", ["pizza", "in", "kandivali", "west"]),
        ("burgerjoint", ["burger", "joint"]),
        ("kandivli wst", ["kandivali", "west"]),
        ("wst pizza", ["wst", "pizza"]),
        ("qqqq wwww", ["qqqq", "wwww"]),
    ],
)
def test_words_of_a_search_are_put_right(speller, text, forms):
    """What makes a phrase with its neighbours wins; three letters only that way."""
    assert read(text, speller) == forms


def test_what_completes_a_phrase_wins_over_what_is_heavier():
    """So "kandivali eest" is east, though west weighs more."""
    speller = Speller.compile({"kandivali": 1, "west": 9, "east": 1})
    lookup = Lookup(lambda token: token.form == "kandivali", {("kandivali", "east")}.__contains__)
    spelt, told = respell(tokenise("kandivali eest"), speller, lookup)
    assert [token.form for token in spelt] == ["kandivali", "east"]
    assert [(each.start, each.end, each.forms) for each in told] == [(10, 14, ("east",))]


@given(st.dictionaries(WORDS, st.floats(0.1, 100), max_size=40), WORDS)
def test_a_correction_is_a_known_word_within_its_distance(vocabulary, typed):
    """Whatever the words; and every word is held that may be meant."""
    speller = Speller.compile(vocabulary)
    for found in speller.near(typed):
        assert found.form in vocabulary
        assert found.form in speller
        assert found.distance == OSA.distance(typed, found.form)
        assert found.distance <= (2 if len(typed) >= 8 else 1)
        assert 0 <= found.certainty <= 1


@settings(deadline=None)
@given(st.dictionaries(LONGER, st.floats(0.1, 100), max_size=40), LONGER)
def test_no_near_word_is_missed(vocabulary, typed):
    """The index finds all that measuring every word finds, unless it shares 256 better ones' bucket."""
    index = DeleteIndex.compile(vocabulary)
    for edits in (1, 2) if len(typed) >= 8 else (1,):
        near = {word for word in vocabulary if OSA.distance(typed, word) <= edits}
        assert near <= {index.word(number) for number in index.near(typed, edits)}


@given(st.dictionaries(WORDS, st.floats(0.1, 100), max_size=30), WORDS)
def test_bytes_bring_the_same_speller_back(vocabulary, typed):
    """Equal answers, and equal bytes again; the order of the vocabulary does not matter."""
    speller = Speller.compile(vocabulary)
    content = speller.to_bytes()
    opened = Speller.from_bytes(content)
    assert opened.near(typed) == speller.near(typed)
    assert opened.to_bytes() == content
    assert Speller.compile(dict(reversed(vocabulary.items()))).to_bytes() == content


def test_damaged_bytes_are_refused(speller):
    """Not met later as a wrong word."""
    with pytest.raises(ArtefactDamaged):
        Speller.from_bytes(speller.to_bytes()[:-1])


@settings(deadline=None)
@given(st.text(max_size=250))
def test_any_text_can_be_respelt(text):
    """Nothing raises; spans stay within the text and in order."""
    speller = Speller.compile(WEIGHTS)
    lookup = Lookup(lambda token: token.form in WEIGHTS, PHRASES.__contains__)
    spelt, told = respell(tokenise(text), speller, lookup)
    assert all(0 <= token.start < token.end <= len(text) for token in spelt)
    assert all(one.end <= other.end for one, other in pairwise(spelt))
    assert all(form in WEIGHTS for each in told for form in each.forms)


def test_many_words_take_little_room():
    """20,000 words in 5 MB: 250 bytes a word with all their deletes."""
    choice = random.Random(5)
    words = {
        "".join(choice.choices(string.ascii_lowercase, k=choice.randint(4, 12))): 1.0 for _ in range(20_000)
    }
    assert len(Speller.compile(words).to_bytes()) < 5_000_000

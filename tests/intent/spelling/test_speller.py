"""Slips of the hand put right: which, how far, and what wins among several."""

import random
import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from herenow.catalog.artefact import ArtefactDamaged
from herenow.intent.lattice import lattice_of
from herenow.intent.normalise import tokenise
from herenow.intent.spelling.delete_hashes import filed_hashes, query_hashes, whole_hash
from herenow.intent.spelling.deletes import DeleteIndex
from herenow.intent.spelling.slips import LIKELY, NEAR_KEY, OTHER_FIRST, UNLIKELY, unlikelihood
from herenow.intent.spelling.speller import Speller

WEIGHTS = {
    "burger": 90, "pizza": 80, "biryani": 70, "restaurant": 60, "kandivali": 50, "west": 40, "east": 39,
    "joint": 20, "station": 15, "chinese": 10, "bakery": 5, "café": 4, "tea": 3, "बर्गर": 2, "route66": 1,
}  # fmt: skip
WORDS = st.text(st.sampled_from("abcdeé") | st.sampled_from("gनी"), min_size=1, max_size=14)
LONGER = WORDS.filter(lambda word: len(word) > 2)


@pytest.fixture(scope="module")
def speller():
    """A few words."""
    return Speller.compile(WEIGHTS)


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
    """By the slip and the first letter, then weight, length, order."""
    assert Speller.compile(words).correct(typed).form == meant


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("form", "from", LIKELY),
        ("ewst", "west", LIKELY),
        ("kndivali", "kandivali", LIKELY),
        ("caat", "cat", LIKELY),
        ("cast", "cat", NEAR_KEY),
        ("adt", "ast", NEAR_KEY),
        ("apt", "ast", UNLIKELY),
        ("capt", "cat", UNLIKELY),
        ("xcat", "cat", NEAR_KEY + OTHER_FIRST),
        ("est", "west", LIKELY + OTHER_FIRST),
    ],
)
def test_slips_are_told_apart(typed, meant, expected):
    """Swaps and lost letters say most, then keys that touch; the first letter is rarely wrong."""
    assert unlikelihood(typed, meant) == expected


def test_a_rival_makes_a_correction_less_sure():
    """Two words as near, and the mind of the reader is divided."""
    alone, rivalled = Speller.compile({"boat": 1}), Speller.compile({"boat": 2, "boar": 1})
    assert rivalled.correct("boaf").certainty < alone.correct("boaf").certainty


@pytest.mark.parametrize(("typed", "forms"), [("wst", ["west"]), ("eest", ["west", "east"]), ("42nd", [])])
def test_short_words_are_for_who_knows_the_neighbours(speller, typed, forms):
    """All that are near, the surest first; none is certain."""
    found = speller.near(typed)
    assert [each.form for each in found] == forms
    assert all(one.certainty > other.certainty for one, other in pairwise(found))
    assert all(each.certainty < 1 for each in found)


def test_words_with_vowel_signs_are_guessed_at(speller):
    """Marks spell Indic words; a number is never guessed at."""
    tokens = tokenise("बर्गरा 2024")
    read = lattice_of(tokens, lambda _: False, speller.near)
    assert [[arc.form for arc in arcs[1:]] for arcs in read.arcs] == [["बर्गर"], []]


@given(LONGER, st.sampled_from([1, 2]))
def test_one_word_hashes_as_many_do(word, edits):
    """Whole or with letters taken out, alone or by columns."""
    filed = set(filed_hashes([word])[0].tolist())
    assert whole_hash(word) in filed
    if len(word) >= 6 or edits == 1:
        assert set(query_hashes(word, edits)) <= filed


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


@given(st.text(max_size=250))
def test_any_text_can_be_corrected(text):
    """Nothing raises; whatever is found is a known word, the second time as well."""
    speller = Speller.compile(WEIGHTS)
    assert all(found.form in speller for found in speller.near(text))
    assert speller.near(text) == speller.near(text)


def test_many_words_take_little_room():
    """20,000 words in 5 MB: 250 bytes a word with all their deletes."""
    choice = random.Random(5)
    words = {
        "".join(choice.choices(string.ascii_lowercase, k=choice.randint(4, 12))): 1.0 for _ in range(20_000)
    }
    assert len(Speller.compile(words).to_bytes()) < 5_000_000

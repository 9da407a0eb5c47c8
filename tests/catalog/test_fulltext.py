"""Searching the text of items: all words first, then any; text is never a query language."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.catalog.fulltext import MOST_MATCHES, FullText, build_fulltext, plain_words

TITLES = [
    "Taj Mahal",
    "Taj Mahal Tea House",
    "Café Leopold",
    "Mahal Pizza",
    "McDonald's",
    "東京ラーメン本店",
    "ร้านอาหารไทย",
    "दिल्ली चाट",
    "Route 66 c++ diner",
    "",
    "Near and Or Not",
]


def opened(texts):
    """The index of these texts, opened."""
    return FullText(memoryview(build_fulltext(texts)), len(texts))


@pytest.fixture(scope="module")
def titles():
    """A few items."""
    return opened(TITLES)


def found(index, *words, limit=100):
    """The texts that are found, the best first."""
    return [TITLES[item] for item in index.search(words, limit).items]


def test_items_with_all_words_come_and_no_other(titles):
    """The item that says little else first; the words of a title found whole score 1."""
    matches = titles.search(["mahal", "taj"])
    assert [TITLES[item] for item in matches.items] == ["Taj Mahal", "Taj Mahal Tea House"]
    assert matches.complete
    assert matches.scores.tolist() == [1.0, 0.875]


def test_where_none_has_all_words_those_with_any_come(titles):
    """The rarer word weighs more, and all score below any item that had all words."""
    matches = titles.search(["mahal", "leopold", "absent"])
    assert next(TITLES[item] for item in matches.items) == "Café Leopold"
    assert len(matches) == 4
    assert not matches.complete
    assert 0 < matches.scores.min() <= matches.scores.max() < 0.5


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("CAFE", "Café Leopold"),
        ("café", "Café Leopold"),
        ("mcdonalds", "McDonald's"),
        ("らーめん", "東京ラーメン本店"),
        ("ﾗｰﾒﾝ", "東京ラーメン本店"),
        ("อาหาร", "ร้านอาหารไทย"),
        ("दिल्ली", "दिल्ली चाट"),
        ("c++", "Route 66 c++ diner"),
        ("６６", "Route 66 c++ diner"),
        ("near", "Near and Or Not"),
        ("not", "Near and Or Not"),
    ],
)
def test_words_are_compared_as_everywhere(titles, typed, title):
    """Case, marks, widths and scripts without spaces; operators are words like others."""
    assert found(titles, typed) == [title]


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        "*",
        'x" OR "taj',
        "NEAR(",
        "words:taj",
        "^",
        "-",
        "\0",
        "🍔",
        "\ud800",
        "_",
        "; DROP TABLE items",
    ],
)
def test_hostile_text_finds_nothing_of_its_own(titles, typed):
    """It is words or nothing."""
    assert "Taj Mahal" not in found(titles, typed)


def test_an_answer_is_bounded(titles):
    """By the limit asked for, the largest limit, and eight words."""
    assert len(titles.search(["taj"], 1)) == 1
    assert len(titles.search(["taj"], 0)) == 0
    assert len(titles.search(["taj"], -5)) == 0
    assert len(opened(["taj"] * (MOST_MATCHES + 5)).search(["taj"], 10**9)) == MOST_MATCHES
    assert found(titles, *["taj", "tea", "house", "mahal", "a1", "a2", "a3", "a4", "leopold"])[0].startswith(
        "Taj"
    )


@pytest.mark.parametrize("texts", [[], ["", ""]])
def test_a_catalogue_without_text_answers_nothing(texts):
    """And raises nothing."""
    assert len(opened(texts).search(["taj", "mahal"])) == 0


def test_no_words_find_nothing(titles):
    """Nor does an artefact of before there was an index."""
    assert len(titles.search([])) == len(titles.search(["", " "])) == 0
    assert len(FullText(memoryview(b""), 3).search(["taj"])) == 0


def test_equal_texts_give_equal_bytes():
    """So the same rows remain the same version."""
    assert build_fulltext(TITLES) == build_fulltext(iter(TITLES))


def test_threads_share_an_index():
    """The first search, which opens it, included."""
    index = opened(TITLES)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: found(index, "taj", "tea"), range(200)))
    assert answers == [["Taj Mahal Tea House"]] * 200


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_words_may_be_searched(titles_of_any_text, words):
    """Nothing raises; items are distinct and of the catalogue, scores from 0 to 1 and falling."""
    matches = titles_of_any_text.search(words)
    assert len(set(matches.items.tolist())) == len(matches.items) == len(matches.scores)
    assert all(0 <= item < len(TITLES) for item in matches.items)
    scores = matches.scores.tolist()
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@pytest.fixture(scope="session")
def titles_of_any_text():
    """The items once more, for tests of many examples."""
    return opened(TITLES)


@given(st.text(max_size=60))
def test_plain_words_are_plain(text):
    """Plain once is plain for good; a text is found by its own words."""
    plain = plain_words(text)
    assert plain_words(plain) == plain
    assert '"' not in plain


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.data())
def test_an_item_is_found_by_its_own_words(texts, data):
    """Whatever they are written in."""
    item = data.draw(st.integers(0, len(texts) - 1))
    if words := plain_words(texts[item]).split():
        assert item in opened(texts).search(words[:8]).items


def test_titles_texts_and_tags_of_a_catalogue_are_searched(catalog_of):
    """In every locale; not places, numbers or addresses."""
    catalog = catalog_of(
        [
            {
                "id": "b",
                "name": "Blue Lagoon",
                "name@hi": "नीला",
                "topics": "reggae; live music",
                "kind": "club",
            },
            {"id": "a", "name": "Quiet Room", "photo": "https://x.example/lagoon.jpg", "locality": "Lagoon"},
        ]
    )
    for word in ("lagoon", "नीला", "reggae", "club"):
        assert [catalog.id_at(int(item)) for item in catalog.fulltext.search([word]).items] == ["b"]
    assert len(catalog.fulltext.search(["jpg"])) == 0

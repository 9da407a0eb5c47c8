"""Invented searches for a town's venues, labelled; and a tagger trained on them.

The table knows the categories; of dishes and moods it knows nothing, so there is something to learn.
"""

from itertools import islice, product

import pytest

from herenow.intent.tagger import Knowing, Labelled, SlotSpan, train

ASKED = (
    "{mood} {category} with {dish}",
    "where can i eat {dish} tonight",
    "{category} in {area}",
    "a {mood} place that serves {dish}",
    "{dish} near {area}",
    "is there a {mood} {category} around",
)
WORDS = {
    "mood": ("snug", "noisy", "leafy", "swanky", "cosy"),
    "category": ("burger", "pizza", "chinese", "biryani"),
    "dish": ("truffle fries", "ramen", "misal pav", "churros", "poke", "pozole"),
    "area": ("bandra west", "juhu", "fort"),
}


def labelled_of(pattern, words):
    """The search that a pattern makes of words, and the spans of these."""
    text, spans, at = "", [], 0
    for piece in pattern.split(" "):
        slot = piece.strip("{}")
        said = words[slot] if piece != slot else piece
        if piece != slot:
            spans.append(SlotSpan(slot, at, at + len(said)))
        text, at = f"{text}{said} ", at + len(said) + 1
    return Labelled(text.strip(), tuple(spans))


@pytest.fixture(scope="session")
def searches():
    """Some 200 labelled searches, no two the same."""
    made = (
        labelled_of(pattern, dict(zip(WORDS, words, strict=True)))
        for words in product(*WORDS.values())
        for pattern in ASKED
    )
    return list(islice(dict.fromkeys(made), 260))


@pytest.fixture(scope="session")
def knowing(venues):
    """The venues' reader in the app's languages."""
    return Knowing.of(venues)


@pytest.fixture(scope="session")
def by_table(venues):
    """The categories that the table alone finds, by their spans."""
    known = Knowing.of(venues)

    def spot(text):
        found = known.reader.read(text, known.language)
        return [
            SlotSpan("category", found.tokens[each.first].start, found.tokens[each.last - 1].end)
            for each in found.matches
            if getattr(each.meanings[0], "facet", None) == "category"
        ]

    return spot


@pytest.fixture(scope="session")
def trained(searches, knowing, by_table):
    """What training on the searches gives."""
    return train(searches, knowing.read, by_table)

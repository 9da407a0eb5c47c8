"""The rules baseline: packaged names of cuisines and places, some eighty words, four patterns.

Written once after the description of method A of the measurements that the issue names, and not tuned.
"""

from __future__ import annotations

import re
from functools import cache

from tests.evaluation.restaurant_conventions import as_labelled
from tests.evaluation.restaurant_spans import Span

from herenow.intent import general
from herenow.intent.general import PhraseKind

_WORDS = {
    "Price": "cheap cheapest inexpensive affordable expensive moderate budget reasonable pricey",
    "Rating": "best good great top highly-rated five-star four-star top-rated good-reviews nice decent",
    "Hours": "open-now open-late late-night 24-hours breakfast lunch dinner brunch tonight open midnight",
    "Location": "nearby near-me near-here closest nearest around-here in-town downtown close-by in-the-area"
    " local near-by in-the-city around",
    "Amenity": "parking valet-parking outdoor-seating patio wifi delivery takeout take-out carry-out"
    " reservations live-music smoking kid-friendly family-friendly romantic buffet bar fine-dining casual"
    " drive-thru credit-cards happy-hour outdoor-dining kids quiet dress-code delivers",
    "Cuisine": "bbq barbeque seafood vegetarian vegan fast-food deli bistro diner steakhouse",
    "Dish": "burger burgers pizza sandwich sushi steak pasta wings salad soup tacos coffee ice-cream",
}
_PATTERNS = (
    ("Location", r"within (?:a|an|\w+) (?:few )?(?:miles?|minutes?|blocks?|km)(?: of (?:here|me))?"),
    ("Price", r"(?:under|less than|below|around) (?:\d+|\w+) ?(?:dollars|bucks)?"),
    ("Rating", r"(?:\d|\w+) stars?"),
    ("Hours", r"(?:open )?(?:until|till|after|before|at|past) (?:\d+(?: ?\d\d)? ?[ap] ?m|midnight|noon)"),
    ("Location", r"(?<=\bin )[a-z]+(?: [a-z]+)?$"),
    ("Location", r"(?<=\bon )[a-z]+ (?:street|st|avenue|ave|road|rd)\b"),
)
_FOOD_KEYS = frozenset({"cuisine"})
_LONGEST = 4


@cache
def _lexicon() -> dict[str, str]:
    named = {
        phrase.text.lower(): "Cuisine"
        for concept in general.all_concepts()
        if concept.tags and concept.tags[0][0] in _FOOD_KEYS
        for phrase in general.phrases(concept, ["en"])
        if phrase.kind in (PhraseKind.NAME, PhraseKind.ALIAS)
    }
    hand = {word.replace("-", " "): slot for slot, words in _WORDS.items() for word in words.split()}
    return {**named, **hand}


def baseline(text: str) -> list[Span]:
    """Patterns first, then the longest phrases of the dictionary."""
    found = [Span(slot, *match.span()) for slot, pattern in _PATTERNS for match in re.finditer(pattern, text)]
    kept: list[Span] = []
    for span in [*found, *_phrases(text)]:
        if not any(span.touches(other) for other in kept):
            kept.append(span)
    return as_labelled(text, kept)


def _phrases(text: str) -> list[Span]:
    words = [match.span() for match in re.finditer(r"\S+", text)]
    lexicon = _lexicon()
    return [
        Span(slot, words[at][0], words[at + length - 1][1])
        for length in range(_LONGEST, 0, -1)
        for at in range(len(words) - length + 1)
        if (slot := lexicon.get(text[words[at][0] : words[at + length - 1][1]]))
    ]

"""A thin reader of questions: the longest phrases of a vocabulary, without an app's table around it.

It uses the product's own words, inflection and proper names, and none of its catalogue, places or grammar,
so that what is measured is the vocabulary. Anything that maps a question to tags can be measured in its
place, such as the parser of an app whose catalogue has a value for each concept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.evaluation.nlmaps_questions import Tag

from herenow.intent.capitals import named_things
from herenow.intent.general import PhraseKind
from herenow.intent.general.ordinary import ordinary_words
from herenow.intent.general.vocabulary import GeneralVocabulary
from herenow.intent.lexicon import ENGLISH
from herenow.intent.normalise import Token, singular, tokenise, words
from herenow.intent.spelling.inflection import Inflections
from herenow.text import clean_text

LONGEST = 5
SHORTEST = 3
ALIKE = 0.06
"""Readings of a phrase this much less sure than its surest are taken too: names and aliases are alike."""
LEAST_WEAK = 0.5
SHORTEST_INFLECTED = 5
MAX_CHARACTERS = 400
SAYS_NOTHING = frozenset({"*", "yes"})

Key = tuple[str, bool]
"""Folded words; whether they are stems."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words that were understood, and the tags of what they mean."""

    first: int
    last: int
    weight: float
    tags: frozenset[Tag]


@dataclass(frozen=True, slots=True)
class Book:
    """Phrases of one language with the tags they mean."""

    language: str
    strong: dict[Key, dict[frozenset[Tag], float]] = field(default_factory=lambda: defaultdict(dict))
    weak: dict[Key, dict[frozenset[Tag], float]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, text: str, tags: Iterable[Tag], weight: float, *, is_weak: bool = False) -> None:
        """A phrase; function words alone and very short words are none."""
        tokens = words(text)
        form = " ".join(token.form for token in tokens)
        if len(form) < SHORTEST or ENGLISH.function_words.issuperset(form.split(" ")):
            return
        stem, meaning = " ".join(token.stem for token in tokens), frozenset(tags)
        for key in ((form, False), (stem, True)):
            meanings = (self.weak if is_weak else self.strong)[key]
            meanings[meaning] = max(weight, meanings.get(meaning, 0.0))

    def known(self) -> frozenset[str]:
        """All words of the phrases that are not weak."""
        return frozenset(word for phrase, _ in self.strong for word in phrase.split(" "))


def book_of(vocabulary: GeneralVocabulary, language: str, kinds: Iterable[PhraseKind] = PhraseKind) -> Book:
    """A vocabulary's phrases of these kinds."""
    book, kept = Book(language), frozenset(kinds)
    for concept in vocabulary.concepts.values():
        for phrase in vocabulary.phrases(concept, [language]):
            if phrase.kind in kept:
                book.add(phrase.text, concept.tags, phrase.weight, is_weak=phrase.is_weak)
    return book


@dataclass(frozen=True, slots=True)
class Reader:
    """Understands questions with a book; ``plainly`` by its phrases alone."""

    book: Book
    plainly: bool = False
    _known: frozenset[str] = frozenset()
    _inflections: Inflections | None = None

    @classmethod
    def of(cls, book: Book) -> Reader:
        """With inflection and proper names."""
        known = book.known()
        return cls(book, False, known, Inflections.of((word, book.language) for word in known))

    def tags(self, text: str) -> frozenset[Tag]:
        """The tags that a question says."""
        found = self.understood(text)
        return frozenset(tag for each in found for tag in each.tags if tag[1] not in SAYS_NOTHING)

    def understood(self, text: str) -> list[Found]:
        """What is understood, weak phrases only where nothing stronger was said."""
        cleaned = clean_text(text, MAX_CHARACTERS)
        tokens = tokenise(cleaned)
        typed = [[(token.form, token.stem, 1.0)] for token in tokens]
        readings = [each + self._inflected(token) for each, token in zip(typed, tokens, strict=True)]
        named = self._named(cleaned, tokens)
        strong = _chosen(_candidates(readings, self.book.strong))
        found = [each for each in strong if not named.issuperset(range(each.first, each.last))]
        if found or self.plainly:
            return found
        weak = _chosen(_candidates(typed, self.book.weak))
        return [
            each
            for each in weak
            if each.weight >= LEAST_WEAK and not named.issuperset(range(each.first, each.last))
        ]

    def _named(self, cleaned: str, tokens: tuple[Token, ...]) -> frozenset[int]:
        if self.plainly:
            return frozenset()
        return named_things(cleaned, tokens, nouns_have_capitals=self.book.language == "de")

    def _inflected(self, token: Token) -> list[tuple[str, str, float]]:
        form = token.form
        if self._inflections is None or form in self._known or token.stem in self._known:
            return []
        if len(form) < SHORTEST_INFLECTED or form in ordinary_words(self.book.language) or not form.isalpha():
            return []
        return [(each.form, singular(each.form), each.certainty) for each in self._inflections.forms(form)]


def _candidates(
    readings: list[list[tuple[str, str, float]]], phrases: Mapping[Key, Mapping[frozenset[Tag], float]]
) -> Iterator[Found]:
    for first in range(len(readings)):
        paths = [("", "", 1.0)]
        for last in range(first, min(len(readings), first + LONGEST)):
            paths = [
                (f"{form} {more}".strip(), f"{stem} {other}".strip(), sure * certainty)
                for form, stem, sure in paths
                for more, other, certainty in readings[last]
            ]
            for form, stem, certainty in paths:
                if form not in ENGLISH.function_words:
                    meanings = phrases.get((form, False)) or phrases.get((stem, True)) or {}
                    yield from _found(first, last + 1, meanings, certainty)


def _found(
    first: int, last: int, meanings: Mapping[frozenset[Tag], float], certainty: float
) -> Iterator[Found]:
    if meanings:
        best = max(meanings.values())
        tags = frozenset(tag for each, weight in meanings.items() if weight >= best - ALIKE for tag in each)
        yield Found(first, last, best * certainty, tags)


def _chosen(candidates: Iterable[Found]) -> list[Found]:
    """The longest, then the surest, then the first; none over another."""
    taken: set[int] = set()
    kept = []
    for each in sorted(candidates, key=lambda found: (found.first - found.last, -found.weight, found.first)):
        if taken.isdisjoint(range(each.first, each.last)):
            taken.update(range(each.first, each.last))
            kept.append(each)
    return kept

"""NLmaps: are all kinds of place that a question asks for found, and is none found where it asks for none?

Data: ``intent/nlmaps.jsonl`` in English and German. A question asks for a kind of place when its query has a
tag of a key in ``CATEGORY_KEYS``; old tags are read as what replaced them. "All found" is the share of such
questions whose every tag is among those understood, "fires" the share of the others where one is understood
all the same. Among those others are questions for kinds told by other keys (ruins, murals, second-hand
shops), so "fires" is an upper bound.

The vocabulary is measured by a thin reader (``nlmaps_matcher``), the product by an app that has a value for
every concept (``nlmaps_app``). Baseline: names and aliases of the schema, exact phrases. For comparison only,
never shipped: with the special phrases of ``intent/special_phrases.tsv`` (English), where there are any.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.evaluation.bootstrap import interval, paired_difference
from tests.evaluation.nlmaps_app import parsed_by_app
from tests.evaluation.nlmaps_matcher import Book, Reader, book_of
from tests.evaluation.nlmaps_questions import CATEGORY_KEYS, Question, Tag, in_todays_tags, read_questions

from herenow.intent.general import PhraseKind
from herenow.intent.general.everyday import Everyday
from herenow.intent.general.vocabulary import GeneralVocabulary

SPECIAL_WEIGHT = 0.9

Understand = Callable[[str], frozenset[Tag]]
"""From a question's text to tags: what is measured."""


def rows(folder: Path) -> list[dict[str, Any]]:
    """Two measures a language: of the vocabulary, of the product's parser, and with the special phrases."""
    intent = folder / "intent"
    ours, schema = GeneralVocabulary.load(), GeneralVocabulary.load(Everyday({}, {}))
    replaced = _replaced(ours)
    questions = [in_todays_tags(each, replaced) for each in read_questions(intent / "nlmaps.jsonl")]
    told = []
    for language in ("en", "de"):
        baseline = Reader(book_of(schema, language, (PhraseKind.NAME, PhraseKind.ALIAS)), plainly=True)
        book = book_of(ours, language)
        told += measured(questions, language, "", Reader.of(book).tags, baseline.tags)
        told += measured(questions, language, ", by the parser", parsed_by_app(language), baseline.tags)
        if language == "en" and (intent / "special_phrases.tsv").exists():
            add_special_phrases(book, intent / "special_phrases.tsv")
            told += measured(questions, language, ", special phrases", Reader.of(book).tags, baseline.tags)
    return told


def measured(
    questions: Sequence[Question], language: str, what: str, ours: Understand, baseline: Understand
) -> list[dict[str, Any]]:
    """The rows of one reader against another."""
    asking = [question for question in questions if question.gold]
    others = [question for question in questions if not question.gold]
    found = [
        [question.gold <= read(question.texts[language]) for question in asking] for read in (ours, baseline)
    ]
    fires = [[bool(_kinds(read(each.texts[language]))) for each in others] for read in (ours, baseline)]
    return [
        _row(f"{language}, all kinds found{what}", *found),
        _row(f"{language}, fires where none{what}", *fires),
    ]


def _row(measure: str, ours: Sequence[bool], baseline: Sequence[bool]) -> dict[str, Any]:
    difference, low_difference, high_difference = paired_difference(ours, baseline)
    low, high = interval(ours)
    return {
        "measure": measure,
        "n": len(ours),
        "ours": sum(ours) / len(ours),
        "low": low,
        "high": high,
        "baseline": sum(baseline) / len(baseline),
        "difference": difference,
        "difference low": low_difference,
        "difference high": high_difference,
    }


def _kinds(tags: frozenset[Tag]) -> frozenset[Tag]:
    return frozenset(tag for tag in tags if tag[0] in CATEGORY_KEYS)


def _replaced(vocabulary: GeneralVocabulary) -> dict[Tag, Tag]:
    """What old tags are today."""
    concepts = (concept for concept in vocabulary.concepts.values() if len(concept.tags) == 1)
    return {old: concept.tags[0] for concept in concepts for old in concept.former}


def add_special_phrases(book: Book, path: Path) -> None:
    """Put them beside the phrases of a book, as sure as names."""
    with path.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            book.add(line["word"], [(line["key"], line["value"])], SPECIAL_WEIGHT)

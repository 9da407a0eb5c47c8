"""A real listing asked for the way people ask: category × place, as written and with one slip a query.

Data: ``mumbai/restaurants.csv`` of the development data. Each seed makes 500 queries of four patterns over
every category and locality the listing has, "West" cut to "(W)" in three of ten. The slip is drawn
evenly: a letter inserted, lost, replaced or swapped with the next, anywhere in the query; the third measure
keeps it to words of four letters and more, which is as far as a speller alone may go. Right is a query whose
category is among the facets and whose place is named or lies in the place understood. The baseline,
rerun on the same queries, puts each unknown word of four letters and more right by the nearest and commonest
word of the listing and takes the longest phrases that the listing has.
"""

from __future__ import annotations

import random
import re
import string
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA
from tests.evaluation.bootstrap import interval, paired_difference

from herenow.catalog import Catalog, CatalogSchema
from herenow.catalog.build import build_catalog
from herenow.catalog.imports import read_rows
from herenow.intent.parser import parse
from herenow.intent.reader import Reader

FILE = "mumbai/restaurants.csv"
APP = {
    "catalog": {"id": "id", "separator": ";"},
    "facets": {
        "category": {"type": "tags", "column": "cuisines", "intent": True},
        "area": {"type": "place", "column": "locality", "lat": "lat", "lon": "lon", "intent": True},
        "price": {
            "type": "number",
            "column": "price_for_two",
            "bands": {"cheap": [0, 400], "mid": [400, 1000], "high": [1000, None]},
        },
        "rating": {"type": "number", "column": "rating", "role": "quality"},
    },
}
PATTERNS = (
    "{category} in {area}",
    "{area} {category}",
    "best {category} near {area}",
    "cheap {category} {area}",
)
QUERIES = 500
SEEDS = range(10)
WEST_CUT = 0.3
SHORTEST_MISSPELT = 4
TWO_EDITS_FROM = 8

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Query:
    """A text, and what it asks for."""

    text: str
    category: str
    area: str


Verdict = tuple[bool, bool]
"""Whether the category and the place are right."""
Judge = Callable[[Query], Verdict]


def rows(data: Path, seeds: Sequence[int] = SEEDS) -> list[dict[str, Any]]:
    """One row a measure. Raises ``FileNotFoundError`` without the file."""
    catalog = read_catalog(data / FILE)
    ours = reader_judge(Reader.compile(catalog, {}))
    theirs = Baseline(catalog.facet_values("category"), catalog.facet_values("area")).judge
    clean = [query for seed in seeds for query in queries(catalog, seed)]
    measures = {
        "as written": clean,
        "one slip anywhere": _misspelt(clean, 1),
        "one slip in a word of 4 letters and more": _misspelt(clean, SHORTEST_MISSPELT),
    }
    return [_row(measure, asked, ours, theirs) for measure, asked in measures.items()]


def read_catalog(path: Path) -> Catalog:
    """The listing, imported as any app's."""
    schema = CatalogSchema.from_app(APP)
    with path.open("rb") as stream:
        return Catalog.open(memoryview(build_catalog(schema, read_rows(stream, "csv", None, schema))))


def queries(catalog: Catalog, seed: int) -> Iterator[Query]:
    """What people ask, the same for the same seed."""
    draw = random.Random(seed)
    categories, areas = catalog.facet_values("category"), catalog.facet_values("area")
    for _ in range(QUERIES):
        category, area = draw.choice(categories), draw.choice(areas)
        typed = area.replace(" West", " (W)") if draw.random() < WEST_CUT else area
        yield Query(draw.choice(PATTERNS).format(category=category, area=typed).lower(), category, area)


def slip(text: str, draw: random.Random, shortest: int) -> str:
    """``text`` with one letter wrong, in a word of ``shortest`` letters or more; unchanged without one."""
    words = [word.span() for word in _LETTERS.finditer(text) if len(word[0]) >= shortest]
    places = [(at, end) for start, end in words for at in range(start, end)]
    if not places:
        return text
    at, end = draw.choice(places)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    other = draw.choice(string.ascii_lowercase.replace(letter, ""))
    kinds = [before + other + letter + after, before + after, before + other + after]
    if at + 1 < end and after[0] != letter:
        kinds.append(before + after[0] + letter + after[1:])
    return draw.choice(kinds)


def reader_judge(reader: Reader) -> Judge:
    """Ours."""

    def judge(query: Query) -> Verdict:
        intent = parse(query.text, reader)
        place = intent.place
        return (
            any(match.value == query.category for match in intent.facets),
            place is not None and query.area in place.values,
        )

    return judge


class Baseline:
    """Longest match of the listing's own phrases after each unknown word is put right alone."""

    def __init__(self, categories: Sequence[str], areas: Sequence[str]) -> None:
        self._meanings: dict[tuple[str, ...], str] = {}
        for area in areas:
            for name in (area, area.replace(" West", " W")):
                self._meanings[_words(name)] = area
        self._meanings |= {_words(category): category for category in categories}
        self._common = Counter(word for phrase in self._meanings for word in phrase)
        self._known = {*self._common, *(word for pattern in PATTERNS for word in _words(pattern))}

    def judge(self, query: Query) -> Verdict:
        """Whether what was asked for is among the values found."""
        found = set(self._found([self._right(word) for word in _words(query.text)]))
        return query.category in found, query.area in found

    def _right(self, word: str) -> str:
        if word in self._known or len(word) < SHORTEST_MISSPELT:
            return word
        most = 2 if len(word) >= TWO_EDITS_FROM else 1
        near = (
            (OSA.distance(word, known, score_cutoff=most), -self._common[known], known)
            for known in self._common
        )
        distance, _, known = min(near)
        return known if distance <= most else word

    def _found(self, words: Sequence[str]) -> Iterator[str]:
        at = 0
        while at < len(words):
            last = next(
                (end for end in range(len(words), at, -1) if tuple(words[at:end]) in self._meanings), None
            )
            if last is not None:
                yield self._meanings[tuple(words[at:last])]
            at = last or at + 1


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


def _misspelt(asked: Sequence[Query], shortest: int) -> list[Query]:
    draw = random.Random(len(asked) + shortest)
    return [Query(slip(query.text, draw, shortest), query.category, query.area) for query in asked]


def _row(measure: str, asked: Sequence[Query], ours: Judge, theirs: Judge) -> dict[str, Any]:
    verdicts, spent = [], []
    for query in asked:
        started = time.perf_counter()
        verdicts.append(ours(query))
        spent.append(time.perf_counter() - started)
    both = [float(all(verdict)) for verdict in verdicts]
    baseline = [float(all(theirs(query))) for query in asked]
    low, high = interval(both)
    difference, least, most = paired_difference(both, baseline)
    return {
        "measure": measure,
        "n": len(asked),
        "ours": sum(both) / len(both),
        "low": low,
        "high": high,
        "category": sum(category for category, _ in verdicts) / len(verdicts),
        "place": sum(place for _, place in verdicts) / len(verdicts),
        "nearest word": sum(baseline) / len(baseline),
        "difference": difference,
        "difference low": least,
        "difference high": most,
        "p95 ms": 1000 * float(np.percentile(spent, 95)),
    }

"""Search text to entities in another domain: MIT Movie, with dictionaries as a catalogue would have them.

The catalogue is made of what people named in other searches: one item for each of these, with the values its
labels give. In the folder that development uses, a fifth of the searches is asked with the other four fifths
as the catalogue, five times over; any other folder is asked with the development folder's searches as the
catalogue (its own four fifths when that is missing). A value counts as found when it overlaps a labelled span
of its type; the baseline is the longest match of the same dictionaries, each value under its commonest type.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.evaluation.bootstrap import f1, f1_difference, f1_interval
from tests.evaluation.folders import DEVELOPMENT

from herenow.catalog.schema import CatalogSchema
from herenow.intent.general import ordinary_words
from herenow.intent.lexicon import ENGLISH
from herenow.intent.model import ModifierKind
from herenow.intent.normalise import tokenise
from herenow.intent.parser import parse
from herenow.intent.reader import Reader

FILE = Path("intent") / "mit_movie.tsv"
FOLDS = 5
SLIPS = 2
TYPES = {"Actor": "actor", "Director": "director", "Year": "year", "Genre": "genre"}
APP = {
    "facets": {
        "actor": {"type": "tags", "column": "actors", "intent": True},
        "director": {"type": "tags", "column": "directors", "intent": True},
        "genre": {"type": "tags", "column": "genres", "intent": True},
        "year": {"type": "date", "column": "released", "role": "freshness"},
    }
}
INTENTS = {
    "cues": {
        "actor": [
            "starring",
            "stars",
            "starred",
            "featuring",
            "played by",
            "actor",
            "actress",
            "… stars",
            "… plays",
        ],
        "director": ["directed by", "director", "directors", "… directed", "… directs", "… film", "… movie"],
    }
}

Span = tuple[str, int, int]


@dataclass(frozen=True)
class Labelled:
    """A search with its labelled spans."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def read(cls, line: str) -> Labelled:
        """From a line of the file."""
        text, labels = line.rstrip("\n").split("\t")
        spans = ((each["type"], each["start"], each["end"]) for each in json.loads(labels))
        return cls(text, tuple(span for span in spans if span[0] in TYPES))


Searches = Sequence[Labelled]


@dataclass(frozen=True)
class Words:
    """A catalogue made of labelled searches; for the tests' own use, without items."""

    searches: Searches

    schema = CatalogSchema.from_app(APP)
    places = ()

    @cached_property
    def counts(self) -> Mapping[str, Counter[str]]:
        """How many searches name each value, by facet.

        A single word that one or two labelled is a slip, and so are ordinary words ("based off").
        """
        counts: dict[str, Counter[str]] = {facet: Counter() for facet in TYPES.values()}
        for search in self.searches:
            for kind, start, end in search.spans:
                counts[TYPES[kind]][search.text[start:end]] += 1
        return {
            facet: Counter({value: n for value, n in found.items() if _is_a_name(value, n)})
            for facet, found in counts.items()
        }

    def facet_values(self, name: str) -> tuple[str, ...]:
        """The distinct values."""
        return tuple(sorted(self.counts[name]))

    def items_of(self, facet: str, value: str) -> int:
        """How many items have a value."""
        return self.counts[facet][value]


def rows(folder: Path) -> list[dict[str, Any]]:
    """One row a type."""
    told = [Labelled.read(line) for line in (folder / FILE).read_text(encoding="utf-8").splitlines()]
    counted: dict[str, dict[str, list[tuple[int, int, int]]]] = {
        "ours": {kind: [] for kind in TYPES},
        "baseline": {kind: [] for kind in TYPES},
    }
    for asked, catalogue in _splits(folder, told):
        words = Words(catalogue)
        reader, dictionary = Reader.compile(words, INTENTS), _dictionary(words)
        for search in asked:
            for name, found in (("ours", _ours(search.text, reader)), ("baseline", dictionary(search.text))):
                for kind in TYPES:
                    counted[name][kind].append(_counts(kind, found, search.spans))
    return [_row(kind, counted["ours"][kind], counted["baseline"][kind]) for kind in TYPES]


def _is_a_name(value: str, times: int) -> bool:
    words = value.split(" ")
    return (times > SLIPS or len(words) > 1) and not ordinary_words("en").issuperset(words)


def _splits(
    folder: Path, told: Sequence[Labelled]
) -> Iterator[tuple[Sequence[Labelled], Sequence[Labelled]]]:
    development = DEVELOPMENT / FILE
    if folder.resolve() != DEVELOPMENT.resolve() and development.exists():
        yield told, [Labelled.read(line) for line in development.read_text(encoding="utf-8").splitlines()]
        return
    for fold in range(FOLDS):
        yield told[fold::FOLDS], [each for at, each in enumerate(told) if at % FOLDS != fold]


def _ours(text: str, reader: Reader) -> list[Span]:
    intent = parse(text, reader)
    kinds = {facet: kind for kind, facet in TYPES.items()}
    found = [(kinds[match.facet], *match.span) for match in (*intent.facets, *intent.excluded)]
    found += [("Year", *wish.span) for wish in intent.modifiers if wish.kind is ModifierKind.YEAR]
    return found


def _dictionary(words: Words) -> Any:
    """Longest match of every value under its commonest type."""
    best: dict[str, tuple[int, str]] = {}
    for kind, facet in TYPES.items():
        for value, count in words.counts[facet].items():
            tokens = [token.form for token in tokenise(value)]
            if all(ENGLISH.is_silent(form) for form in tokens):
                continue  # a slip of the annotators: "the" is nobody's name
            key = " ".join(tokens)
            best[key] = max(best.get(key, (0, "")), (count, kind))
    longest = max((key.count(" ") + 1 for key in best), default=0)

    def find(text: str) -> list[Span]:
        tokens, found, at = tokenise(text), [], 0
        while at < len(tokens):
            for last in range(min(at + longest, len(tokens)), at, -1):
                known = best.get(" ".join(token.form for token in tokens[at:last]))
                if known:
                    found.append((known[1], tokens[at].start, tokens[last - 1].end))
                    at = last - 1
                    break
            at += 1
        return found

    return find


def _counts(kind: str, found: Iterable[Span], gold: Iterable[Span]) -> tuple[int, int, int]:
    """True positives, false positives, false negatives: by overlap."""
    ours = [span for span in found if span[0] == kind]
    theirs = [span for span in gold if span[0] == kind]
    right = sum(any(_overlap(one, other) for other in theirs) for one in ours)
    missed = sum(not any(_overlap(one, other) for other in ours) for one in theirs)
    return right, len(ours) - right, missed


def _overlap(one: Span, other: Span) -> bool:
    return one[1] < other[2] and other[1] < one[2]


def _row(
    kind: str, ours: Sequence[tuple[int, int, int]], theirs: Sequence[tuple[int, int, int]]
) -> dict[str, Any]:
    low, high = f1_interval(ours)
    difference, least, most = f1_difference(ours, theirs)
    return {
        "measure": f"{kind} overlap F1",
        "n": len(ours),
        "ours": f1(ours),
        "low": low,
        "high": high,
        "dictionary": f1(theirs),
        "difference": difference,
        "difference low": least,
        "difference high": most,
    }

"""MIT Restaurant with the tagger: exact spans of all eight slots after training on labelled searches.

Data: ``intent/mit_restaurant.tsv``. In the development folder four fifths are learned and a fifth, chosen by
a digest of the text, is asked; any other folder is asked with the whole development file learned. The app
has no catalogue: the tagger sees the words, and what the grammar, the gazetteer and the world's vocabulary
make of them. The baseline is the same model, learned from the words alone. Times are of one query, its
reading and its tagging.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from time import process_time_ns
from typing import Any

import numpy as np
from tests.evaluation.bootstrap import f1, f1_difference, f1_interval
from tests.evaluation.folders import DEVELOPMENT
from tests.evaluation.intent_restaurants import Counts, Query, exact, read
from tests.evaluation.restaurant_slots import APP
from tests.evaluation.restaurant_spans import Span

from herenow.catalog.schema import CatalogSchema
from herenow.intent.reader import Reader
from herenow.intent.tagger import Knowing, Known, Labelled, SlotSpan, Tagger, fit, spotted
from herenow.intent.tagger.training import is_held_back

FILE = Path("intent") / "mit_restaurant.tsv"
SLOTS = ("Location", "Cuisine", "Dish", "Restaurant_Name", "Price", "Rating", "Hours", "Amenity")
LOCATED = {"area": {"type": "place", "column": "area", "lat": "lat", "lon": "lon", "intent": True}}

Reading = Callable[[str], Known]
Pairs = Sequence[tuple[Counts, Counts]]


class NoCatalogue:
    """An app that has prices, ratings and places, and no items yet."""

    schema = CatalogSchema.from_app({"facets": {**APP["facets"], **LOCATED}})
    places = ()

    def facet_values(self, _name: str) -> tuple[str, ...]:
        """None."""
        return ()

    def items_of(self, _facet: str, _value: str) -> int:
        """None."""
        return 0


def rows(folder: Path) -> list[dict[str, Any]]:
    """One row for all slots, one a slot, then size and times."""
    learned, asked = split(folder)
    ours, words = fit(learned, known), fit(learned, words_alone)
    found = [
        (query.spans, _spans(ours, known(query.text)), _spans(words, words_alone(query.text)))
        for query in asked
    ]
    told = [_row("exact, 8 slots", [(exact(gold, a), exact(gold, b)) for gold, a, b in found])]
    for slot in SLOTS:
        pairs = [
            (exact(_of(gold, slot), _of(a, slot)), exact(_of(gold, slot), _of(b, slot)))
            for gold, a, b in found
        ]
        told.append(_row(f"exact, {slot}", pairs))
    return [*told, _size(ours, len(learned)), *_times(ours, [query.text for query in asked])]


def split(folder: Path) -> tuple[list[Labelled], list[Query]]:
    """What is learned and what is asked."""
    told = read(folder / FILE)
    if folder.resolve() != DEVELOPMENT.resolve():
        return [_labelled(query) for query in read(DEVELOPMENT / FILE)], told
    learned = [_labelled(query) for query in told if not is_held_back(query.text)]
    return learned, [query for query in told if is_held_back(query.text)]


def known(text: str) -> Known:
    """A search as the app without a catalogue reads it."""
    return _knowing().read(text)


def words_alone(text: str) -> Known:
    """The same without any hint."""
    return Known(known(text).tokens, ())


@cache
def _knowing() -> Knowing:
    return Knowing.of(Reader.compile(NoCatalogue(), {}))


def _labelled(query: Query) -> Labelled:
    return Labelled(query.text, tuple(SlotSpan(*span) for span in query.spans))


def _spans(tagger: Tagger, told: Known) -> list[Span]:
    return [Span(*span) for span in spotted(tagger, told)]


def _of(spans: Sequence[Span], slot: str) -> list[Span]:
    return [span for span in spans if span.type == slot]


def _row(measure: str, pairs: Pairs) -> dict[str, Any]:
    ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    low, high = f1_interval(ours)
    difference, least, most = f1_difference(ours, theirs)
    return {
        "measure": f"MIT Restaurant F1 trained, {measure}",
        "n": len(pairs),
        "ours": f1(ours),
        "low": low,
        "high": high,
        "words alone": f1(theirs),
        "difference": difference,
        "difference low": least,
        "difference high": most,
    }


def _size(tagger: Tagger, learned: int) -> dict[str, Any]:
    return {"measure": "size of the model, MB", "n": learned, "ours": len(tagger.to_bytes()) / 1e6}


def _times(tagger: Tagger, texts: Sequence[str]) -> list[dict[str, Any]]:
    reading, tagging = [], []
    for text in texts:
        began = process_time_ns()
        told = known(text)
        read_at = process_time_ns()
        tagger.tag(told)
        reading.append(read_at - began)
        tagging.append(process_time_ns() - read_at)
    return [
        {
            "measure": f"{what}, ms a query, {name}",
            "n": len(texts),
            "ours": float(np.percentile(times, at)) / 1e6,
        }
        for what, times in (("reading and hints", reading), ("tagging", tagging))
        for name, at in (("p50", 50), ("p95", 95))
    ]

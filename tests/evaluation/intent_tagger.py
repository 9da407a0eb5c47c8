"""MIT Restaurant with the tagger: exact spans of all eight slots after training on labelled searches.

Data: ``intent/mit_restaurant.tsv``. In the development folder four fifths are learned and a fifth, chosen by
a digest of the text, is asked; any other folder is asked with the whole development file learned (its own
four fifths when that is missing). The tagger sees the words, and what reading without training makes of them
(``restaurant_slots``). The baseline is the same learned from the words alone. Times are of one query, its
reading and its tagging.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time_ns
from typing import Any

import numpy as np
from tests.evaluation.bootstrap import f1, f1_difference, f1_interval
from tests.evaluation.folders import DEVELOPMENT
from tests.evaluation.intent_restaurants import Counts, Query, exact, read
from tests.evaluation.restaurant_slots import app_reader, read_parts
from tests.evaluation.restaurant_spans import Span

from herenow.intent.tagger import Known, Labelled, SlotSpan, Tagger, fit, spotted
from herenow.intent.tagger.hints import Hint
from herenow.intent.tagger.knowing import hints_of
from herenow.intent.tagger.training import is_held_back

FILE = Path("intent") / "mit_restaurant.tsv"
SLOTS = ("Location", "Cuisine", "Dish", "Restaurant_Name", "Price", "Rating", "Hours", "Amenity")

Reading = Callable[[str], Known]
Pairs = Sequence[tuple[Counts, Counts]]


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
    told, development = read(folder / FILE), DEVELOPMENT / FILE
    if folder.resolve() != DEVELOPMENT.resolve() and development.exists():
        return [_labelled(query) for query in read(development)], told
    learned = [_labelled(query) for query in told if not is_held_back(query.text)]
    return learned, [query for query in told if is_held_back(query.text)]


def known(text: str) -> Known:
    """A search as the app reads it, and the slots that this gives untrained."""
    reader = app_reader()
    language = reader.languages.own
    found = reader.read(text, language)
    hints = hints_of(text, found.tokens, found.matches, language)
    parts = (Hint(first, last, f"part:{slot}") for first, last, slot in read_parts(found))
    return Known(found.tokens, (*hints, *parts))


def words_alone(text: str) -> Known:
    """The same without any hint."""
    return Known(known(text).tokens, ())


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

"""MIT Restaurant without training: exact spans of all eight slots, and overlap of each slot.

Data: ``intent/mit_restaurant.tsv``. *Exact* counts a span that has the labelled type and borders. *Overlap*
counts a span that shares a character with a labelled one of its type, one for one; dishes and cuisines are
one slot there. The baseline (``restaurant_rules``) is a dictionary of packaged names and some eighty words,
written once. Labels draw the borders of a span by conventions of their own: those that follow a rule are told
in ``restaurant_conventions``, which the spans of both pass through.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.evaluation.bootstrap import f1, f1_difference, f1_interval
from tests.evaluation.restaurant_rules import baseline
from tests.evaluation.restaurant_slots import slots
from tests.evaluation.restaurant_spans import Span

OVERLAP_SLOTS = ("Location", "Cuisine∪Dish", "Price", "Rating", "Hours", "Amenity", "Restaurant_Name")
_FOOD = frozenset({"Cuisine", "Dish"})

Counts = tuple[int, int, int]
Reader = Callable[[str], Sequence[Span]]


class Query(NamedTuple):
    """A labelled search."""

    text: str
    spans: tuple[Span, ...]


def read(path: Path) -> list[Query]:
    """The labelled searches of a file."""
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line)
    return [
        Query(text, tuple(Span(each["type"], each["start"], each["end"]) for each in json.loads(spans)))
        for text, spans in lines
    ]


def rows(data: Path) -> list[dict[str, Any]]:
    """One row a measure: ours, its interval, the baseline, and the paired difference."""
    return measured(read(data / "intent" / "mit_restaurant.tsv"), slots, baseline)


def measured(queries: Sequence[Query], ours: Reader, theirs: Reader) -> list[dict[str, Any]]:
    """The rows for any two readers of the same searches."""
    found = [(query.spans, tuple(ours(query.text)), tuple(theirs(query.text))) for query in queries]
    told = [_row("exact, 8 slots", [(exact(gold, a), exact(gold, b)) for gold, a, b in found])]
    for slot in OVERLAP_SLOTS:
        pairs = [(overlap(gold, a, slot), overlap(gold, b, slot)) for gold, a, b in found]
        told.append(_row(f"overlap, {slot}", pairs))
    return told


def exact(gold: Iterable[Span], found: Iterable[Span]) -> Counts:
    """Hits, extra and missed spans, compared by type and borders."""
    wanted, said = set(gold), set(found)
    hits = len(wanted & said)
    return hits, len(said) - hits, len(wanted) - hits


def overlap(gold: Iterable[Span], found: Iterable[Span], slot: str) -> Counts:
    """Hits, extra and missed spans of a slot; a labelled span is hit by one that touches it."""
    wanted = [span for span in gold if _slot(span) == slot]
    said = [span for span in found if _slot(span) == slot]
    hits = 0
    for span in said:
        touched = next((other for other in wanted if span.touches(other)), None)
        if touched is not None:
            wanted.remove(touched)
            hits += 1
    return hits, len(said) - hits, len(wanted)


def _slot(span: Span) -> str:
    return "Cuisine∪Dish" if span.type in _FOOD else span.type


def _row(measure: str, pairs: Sequence[tuple[Counts, Counts]]) -> dict[str, Any]:
    ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    low, high = f1_interval(ours)
    difference, least, most = f1_difference(ours, theirs)
    return {
        "measure": f"MIT Restaurant F1, {measure}",
        "n": len(pairs),
        "ours": f1(ours),
        "low": low,
        "high": high,
        "rules baseline": f1(theirs),
        "difference": difference,
        "difference low": least,
        "difference high": most,
    }

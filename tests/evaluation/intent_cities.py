"""City search: how often the first answer lies within 50 km of the city that was meant.

Data: ``intent/city_search.jsonl`` of the development data (text, lat, lon). Each text is read by the parser
of an app whose items are places and whose catalogue names none. The baseline, rerun on the same rows, takes
the most populous city that has the text (before a comma) as its name or alternate name. Three measures: all
rows; rows that name a region or country too; rows with one letter wrong (a letter of the text left out,
doubled or swapped with the next, by a fixed seed), to which the baseline has no answer by design.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evaluation.bootstrap import interval, paired_difference

from herenow.catalog.schema import CatalogSchema
from herenow.intent.gazetteer import Gazetteer
from herenow.intent.normalise import words
from herenow.intent.parser import parse
from herenow.intent.reader import Reader

FILE = "intent/city_search.jsonl"
NEAR_KM = 50.0
SEED = 20260101
SHORTEST_MISSPELT = 5

APP = {"facets": {"area": {"type": "place", "column": "area", "lat": "lat", "lon": "lon", "intent": True}}}

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Case:
    """A search and where its city lies, in degrees."""

    text: str
    lat: float
    lon: float


Answer = Callable[[str], tuple[float, float] | None]


def rows(data: Path) -> list[dict[str, Any]]:
    """One row a measure. Raises ``FileNotFoundError`` without the file."""
    lines = (data / FILE).read_text(encoding="utf-8").splitlines()
    cases = [Case(**json.loads(line)) for line in lines]
    ours, theirs, draw = place_understood(), most_populous(Gazetteer()), random.Random(SEED)
    measures = {
        "first answer within 50 km": cases,
        "… with a region or country": [case for case in cases if "," in case.text],
        "… with one letter wrong": [misspelt(case, draw) for case in cases if _is_long(case.text)],
    }
    return [_row(measure, part, ours, theirs) for measure, part in measures.items() if part]


def misspelt(case: Case, draw: random.Random) -> Case:
    """The same search with one slip after its first letter."""
    at = draw.randrange(1, len(case.text) - 1)
    before, letter, after = case.text[:at], case.text[at], case.text[at + 1 :]
    slip = draw.choice(
        [before + after, before + letter + letter + after, before + after[0] + letter + after[1:]]
    )
    return Case(slip, case.lat, case.lon)


def most_populous(gazetteer: Gazetteer) -> Answer:
    """The baseline: the name or alternate name, highest population."""

    def answer(text: str) -> tuple[float, float] | None:
        key = " ".join(token.form for token in words(text.partition(",")[0]))
        return _degrees(max(gazetteer.lookup(key), key=lambda city: city.population, default=None))

    return answer


def place_understood() -> Answer:
    """Ours: the place of the intent."""
    reader = Reader.compile(Nowhere(CatalogSchema.from_app(APP)), {})

    def answer(text: str) -> tuple[float, float] | None:
        place = parse(text, reader).place
        if place is None or place.lat_e6 is None or place.lon_e6 is None:
            return None
        return place.lat_e6 / 1e6, place.lon_e6 / 1e6

    return answer


@dataclass(frozen=True, slots=True)
class Nowhere:
    """A catalogue without items."""

    schema: CatalogSchema
    places: tuple[()] = ()

    def facet_values(self, _name: str) -> tuple[str, ...]:
        """None."""
        return ()

    def items_of(self, _facet: str, _value: str) -> int:
        """None."""
        return 0


def _row(measure: str, cases: Sequence[Case], understood: Answer, baseline: Answer) -> dict[str, Any]:
    started = time.perf_counter()
    ours = _hits(cases, understood)
    spent = time.perf_counter() - started
    theirs = _hits(cases, baseline)
    low, high = interval(ours)
    difference, least, most = paired_difference(ours, theirs)
    return {
        "measure": measure,
        "n": len(cases),
        "ours": sum(ours) / len(ours),
        "low": low,
        "high": high,
        "most populous": sum(theirs) / len(theirs),
        "difference": difference,
        "difference low": least,
        "difference high": most,
        "µs a query": 1e6 * spent / len(cases),
    }


def _hits(cases: Sequence[Case], answer: Answer) -> list[float]:
    return [float((found := answer(case.text)) is not None and _km(case, found) <= NEAR_KM) for case in cases]


def _is_long(text: str) -> bool:
    return "," not in text and len(text) >= SHORTEST_MISSPELT


def _degrees(place: Any) -> tuple[float, float] | None:
    return None if place is None else (place.lat_e6 / 1e6, place.lon_e6 / 1e6)


def _km(case: Case, found: tuple[float, float]) -> float:
    lat, lon, to_lat, to_lon = map(math.radians, (case.lat, case.lon, *found))
    half = math.sin((to_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))

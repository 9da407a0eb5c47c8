"""Measurements within the process: ordering, search text to intent, opening a catalogue."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from tests.benchmarks.figures import Bound, Figure, SingleFigure, timed
from tests.benchmarks.scripts import CONTEXT, searched
from tests.benchmarks.seeding import SCOPE, Seeded
from tests.benchmarks.served import LARGE
from tests.benchmarks.synthetic import middle_of, places, tags

from herenow.bootstrap import build_services
from herenow.catalog.catalog import Catalog
from herenow.intent.parser import parse
from herenow.launch.decision import Subject, prepared_for, query_for
from herenow.launch.serving import ServingSet
from herenow.ordering.model import OrderingQuery

_PLACEMENT: Final = "home_feed"
_INPUTS: Final = 64
_OPENINGS: Final = 5
_ORDERING: Final = Bound("≤", 3, "ms")
_PARSING: Final = Bound("≤", 0.3, "ms")
_OPEN: Final = Bound("≤", 5, "s")

Ask = Callable[[random.Random], OrderingQuery]


def catalogue(seeded: Seeded) -> Iterator[Figure]:
    """Import as it was seeded; opening the version and compiling the serving set over it."""
    size = f"{seeded.items:,} items"
    yield SingleFigure(f"import, {size}", seeded.items / seeded.import_s, "rows/s")
    services = build_services(seeded.settings)
    try:
        opened = [
            _seconds(lambda: services.catalogs.open(SCOPE, seeded.pointer.catalog)) for _ in range(_OPENINGS)
        ]
        yield SingleFigure(f"open catalogue, {size}", sorted(opened)[_OPENINGS // 2] * 1000, "ms")
        whole = _seconds(lambda: services.serving.current(SCOPE))
        bound = _OPEN if seeded.items == LARGE else None
        yield SingleFigure(f"load serving set, {size}", whole, "s", bound)
    finally:
        services.close()


def ordering(seeded: Seeded, seconds: float) -> Iterator[Figure]:
    """One placement of twenty, by what is known of the person."""
    bound = _ORDERING if seeded.items == LARGE else None
    with _served(seeded) as serving:
        order = serving.orderers[_PLACEMENT].order
        for name, ask in _questions(serving).items():
            chance = random.Random(name)
            queries = [ask(chance) for _ in range(_INPUTS)]
            yield timed(
                f"order, {name}, {seeded.items:,} items", order, queries, seconds=seconds, bound=bound
            )


def intents(seeded: Seeded, seconds: float) -> Iterator[Figure]:
    """Search texts of the founding form, over every tag and place."""
    with _served(seeded) as serving:
        chance = random.Random("intent")
        texts = [searched(chance) for _ in range(_INPUTS)]
        yield timed(
            f"search text → intent, {len(serving.reader.table):,} phrases",
            lambda text: parse(text, serving.reader, near=None, country=None, locales=("en-IN", "en")),
            texts,
            seconds=seconds,
            bound=_PARSING,
        )


def _questions(serving: ServingSet) -> dict[str, Ask]:
    """What a placement may be asked, from much known to nothing known."""

    def asked(text: str | None, location: tuple[float, float] | None = None) -> OrderingQuery:
        return _query(serving, text, location)

    return {
        "category and place": lambda chance: asked(searched(chance)),
        "category": lambda chance: asked(f"{chance.choice(tags())} joints"),
        "device's place": lambda chance: asked(None, middle_of(chance.randrange(len(places())))),
        "nothing known": lambda _: asked(None),
    }


def _query(serving: ServingSet, text: str | None, location: tuple[float, float] | None) -> OrderingQuery:
    now = int(time.time())
    context: dict[str, Any] = dict(CONTEXT)
    if location:
        context["location"] = {"lat": location[0], "lon": location[1]}
    subject = Subject("benchmark", now, {"location": "granted", "personalization": "granted"})
    if text:
        subject = replace(subject, intent=parse(text, serving.reader, locales=("en",)))
    return query_for(serving, context, subject, prepared_for(serving, context, subject, now), now)


@contextmanager
def _served(seeded: Seeded) -> Iterator[ServingSet]:
    services = build_services(seeded.settings)
    try:
        yield services.serving.current(SCOPE)
    finally:
        services.close()


def _seconds(call: Callable[[], Catalog | ServingSet]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started

"""Measurements within the process: ordering, search text to intent, opening a catalogue, many features."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
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
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate_features, prepare

_PLACEMENT: Final = "home_feed"
_INPUTS: Final = 64
_OPENINGS: Final = 5
_FEATURES: Final = 100
_RULES: Final = 3
_ORDERING: Final = Bound("≤", 3, "ms")
_PARSING: Final = Bound("≤", 0.3, "ms")
_FORCED: Final = Bound("≤", 0.3, "ms")
_HASHED: Final = Bound("≤", 0.45, "ms")
"""A tenth of the 4.5 ms that DESIGN §7 measured for the GrowthBook Python SDK; not rerun here."""
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
            f"search text → intent, {len(serving.phrases):,} phrases",
            lambda text: parse(text, serving.phrases, near=None, country=None, locales=("en-IN", "en")),
            texts,
            seconds=seconds,
            bound=_PARSING,
        )


def features(seconds: float) -> Iterator[Figure]:
    """A hundred features of three rules, for persons who differ."""
    for name, rule, bound in (("forced", _forced_rule, _FORCED), ("hashed", _hashed_rule, _HASHED)):
        part = {
            f"feature_{number:03d}": {
                "type": "number",
                "defaultValue": 0,
                "rules": [rule(number, at) for at in range(_RULES)],
            }
            for number in range(_FEATURES)
        }
        bundle, _ = parse_bundle({"features": {"features": part}})
        persons = [_person(bundle, each) for each in range(_INPUTS)]
        yield timed(
            f"evaluate {_FEATURES} features × {_RULES} {name} rules",
            partial(evaluate_features, bundle),
            persons,
            seconds=seconds,
            bound=bound,
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
        subject = replace(subject, intent=parse(text, serving.phrases, locales=("en",)))
    return query_for(serving, context, subject, prepared_for(serving, context, subject, now), now)


def _forced_rule(number: int, at: int) -> dict[str, Any]:
    conditions: tuple[dict[str, Any], ...] = (
        {"country": {"$in": ["BR", "MX"]}, "app_version": {"$vgte": f"{number % 5}.2.0"}},
        {"platform": "ios", "device.class": "tablet"},
        {"platform": "android", "locale": {"$in": ["en-IN", "hi-IN"]}, "device.screen.width": {"$gte": 720}},
    )
    return {"id": f"r{at}", "condition": conditions[at], "force": at + 1}


def _hashed_rule(number: int, at: int) -> dict[str, Any]:
    rule = {
        "id": f"r{at}",
        "key": f"experiment-{number}-{at}",
        "seed": f"s{number}-{at}",
        "hashAttribute": "id",
        "hashVersion": 2,
    }
    if at < _RULES - 1:
        return {**rule, "force": at + 1, "coverage": 0.05}
    return {**rule, "variations": [1, 2, 3], "weights": [0.3, 0.3, 0.4], "coverage": 1.0}


def _person(bundle: Any, number: int) -> Any:
    profile = {"id": f"person-{number:04d}", "installed_at": 1_795_000_000}
    return prepare(bundle, {**CONTEXT, "utc_offset_s": 19_800}, profile, {}, 1_795_138_900).attributes


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

"""The evaluator beside those of others, in one run: a hundred features of three rules for persons who differ.

Every set of rules is written once in GrowthBook's form and once in Flagsmith's. Contenders take turns: each
decides for all persons, then the next, and a ratio is that of two turns of one round, so that a change of the
machine's speed falls on all of them. What is counted is the processor's time of the thread, in which other
load takes no part. What they answer is compared first: whoever decides otherwise is not measured.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median
from typing import Any, Final

from flag_engine.engine import get_evaluation_result
from growthbook import GrowthBook
from tests.benchmarks.figures import Bound, CallFigure, Figure, SingleFigure, Spread

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate_features
from herenow_sdk.core.features import Scope, evaluate_feature

FEATURES: Final = 100
RULES: Final = 3
_PERSONS: Final = 64
_LEAST_TURNS: Final = 5
_GROWTHBOOK: Final = f"growthbook {version('growthbook')}"
_COVERAGE: Final = 0.05005
"""Between two buckets, because the SDKs differ on whether a rollout includes its last one."""
_CONDITIONS: Final = Bound("≤", 0.3, "ms")
_TIMES: Final = Bound("≥", 10, "×")

Person = Mapping[str, Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contender:
    """An evaluator with its rules loaded: takes a person, gives the value of every feature."""

    name: str
    decide: Callable[[Person], Values]
    comparable: bool = True


@dataclass(frozen=True, slots=True)
class _Rules:
    """One set of rules; ``rule`` and ``segment`` make rule ``at`` of feature ``number`` in either form."""

    name: str
    rule: Callable[[int, int], dict[str, Any]]
    segment: Callable[[int, int], list[dict[str, Any]]]
    hashed: bool


def evaluators(seconds: float) -> Iterator[Figure]:
    """Every contender on every set of rules, and how many times as long as ours the others take."""
    persons = _persons()
    for rules in _SETS:
        contenders = _contenders(rules)
        _compare(contenders, persons)
        yield from _measured(
            f"{FEATURES} features × {RULES} {rules.name}", contenders, persons, seconds, rules
        )
    yield from _measured(f"1 feature × {RULES} {_SETS[1].name}", _alone(_SETS[1]), persons, seconds)


def _measured(
    name: str,
    contenders: Sequence[Contender],
    persons: Sequence[Person],
    seconds: float,
    rules: _Rules | None = None,
) -> Iterator[Figure]:
    ours, *others = (turns := _in_turns(contenders, persons, seconds))
    for contender, took in zip(contenders, turns, strict=True):
        spread = Spread.of([each for turn in took for each in turn])
        bound = _CONDITIONS if took is ours and rules and not rules.hashed else None
        yield CallFigure(f"{name}, {contender.name}", len(took) * len(persons), spread, bound, spread.p50)
    for contender, took in zip(contenders[1:], others, strict=True):
        bound = _TIMES if rules and rules.hashed and contender.name.startswith("growthbook") else None
        ratio = median(sum(theirs) / sum(our) for theirs, our in zip(took, ours, strict=True))
        yield SingleFigure(f"{name}: {contender.name} / herenow", ratio, "×", bound)


def _alone(rules: _Rules) -> list[Contender]:
    """One feature by itself, where nothing is gained from hashing for all at once."""
    part = _features(rules)
    bundle, _ = parse_bundle({"features": {"features": part}})
    client = GrowthBook(features=part)

    def ours(person: Person) -> Values:
        name = _name(person["number"])
        return {name: evaluate_feature(name, Scope(person, bundle.features)).value}

    def growthbook(person: Person) -> Values:
        client.set_attributes(person)
        name = _name(person["number"])
        return {name: client.eval_feature(name).value}

    return [Contender("herenow", ours), Contender(_GROWTHBOOK, growthbook)]


def _in_turns(
    contenders: Sequence[Contender], persons: Sequence[Person], seconds: float
) -> list[list[list[float]]]:
    """By contender, turn and person: milliseconds."""
    took: list[list[list[float]]] = [[] for _ in contenders]
    end = time.perf_counter() + seconds * len(contenders)
    while time.perf_counter() < end or len(took[0]) < _LEAST_TURNS:
        for each, turns in zip(contenders, took, strict=True):
            turns.append([_milliseconds(each.decide, person) for person in persons])
    return took


def _milliseconds(decide: Callable[[Person], Values], person: Person) -> float:
    started = time.thread_time()
    decide(person)
    return (time.thread_time() - started) * 1000


def _compare(contenders: Sequence[Contender], persons: Sequence[Person]) -> None:
    """Fails when contenders that hash alike, or do not hash, decide differently. Warms all of them up."""
    for person in persons:
        expected = contenders[0].decide(person)
        for each in contenders[1:]:
            if each.decide(person) != expected and each.comparable:
                raise AssertionError(f"{each.name} decides otherwise for {person['id']}")


def _contenders(rules: _Rules) -> list[Contender]:
    part = _features(rules)
    bundle, diagnostics = parse_bundle({"features": {"features": part}})
    if diagnostics:
        raise AssertionError(diagnostics[0].problem)
    client = GrowthBook(features=part)
    segments, flags = _segments(rules), _flags(rules)

    def ours(person: Person) -> Values:
        return {name: result.value for name, result in evaluate_features(bundle, person).items()}

    def growthbook(person: Person) -> Values:
        client.set_attributes(person)
        return {name: client.eval_feature(name).value for name in part}

    def flagsmith(person: Person) -> Values:
        flat = {name: value for name, value in person.items() if name != "device"}
        found = get_evaluation_result(
            {
                "environment": {"key": "bench", "name": "bench"},
                "identity": {"identifier": person["id"], "traits": {**flat, **person["device"]}},
                "segments": segments,
                "features": flags,
            }
        )
        return {name: flag["value"] for name, flag in found["flags"].items()}

    return [
        Contender("herenow", ours),
        Contender(_GROWTHBOOK, growthbook),
        Contender(
            f"flagsmith-flag-engine {version('flagsmith-flag-engine')}",
            flagsmith,
            comparable=not rules.hashed,
        ),
    ]


def _features(rules: _Rules) -> dict[str, Any]:
    return {
        _name(number): {"defaultValue": 0, "rules": [rules.rule(number, at) for at in range(RULES)]}
        for number in range(FEATURES)
    }


def _name(number: int) -> str:
    return f"feature_{number:03d}"


def _segments(rules: _Rules) -> dict[str, Any]:
    """A segment for each rule, which gives its feature a value; the lowest priority wins."""
    found = {}
    for number in range(FEATURES):
        for at in range(RULES):
            key = f"{number}-{at}"
            override = {
                "key": key,
                "name": _name(number),
                "enabled": True,
                "value": at + 1,
                "priority": at,
            }
            found[key] = {
                "key": key,
                "name": key,
                "rules": [{"type": "ALL", "conditions": rules.segment(number, at)}],
                "overrides": [override],
            }
    return found


def _flags(rules: _Rules) -> dict[str, Any]:
    arms = [{"value": 3, "weight": 50, "priority": 1}, {"value": 4, "weight": 50, "priority": 2}]
    variants = {"variants": arms} if rules.hashed else {}
    return {
        _name(number): {"key": str(number), "name": _name(number), "enabled": True, "value": 0, **variants}
        for number in range(FEATURES)
    }


def _condition_rule(number: int, at: int) -> dict[str, Any]:
    conditions: tuple[dict[str, Any], ...] = (
        {"country": {"$in": ["BR", "MX"]}, "app_version": {"$vgte": f"{number % 5}.2.0"}},
        {"platform": "ios", "device.class": "tablet"},
        {"platform": "android", "locale": {"$in": ["en-IN", "hi-IN"]}, "device.width": {"$gte": 720}},
    )
    return {"id": f"r{at}", "condition": conditions[at], "force": at + 1}


def _condition_segment(number: int, at: int) -> list[dict[str, Any]]:
    return (
        [_is("country", "IN", ["BR", "MX"]), _is("app_version", *_at_least(f"{number % 5}.2.0:semver"))],
        [_is("platform", "EQUAL", "ios"), _is("class", "EQUAL", "tablet")],
        [
            _is("platform", "EQUAL", "android"),
            _is("locale", "IN", ["en-IN", "hi-IN"]),
            _is("width", *_at_least("720")),
        ],
    )[at]


def _hashed_rule(hash_version: int) -> Callable[[int, int], dict[str, Any]]:
    """Two rollouts of 5 % and an experiment for half of everybody."""

    def rule(number: int, at: int) -> dict[str, Any]:
        hashing = {"seed": f"seed-{number}-{at}", "hashAttribute": "id", "hashVersion": hash_version}
        if at < RULES - 1:
            return {"id": f"r{at}", **hashing, "force": at + 1, "coverage": _COVERAGE}
        return {"id": f"r{at}", **hashing, "key": f"e{number}", "variations": [3, 4], "coverage": 0.5}

    return rule


def _hashed_segment(_: int, at: int) -> list[dict[str, Any]]:
    return [_is("$.identity.key", "PERCENTAGE_SPLIT", "5" if at < RULES - 1 else "50")]


def _is(attribute: str, operator: str, value: Any) -> dict[str, Any]:
    return {"property": attribute, "operator": operator, "value": value}


def _at_least(value: str) -> tuple[str, str]:
    return "GREATER_THAN_INCLUSIVE", value


_SETS: Final = (
    _Rules("rules with conditions", _condition_rule, _condition_segment, hashed=False),
    _Rules("hashed rules, version 2", _hashed_rule(2), _hashed_segment, hashed=True),
    _Rules("hashed rules, version 1", _hashed_rule(1), _hashed_segment, hashed=True),
)


def _persons() -> list[Person]:
    chance = random.Random("evaluators")
    return [
        {
            "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "number": number,
            "country": chance.choice(["BR", "MX", "IN", "DE", "ID", "NG"]),
            "platform": chance.choice(["android", "android", "ios"]),
            "locale": chance.choice(["en-IN", "hi-IN", "pt-BR", "de-DE"]),
            "app_version": chance.choice(["3.1.0", "2.14.2", "4.0.0"]),
            "device": {
                "class": chance.choice(["phone", "phone", "tablet"]),
                "width": chance.choice([360, 720, 1080]),
            },
        }
        for number in range(_PERSONS)
    ]

"""Many seeds at once fall where each falls alone."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate_features
from herenow_sdk.core.features import Scope, evaluate_feature
from herenow_sdk.core.hash_plan import HashPlan
from herenow_sdk.core.hashing import bucket

from .strategies import steady

texts = st.text(max_size=12) | st.text("\ud800\udc00🍔é", max_size=4)
pairs = st.tuples(texts, st.sampled_from([1, 2, 3]))


@steady
@given(st.lists(pairs, max_size=40), texts)
def test_points_are_the_buckets(seeds, value) -> None:
    """For any seeds, versions and value, every point is the bucket that ``hashing`` defines."""
    plan = HashPlan("id")
    slots = [plan.slot(*pair) for pair in seeds]
    person = {"id": value}
    plan.expect(person)
    points = plan.points(person)

    assert points is not None
    for slot, (seed, version) in zip(slots, seeds, strict=True):
        assert points[slot] == (bucket(seed, value, version) if value else None)


def test_many_seeds_of_one_length() -> None:
    """Hundreds of lanes carry nothing into each other."""
    plan = HashPlan("id")
    person = {"id": "6f0c3b2e-9a51-4c57-8a34-1f27b1c0d9ee"}
    seeds = [(f"seed-{number:03}", version) for number in range(300) for version in (1, 2)]
    slots = [plan.slot(*pair) for pair in seeds]
    plan.expect(person)
    points = plan.points(person)

    assert points is not None
    assert [points[slot] for slot in slots] == [
        bucket(seed, person["id"], version) for seed, version in seeds
    ]


def test_a_seed_added_later_has_its_point() -> None:
    """A plan that was asked before takes further seeds."""
    plan = HashPlan("id")
    first, second = {"id": "x"}, {"id": "x"}
    plan.slot("one", 2)
    plan.expect(first)
    assert plan.points(first) == [bucket("one", "x", 2)]

    plan.slot("two", 1)
    plan.expect(second)

    assert plan.points(second) == [bucket("one", "x", 2), bucket("two", "x", 1)]


def test_nobody_gets_the_points_of_another() -> None:
    """Who is not expected, or not any more, is told apart, so that they are computed for themselves."""
    plan = HashPlan("id")
    plan.slot("seed", 2)
    expected, other = {"id": "x"}, {"id": "x"}
    plan.expect(expected)

    assert plan.points(expected) is not None
    assert plan.points(other) is None
    plan.forget()
    assert plan.points(expected) is None


@steady
@given(st.integers(0, 10**9), st.sampled_from(["id", "deviceId"]))
def test_alone_or_together_a_feature_is_the_same(number, attribute) -> None:
    """A feature evaluated by itself has the value that it has among all."""
    rules = [
        {"force": 1, "coverage": 0.3},
        {"variations": ["a", "b"], "hashVersion": 2, "hashAttribute": attribute},
    ]
    part = {"features": {name: {"defaultValue": 0, "rules": rules} for name in ("one", "two", "three")}}
    attributes = {"id": number, "deviceId": f"d{number}"}
    together = evaluate_features(parse_bundle({"features": part})[0], attributes)
    alone = Scope(attributes, parse_bundle({"features": part})[0].features)

    assert {name: evaluate_feature(name, alone) for name in together} == together


@pytest.mark.parametrize("person", [None, [], "x", 3, {}])
def test_whatever_is_no_person_takes_no_part(person) -> None:
    """Attributes of any kind are judged, by themselves and among all; an idle plan takes nobody for them."""
    rules = [{"force": 1, "coverage": 0.5}, {"variations": [2, 3]}]
    bundle, _ = parse_bundle({"features": {"features": {"f": {"defaultValue": 0, "rules": rules}}}})

    assert evaluate_feature("f", Scope(person, bundle.features)).value == 0
    assert evaluate_features(bundle, person)["f"].value == 0
    assert evaluate_feature("f", Scope(person, bundle.features)).value == 0


def test_threads_do_not_mix_persons() -> None:
    """Evaluations of one bundle in several threads at once give each person their own values."""
    rules = [
        {"force": 1, "coverage": 0.1, "seed": "share"},
        {"variations": ["a", "b"], "hashVersion": 2, "condition": {"odd": {"$ne": 5}}},
        {"force": 2, "coverage": 0.5, "hashAttribute": "device"},
    ]
    features = {
        f"f{number}": {"defaultValue": 0, "rules": [{**rule, "key": f"e{number}"} for rule in rules]}
        for number in range(20)
    }
    bundle, _ = parse_bundle({"features": {"features": features}})
    people = [{"id": f"p{number}", "device": f"d{number % 7}", "odd": number % 9} for number in range(300)]
    alone = [evaluate_features(bundle, person) for person in people]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(6) as pool:
            together = list(pool.map(lambda person: evaluate_features(bundle, person), people * 4))
    finally:
        sys.setswitchinterval(before)

    assert together == alone * 4

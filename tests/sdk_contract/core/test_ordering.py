"""The order of content: total, pinned, varied."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.ordering import (
    FEATURES,
    SCALE,
    Candidate,
    Diversity,
    OrderingRule,
    Pin,
    arrange,
    fixed_point,
    score,
)

from .strategies import steady

ids = st.text("ab0._-:", min_size=1, max_size=4)
groups = st.lists(st.sampled_from("uvwxyz"), max_size=3, unique=True).map(tuple)
candidates = st.lists(
    st.builds(
        Candidate,
        id=ids,
        features=st.dictionaries(st.sampled_from(FEATURES), st.integers(-2, 2), max_size=3),
        groups=groups,
        priority=st.integers(0, 1),
    ),
    max_size=24,
    unique_by=lambda candidate: candidate.id,
)
weights = st.dictionaries(st.sampled_from(FEATURES), st.integers(0, 2), max_size=3)
pins = st.lists(st.builds(Pin, item=ids, position=st.integers(1, 30)), max_size=4).map(tuple)
diversities = st.integers(1, 3).flatmap(
    lambda maximum: st.builds(Diversity, maximum=st.just(maximum), per=st.integers(maximum, 6))
)


def order_of(items, rule: OrderingRule, **options) -> list[str]:
    """The ids in their order."""
    return [ranked.candidate.id for ranked in arrange(items, rule, **options)]


def test_score_is_the_weighted_sum() -> None:
    """Missing features count as nothing, features without weight too."""
    assert (
        score({"intent": 1024, "quality": 512, "distance": 3}, {"intent": 2, "quality": 4, "boost": 9})
        == 4096
    )


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 0), (100, SCALE), (50, 512), (25, 256), (10, 102), (15, 154)]
)
def test_fixed_point(percent: int, value: int) -> None:
    """A marketer's hundred is 1.0."""
    assert fixed_point(percent) == value


@steady
@given(candidates, weights, st.randoms())
def test_the_order_is_total(items, weighted, random) -> None:
    """Score, then priority, then id by bytes; the order of arrival does not matter."""
    rule = OrderingRule(weighted)
    expected = sorted(items, key=lambda c: (-score(c.features, weighted), -c.priority, c.id.encode()))
    shuffled = list(items)
    random.shuffle(shuffled)
    assert order_of(shuffled, rule) == [candidate.id for candidate in expected]


@steady
@given(candidates, weights, pins, st.none() | diversities, st.sets(st.sampled_from("uvwxyz")))
def test_nothing_is_lost_or_invented(items, weighted, pinned, diversity, exempt) -> None:
    """Whatever the rule, the result is a permutation, with each score as it is."""
    ranked = arrange(items, OrderingRule(weighted, pinned, diversity), exempt=frozenset(exempt))
    assert sorted(entry.candidate.id for entry in ranked) == sorted(item.id for item in items)
    assert all(entry.score == score(entry.candidate.features, weighted) for entry in ranked)


@steady
@given(candidates, weights, pins, diversities)
def test_pins_hold_their_positions(items, weighted, pinned, diversity) -> None:
    """The first pin of a position has it, whatever its score and whatever variety asks."""
    ranked = arrange(items, OrderingRule(weighted, pinned, diversity))
    present = {item.id for item in items}
    expected: dict[int, str] = {}
    for pin in pinned:
        if pin.item in present and pin.item not in expected.values():
            wanted = min(pin.position, len(items)) - 1
            free = [at for at in range(len(items)) if at not in expected]
            later = [at for at in free if at >= wanted]
            expected[later[0] if later else free[-1]] = pin.item
    assert {at: entry.candidate.id for at, entry in enumerate(ranked) if entry.pinned} == expected


def test_two_pins_of_one_position() -> None:
    """The first has it, the other the next free one."""
    items = [Candidate(name, {"quality": value}) for name, value in zip("abcd", (4, 3, 2, 1), strict=True)]
    rule = OrderingRule({"quality": 1}, (Pin("d", 1), Pin("c", 1), Pin("nobody", 1)))
    assert order_of(items, rule) == ["d", "c", "a", "b"]


def crowded(groups_by_position, at: int, group: str, diversity: Diversity) -> bool:
    """Whether some window that holds ``at`` already has the most of the group; spelt out slowly."""
    for start in range(at - diversity.per + 1, at + 1):
        window = range(max(start, 0), min(start + diversity.per, len(groups_by_position)))
        if sum(group in (groups_by_position[p] or ()) for p in window) >= diversity.maximum:
            return True
    return False


def specified_order(items, rule: OrderingRule, exempt: frozenset[str]) -> list[str]:
    """The layout as the rule states it, without any cleverness."""
    plain = arrange(items, OrderingRule(rule.weights))
    pinned = arrange(items, OrderingRule(rule.weights, rule.pins))
    slots = [entry.candidate if entry.pinned else None for entry in pinned]
    held = {slot.id for slot in slots if slot}
    left = [entry.candidate for entry in plain if entry.candidate.id not in held]
    for at, slot in enumerate(slots):
        if slot is None:
            known = [set(other.groups) - exempt if other else None for other in slots]
            fits = (
                candidate
                for candidate in left
                if not any(
                    crowded(known, at, group, rule.diversity) for group in set(candidate.groups) - exempt
                )
            )
            chosen = next(fits, left[0])
            left.remove(chosen)
            slots[at] = chosen
    return [slot.id for slot in slots if slot]


@steady
@given(candidates, weights, pins, diversities, st.frozensets(st.sampled_from("uvwxyz"), max_size=2))
def test_the_layout_is_the_specified_one(items, weighted, pinned, diversity, exempt) -> None:
    """Every position takes the best that fits, or the best that is left."""
    rule = OrderingRule(weighted, pinned, diversity)
    assert order_of(items, rule, exempt=exempt) == specified_order(items, rule, exempt)


@steady
@given(st.integers(1, 3), st.integers(3, 6), st.integers(1, 6))
def test_variety_holds_when_possible(maximum: int, per: int, rounds: int) -> None:
    """With enough groups to choose from, no window ever has too many of one."""
    kinds = [f"g{index}" for index in range(per)]
    items = [Candidate(f"{kind}-{turn}", {}, (kind,)) for kind in kinds for turn in range(rounds)]
    ranked = arrange(items, OrderingRule({}, (), Diversity(maximum, per)))
    laid = [entry.candidate.groups[0] for entry in ranked][: rounds * maximum]
    for start, kind in itertools.product(range(len(laid)), kinds):
        assert laid[start : start + per].count(kind) <= maximum


def test_exempt_groups_may_fill_the_screen() -> None:
    """What somebody searched for is not held back."""
    items = [Candidate(f"b{index}", {"quality": 9 - index}, ("burger",)) for index in range(4)]
    items.append(Candidate("p", {"quality": 1}, ("pizza",)))
    rule = OrderingRule({"quality": 1}, (), Diversity(1, 3))
    assert order_of(items, rule) == ["b0", "p", "b1", "b2", "b3"]
    assert order_of(items, rule, exempt=frozenset({"burger"})) == ["b0", "b1", "b2", "b3", "p"]


def test_a_pin_ahead_counts_for_variety() -> None:
    """The places before a pin already make room for it."""
    items = [Candidate(name, {}, ("x",)) for name in ("x1", "x2")] + [
        Candidate(n, {}, ("y",)) for n in ("y1", "y2")
    ]
    assert order_of(items, OrderingRule({}, (Pin("x2", 2),), Diversity(1, 2))) == ["y1", "x2", "y2", "x1"]

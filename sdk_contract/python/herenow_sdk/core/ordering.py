"""The order of content: integer arithmetic and a total order, so every device agrees bit for bit.

score = sum of weight * feature over named features, both in fixed point (1.0 = ``SCALE``). Order: score
descending, priority descending, id ascending. Ids are ASCII, and Python's order of text is the order
of its UTF-8 bytes, so comparing ids as text is comparing bytes.

Pins stand at their positions whatever the score; the rest is then laid out best first, keeping variety
where a rule asks for it (see ``diversity``). Nothing is ever dropped: ``arrange`` is a permutation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import floor
from typing import Any, Final, NamedTuple

from herenow_sdk.core.diversity import Diversity, lay_out

SCALE: Final = 1024
"""1.0 in fixed point."""

FEATURES: Final = (
    "intent",
    "distance",
    "quality",
    "popularity",
    "price_fit",
    "freshness",
    "affinity",
    "neighbour",
    "seen_recently",
    "habit",
    "boost",
)
"""The names a weight may have. A feature that a candidate lacks counts as 0."""

__all__ = [
    "FEATURES",
    "SCALE",
    "Candidate",
    "Diversity",
    "OrderingRule",
    "Pin",
    "Ranked",
    "arrange",
    "fixed_point",
    "score",
]

_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be shown.

    ``features`` are int16 fixed point by name, ``groups`` the values that diversity counts, a higher
    ``priority`` breaks ties of score.
    """

    id: str
    features: Mapping[str, int] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Pin:
    """An item held at a position, counted from 1."""

    item: str
    position: int


@dataclass(frozen=True, slots=True)
class OrderingRule:
    """How one placement is ordered: fixed-point weights by feature name, pins, variety."""

    weights: Mapping[str, int]
    pins: tuple[Pin, ...] = ()
    diversity: Diversity | None = None


class Ranked(NamedTuple):
    """A candidate at its place (a named tuple, because hundreds are made for one answer)."""

    candidate: Candidate
    score: int
    pinned: bool


def fixed_point(percent: float) -> int:
    """A marketer's 0..100 in fixed point, halves rounded up. ``fixed_point(100) == SCALE``."""
    return floor((percent * SCALE + 50) / 100)


def score(features: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The weighted sum; a missing feature counts as 0, one without a weight is not looked at."""
    return sum(weight * features.get(name, 0) for name, weight in weights.items())


def arrange(
    candidates: Iterable[Candidate], rule: OrderingRule, *, exempt: frozenset[str] = _NOTHING
) -> list[Ranked]:
    """All candidates, in order.

    ``exempt`` groups do not count for diversity (what somebody searched for may fill the screen). A pin
    whose item is no candidate is ignored; of two pins at one position the first has it and the
    other takes the next free one; a position past the end means the last free one.
    """
    ranked = _by_score(candidates, rule.weights)
    pinned = _pinned_positions(ranked, rule.pins) if rule.pins else {}
    if not pinned and rule.diversity is None:
        return ranked
    held = set(pinned.values())
    waiting = [entry for index, entry in enumerate(ranked) if index not in held]
    fixed = {position: ranked[index]._replace(pinned=True) for position, index in pinned.items()}
    return lay_out(waiting, fixed, rule.diversity, _counted_groups(exempt))


def _by_score(candidates: Iterable[Candidate], weights: Mapping[str, int]) -> list[Ranked]:
    entries = list(candidates)
    features = [candidate.features for candidate in entries]
    totals = [0] * len(entries)
    for name, weight in weights.items():  # feature by feature: one tight loop each
        totals = [
            total + weight * values.get(name, 0) for total, values in zip(totals, features, strict=True)
        ]
    keyed = [
        (-total, -candidate.priority, candidate.id, index)
        for index, (total, candidate) in enumerate(zip(totals, entries, strict=True))
    ]
    keyed.sort()
    return [Ranked(entries[key[3]], -key[0], False) for key in keyed]  # noqa: FBT003 - a field's value


def _pinned_positions(ranked: Sequence[Ranked], pins: Sequence[Pin]) -> dict[int, int]:
    """Position (from 0) to index in ``ranked``."""
    index_of = {entry.candidate.id: index for index, entry in reversed(list(enumerate(ranked)))}
    positions: dict[int, int] = {}
    for pin in pins:
        index = index_of.pop(pin.item, None)  # popped: an item pinned twice keeps its first place
        if index is not None:
            positions[_free_position(pin.position - 1, len(ranked), positions)] = index
    return positions


def _free_position(wanted: int, length: int, taken: Mapping[int, Any]) -> int:
    start = min(max(wanted, 0), length - 1)
    for position in chain(range(start, length), range(start - 1, -1, -1)):
        if position not in taken:
            return position
    raise AssertionError("more pins than candidates")  # each pin holds an item of its own


def _counted_groups(exempt: frozenset[str]) -> Callable[[Ranked], tuple[str, ...]]:
    def groups(entry: Ranked) -> tuple[str, ...]:
        if not exempt:
            return entry.candidate.groups
        return tuple(group for group in entry.candidate.groups if group not in exempt)

    return groups

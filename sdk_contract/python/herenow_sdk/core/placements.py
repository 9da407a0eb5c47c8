"""Placements: the content slots of an app, as a marketer configured them.

Conditions come in two kinds. Those of ``candidates`` and ``boosts`` judge *items* (over their facets);
the server asks its catalogue indexes with their ``raw``. Those of pins and of a boost's ``audience``
judge the *person*, and decide here which pins and boosts are in force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from herenow_sdk.core import reading
from herenow_sdk.core.conditions import Condition, compile_condition
from herenow_sdk.core.diversity import Diversity
from herenow_sdk.core.ordering import FEATURES, SCALE, OrderingRule, Pin, fixed_point
from herenow_sdk.core.values import is_array

DEFAULT_SIZE: Final = 20
MAX_PER: Final = 500

Part = TypeVar("Part")
Report = Callable[[str, str], None]
"""Takes where in the record, and the problem."""


@dataclass(frozen=True, slots=True)
class PlacedPin:
    """A pin with its end (epoch seconds, exclusive) and its audience; ``None`` means always, everybody."""

    pin: Pin
    until: int | None
    audience: Condition | None

    def in_force(self, attributes: Mapping[str, Any], now: int) -> bool:
        """Whether the pin holds for this person now."""
        if self.until is not None and now >= self.until:
            return False
        return self.audience is None or self.audience.matches(attributes)


@dataclass(frozen=True, slots=True)
class Boost:
    """Items that satisfy ``condition`` get ``points`` (0..100) for people who satisfy ``audience``."""

    condition: Condition
    points: int
    audience: Condition | None

    @property
    def value(self) -> int:
        """The points as the fixed-point value of the ``boost`` feature."""
        return fixed_point(self.points)


@dataclass(frozen=True, slots=True)
class FacetDiversity:
    """Which facet's values are the groups, and how many of one may stand together."""

    facet: str
    limit: Diversity


@dataclass(frozen=True, slots=True)
class Placement:
    """A compiled placement; ``weights`` are fixed point, ``paths`` what its person conditions read."""

    name: str
    description: str
    size: int
    candidates: Condition | None
    weights: Mapping[str, int]
    pins: tuple[PlacedPin, ...]
    boosts: tuple[Boost, ...]
    diversity: FacetDiversity | None
    paths: frozenset[str]


def placement_rule(placement: Placement, attributes: Mapping[str, Any], now: int) -> OrderingRule:
    """How the placement is ordered for this person now: its weights, the pins in force, its variety."""
    return OrderingRule(
        placement.weights,
        tuple(placed.pin for placed in placement.pins if placed.in_force(attributes, now)),
        None if placement.diversity is None else placement.diversity.limit,
    )


def active_boosts(placement: Placement, attributes: Mapping[str, Any]) -> tuple[Boost, ...]:
    """The boosts whose audience this person belongs to."""
    return tuple(
        boost for boost in placement.boosts if boost.audience is None or boost.audience.matches(attributes)
    )


def exempt_groups(placement: Placement, attributes: Mapping[str, Any]) -> frozenset[str]:
    """The groups diversity does not limit: what the person searched for may fill the screen."""
    if placement.diversity is None:
        return frozenset()
    intent = attributes.get("intent")
    values: Any = intent.get(placement.diversity.facet) if isinstance(intent, Mapping) else ()
    return frozenset(value for value in values if isinstance(value, str)) if is_array(values) else frozenset()


def parse_placement(name: str, raw: Any, saved_groups: Mapping[str, Any], report: Report) -> Placement:
    """Compile one placement record; a pin or boost that cannot be understood is left out and reported.

    Raises ``Malformed`` when the placement itself cannot be used.
    """
    source = reading.record(raw, "a placement")
    parser = _Parser(saved_groups, report)
    pins = parser.each("pins", reading.array(source, "pins"), parser.pin)
    boosts = parser.each("boosts", reading.array(source, "boosts"), parser.boost)
    size = reading.integer(source, "size", DEFAULT_SIZE)
    if size < 1:
        raise reading.Malformed("'size' is not positive")
    return Placement(
        name,
        reading.optional_text(source, "description") or "",
        size,
        parser.condition(source, "candidates"),
        _weights(reading.members(source, "weights"), report, boosted=bool(boosts)),
        pins,
        boosts,
        _diversity(source),
        frozenset(parser.paths),
    )


class _Parser:
    """Parses the parts of one placement, collecting what its person conditions read."""

    def __init__(self, saved_groups: Mapping[str, Any], report: Report) -> None:
        self.paths: set[str] = set()
        self._saved_groups = saved_groups
        self._report = report

    def each(
        self, key: str, parts: tuple[Any, ...], parse: Callable[[reading.Record], Part]
    ) -> tuple[Part, ...]:
        """The parts that can be understood; the others are reported."""
        parsed = []
        for index, part in enumerate(parts):
            try:
                parsed.append(parse(reading.record(part, f"'{key}/{index}'")))
            except reading.Malformed as problem:
                self._report(f"{key}/{index}", str(problem))
        return tuple(parsed)

    def pin(self, part: reading.Record) -> PlacedPin:
        """One pin."""
        item = reading.optional_text(part, "item")
        position = reading.integer(part, "position")
        if not item or position < 1:
            raise reading.Malformed("a pin needs an item and a position from 1")
        until = None if part.get("until") is None else reading.integer(part, "until")
        return PlacedPin(Pin(item, position), until, self._audience(part, "condition"))

    def boost(self, part: reading.Record) -> Boost:
        """One boost."""
        condition = self.condition(part, "condition")
        if condition is None:
            raise reading.Malformed("a boost needs a condition over items")
        points = reading.integer(part, "points")
        if not 0 <= points <= 100:
            raise reading.Malformed("'points' is not within 0..100")
        return Boost(condition, points, self._audience(part, "audience"))

    def condition(self, source: reading.Record, key: str) -> Condition | None:
        """The condition under a key, ``None`` when absent."""
        if source.get(key) is None:
            return None
        condition = compile_condition(source[key], self._saved_groups)
        for problem in condition.problems:
            self._report(key, problem)
        return condition

    def _audience(self, source: reading.Record, key: str) -> Condition | None:
        condition = self.condition(source, key)
        if condition is not None:
            self.paths |= condition.paths
        return condition


def _weights(source: reading.Record, report: Report, *, boosted: bool) -> Mapping[str, int]:
    """Fixed-point weights; boosts without a weight of their own count in full, point for point."""
    weights = {"boost": SCALE} if boosted else {}
    for name in source:
        if name not in FEATURES:
            report(f"weights/{name}", "there is no ordering feature of this name")
            continue
        percent = reading.optional_number(source, name)
        if percent is None:
            continue
        if not 0 <= percent <= 100:
            raise reading.Malformed(f"the weight '{name}' is not within 0..100")
        weights[name] = fixed_point(percent)
    return weights


def _diversity(source: reading.Record) -> FacetDiversity | None:
    if source.get("diversity") is None:
        return None
    diversity = reading.members(source, "diversity")
    facet = reading.optional_text(diversity, "facet")
    maximum, per = reading.integer(diversity, "max"), reading.integer(diversity, "per")
    if not facet or not 1 <= maximum <= per <= MAX_PER:
        raise reading.Malformed(f"'diversity' needs a facet and 1 <= max <= per <= {MAX_PER}")
    return FacetDiversity(facet, Diversity(maximum, per))

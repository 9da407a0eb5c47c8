"""Feature values and scores of many items at once: the arithmetic of ``herenow_sdk.core.ordering`` on arrays.

Score = Σ weight · feature in int64; |feature| < 2^15 and |weight| ≤ 2^10 over eleven features stay far
below 2^53. What depends on the catalogue alone is summed once when a placement is prepared
(``StaticScores``); what depends on the query is added for the items it is asked about (``Scorer``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog import Catalog
from herenow.catalog.distance import distances_m
from herenow.catalog.rows import NO_COORDINATE
from herenow.ordering.amounts import AmountWish
from herenow.ordering.indices import Indices, summed, summed_everywhere
from herenow.ordering.listed import NONE, Listed
from herenow.ordering.selection import Scores
from herenow_sdk.core.geo import DECAY_STEPS_PER_RADIUS, DISTANCE_DECAY
from herenow_sdk.core.ordering import FEATURES, SCALE

STATIC_FEATURES: Final = ("quality", "popularity", "freshness")
"""Features that are a property of the item alone."""

LISTED_FEATURES: Final = ("neighbour", "seen_recently", "habit")
"""Features that a person's history gives to single items."""

UNKNOWN_DISTANCE: Final = -1
_DECAY: Final = np.array(DISTANCE_DECAY, dtype=np.int64)
_FEATURE_LIMIT: Final = 2**15 - 1

Feature = NDArray[np.int64]
"""Fixed point, 1024 = 1.0, within int16; one per item asked about."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where distances are counted from, and the radius over which their feature falls to 1/e.

    A searched place is an area: whoever asks for a part of town does not stand in its middle. Up to
    ``inside_m`` from the point an item is in it and as near as can be; only from there on nearness falls.
    A device is a point, its ``inside_m`` is 0.
    """

    lat_e6: int
    lon_e6: int
    radius_m: int
    inside_m: int = 0

    def feature_beyond(self, radius_m: int) -> int:
        """No item farther than ``radius_m`` has a higher distance feature than this."""
        outside_m = max(radius_m - self.inside_m, 0)
        return DISTANCE_DECAY[
            min(outside_m * DECAY_STEPS_PER_RADIUS // self.radius_m, len(DISTANCE_DECAY) - 1)
        ]


@dataclass(frozen=True, slots=True)
class Boost:
    """Items that a marketer lifts by ``feature`` while its audience matches."""

    items: Indices
    feature: int


class StaticScores:
    """The part of every item's score that no query changes: 8 bytes an item."""

    def __init__(
        self, catalog: Catalog, weights: Mapping[str, int], features: Mapping[str, NDArray[np.int16]]
    ) -> None:
        self.catalog = catalog
        self.weights = {name: weights.get(name, 0) for name in FEATURES}
        self.features = features
        self.totals: Scores = np.zeros(len(catalog), dtype=np.int64)
        for name in STATIC_FEATURES:
            if self.weights[name]:
                self.totals += self.weights[name] * features[name].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores for one query: where it is asked from, what the person likes, what is boosted, a price.

    ``liked_through`` tells for a relative what the person really likes; ``listed`` are the features that the
    person's history gives to single items, by name; ``goes_with`` the item of the history that one goes with.
    """

    static: StaticScores
    origin: Origin | None = None
    affinity: Mapping[tuple[str, str], int] = field(default_factory=dict)
    liked_through: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    boosts: Sequence[Boost] = ()
    price: AmountWish | None = None
    listed: Mapping[str, Listed] = field(default_factory=dict)
    goes_with: Mapping[str, str] = field(default_factory=dict)

    @property
    def personal(self) -> bool:
        """Whether anything but distance depends on the query."""
        return bool(self.affinity or self.boosts or self.price or any(self.listed.values()))

    @property
    def knows_person(self) -> bool:
        """Whether what was learned of the person has a say: a feature of theirs that carries a weight."""
        liked = bool(self.affinity) and self.weight("affinity") > 0
        return liked or any(given and self.weight(name) > 0 for name, given in self.listed.items())

    @property
    def distance_weight(self) -> int:
        """The weight of distance, 0 when there is nowhere to count it from."""
        return 0 if self.origin is None else self.weight("distance")

    def scores(self, items: Indices, intent: Feature | int = 0) -> Scores:
        """Scores of ``items``, given their intent features."""
        total = self.static.totals[items] + self.weight("intent") * intent
        for name, given, feature in self._parts:
            if given and self.weight(name):
                total += self.weight(name) * feature(items)
        return np.asarray(total + self.gain(items))

    def gain(self, items: Indices) -> Scores | int:
        """What nearness adds to the scores of ``items``."""
        return self.distance_weight and self.distance_weight * self.distance(self.distances(items))

    def without_distance(self) -> Scores:
        """Scores of every item of the catalogue as far as neither intent nor distance has a say."""
        if not self.personal:
            return self.static.totals
        total = self.static.totals.copy()
        for name, limit, groups in (
            ("affinity", SCALE, self._liked),
            ("boost", _FEATURE_LIMIT, self._lifted),
        ):
            if self.weight(name):
                _add_bounded(total, groups, limit, self.weight(name))
        for name, given in self.listed.items():
            if self.weight(name):
                given.add_to(total, self.weight(name))
        if self.price is not None and self.weight("price_fit"):
            everything = np.arange(len(total), dtype=np.int32)
            total += self.weight("price_fit") * self.price.fit(everything)
        return total

    def features(self, items: Indices, intent: Feature, distances: Feature) -> dict[str, Feature]:
        """Every feature of ``items`` by name, in the order of ``core.ordering.FEATURES``."""
        values = {"intent": intent, "distance": self.distance(distances)}
        values |= {name: self.static.features[name][items].astype(np.int64) for name in STATIC_FEATURES}
        values |= {name: feature(items) for name, _, feature in self._parts}
        return {name: values[name] for name in FEATURES}

    def weight(self, name: str) -> int:
        """The fixed-point weight of a feature."""
        return self.static.weights[name]

    def distances(self, items: Indices) -> Feature:
        """Metres from the origin; ``UNKNOWN_DISTANCE`` where item or origin has no coordinates."""
        catalog = self.static.catalog
        if self.origin is None:
            return np.full(len(items), UNKNOWN_DISTANCE, dtype=np.int64)
        lat, lon = catalog.lat_e6[items], catalog.lon_e6[items]
        metres = distances_m(self.origin.lat_e6, self.origin.lon_e6, lat, lon)
        return np.where(lat == NO_COORDINATE, UNKNOWN_DISTANCE, metres)

    def distance(self, distances: Feature) -> Feature:
        """``core.geo.distance_feature`` of each distance from the area's edge, 0 where it is unknown."""
        if self.origin is None:
            return np.zeros(len(distances), dtype=np.int64)
        outside = np.maximum(distances - self.origin.inside_m, 0)
        steps = np.minimum(outside * DECAY_STEPS_PER_RADIUS // self.origin.radius_m, len(_DECAY) - 1)
        return np.where(distances == UNKNOWN_DISTANCE, 0, _DECAY[steps])

    def affinity_feature(self, items: Indices) -> Feature:
        """Learned interest summed over the values an item has, within ±1024."""
        return np.clip(summed(items, self._liked, len(self.static.totals)), -SCALE, SCALE)

    def boost(self, items: Indices) -> Feature:
        """Points of all boosts of an item, added up."""
        total = summed(items, self._lifted, len(self.static.totals))
        return np.clip(total, -_FEATURE_LIMIT, _FEATURE_LIMIT)

    def price_fit(self, items: Indices) -> Feature:
        """How near an item's price is to the one wished for; 0 without a wish or a price."""
        if self.price is None:
            return np.zeros(len(items), dtype=np.int64)
        return self.price.fit(items)

    @property
    def _liked(self) -> list[tuple[Indices, int]]:
        catalog = self.static.catalog
        return [(catalog.postings(*value), interest) for value, interest in self.affinity.items()]

    @property
    def _lifted(self) -> list[tuple[Indices, int]]:
        return [(boost.items, boost.feature) for boost in self.boosts]

    @property
    def _listed(self) -> list[tuple[str, Listed]]:
        return [(name, self.listed.get(name, NONE)) for name in LISTED_FEATURES]

    @property
    def _parts(self) -> tuple[tuple[str, bool, Callable[[Indices], Feature]], ...]:
        return (
            ("price_fit", self.price is not None, self.price_fit),
            ("affinity", bool(self.affinity), self.affinity_feature),
            ("boost", bool(self.boosts), self.boost),
            *((name, bool(given), given.of) for name, given in self._listed),
        )


def _add_bounded(total: Scores, groups: Sequence[tuple[Indices, int]], limit: int, weight: int) -> None:
    """Add ``weight`` times the amounts of an item's groups, their sum held within ±``limit``."""
    if sum(abs(amount) for _, amount in groups) <= limit:
        for group, amount in groups:
            total[group] += weight * amount
    else:
        amounts = np.clip(summed_everywhere(groups, len(total)), -limit, limit)
        total += np.multiply(amounts, weight, dtype=np.int64)

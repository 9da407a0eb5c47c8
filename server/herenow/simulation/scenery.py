"""The app as people find it: what it has, where that is, what it is called, and where fences lie.

Values of one facet of tags stand for what people like; it is the first that searches may name. Everything is
in arrays, since each visit weighs many items at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

KM_A_DEGREE: Final = 111.195
MOST_VALUES: Final = 24
"""How many values of the facet people may like: its most frequent ones."""
LEAST_ITEMS: Final = 3
"""A value with fewer items is nothing that anybody looks for."""

AT_A_FENCE_KM: Final = 0.15
Where = tuple[float, float]
"""Degrees north and east."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the catalogue, as far as people care. What is not known is ``None``."""

    id: str
    name: str
    values: tuple[str, ...]
    area: str | None = None
    where: Where | None = None
    price: float | None = None
    popularity: float = 0.0
    quality: float | None = None


@dataclass(frozen=True, slots=True)
class Fence:
    """A place that phones listen for, by its middle; ``item`` is what stands there."""

    id: str
    name: str
    where: Where
    item: str | None = None
    dwell_s: int = 300


@dataclass(frozen=True, slots=True)
class Scenery:
    """An app and its catalogue. ``words`` are what people type for a value.

    ``tags`` is items by values; ``where`` items by (north, east), NaN for what is nowhere; ``price`` in
    quantiles 0 to 1 of the catalogue, 0.5 for what has none; ``quality`` 0 to 1; ``popular`` the indices of
    items, the most popular first.
    """

    facet: str
    values: tuple[str, ...]
    items: tuple[Item, ...]
    words: Mapping[str, tuple[str, ...]]
    fences: tuple[Fence, ...]
    zone: str
    currency: str
    locales: tuple[str, ...]
    placement: str
    tags: NDArray[np.bool_]
    where: NDArray[np.float64]
    price: NDArray[np.float64]
    quality: NDArray[np.float64]
    popular: NDArray[np.int64]
    index: Mapping[str, int] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    """The forms of offers by their names."""
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What offers say of themselves, in each language, by their names."""

    @property
    def located(self) -> bool:
        """Whether things lie anywhere at all."""
        return bool(np.isfinite(self.where).any())

    def km_from(self, here: Where | None, items: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Kilometres from ``here`` to the items, on a flat piece of the earth; 0 where either is nowhere."""
        where = self.where if items is None else self.where[items]
        if here is None:
            return np.zeros(len(where))
        north = (where[:, 0] - here[0]) * KM_A_DEGREE
        east = (where[:, 1] - here[1]) * KM_A_DEGREE * np.cos(np.radians(here[0]))
        return np.asarray(np.nan_to_num(np.hypot(north, east), nan=0.0))

    def fence_at(self, here: Where | None) -> Fence | None:
        """The fence that somebody here stands in, the nearest of several."""
        if here is None:
            return None
        near = [each for each in self.fences if apart_km(each.where, here) <= AT_A_FENCE_KM]
        return min(near, key=lambda each: apart_km(each.where, here), default=None)

    def offer_of(self, text: str) -> str | None:
        """The offer that a text speaks of, if it does."""
        said = ((name, words) for name, texts in self.offers.items() for words in texts if words in text)
        return next((name for name, _ in sorted(said, key=lambda each: -len(each[1]))), None)

    def near(self, here: Where | None, most: int) -> NDArray[np.int64]:
        """The items that are nearest, at most ``most``; of a catalogue without places the most popular."""
        if here is None or not self.located:
            return self.popular[:most]
        away = np.where(np.isfinite(self.where[:, 0]), self.km_from(here), np.inf)
        return np.argsort(away, kind="stable")[:most]

    def popular_near(self, here: Where | None, km: float, most: int) -> NDArray[np.int64]:
        """The most popular items within ``km``, or of all when the place is not known."""
        if here is None or not self.located:
            return self.popular[:most]
        return self.popular[self.km_from(here)[self.popular] <= km][:most]


def scenery(
    app: Mapping[str, Any],
    items: Sequence[Item],
    words: Mapping[str, Sequence[str]],
    fences: Sequence[Fence],
    forms: Mapping[str, str],
    offers: Mapping[str, tuple[str, ...]] | None = None,
) -> Scenery:
    """The scenery of an app document and the items of its catalogue. Raises ``ValueError`` without items."""
    counts: dict[str, int] = {}
    for value in (value for item in items for value in item.values):
        counts[value] = counts.get(value, 0) + 1
    often = sorted((value for value, n in counts.items() if n >= LEAST_ITEMS), key=lambda v: (-counts[v], v))
    values = tuple(often[:MOST_VALUES])
    if not values:
        raise ValueError("the catalogue has too little of anything to be liked")
    tags = np.array([[value in item.values for value in values] for item in items])
    return Scenery(
        facet=liked_facet(app),
        values=values,
        items=tuple(items),
        words={value: tuple(words.get(value, ())) or (value,) for value in values},
        fences=tuple(fences),
        zone=str(app.get("time_zone", "UTC")),
        currency=str(app.get("currency", "EUR")),
        locales=tuple(app.get("locales", ("en",))),
        placement=str(app["placements"][0]),
        tags=tags,
        where=np.array([item.where or (np.nan, np.nan) for item in items], dtype=float),
        price=_quantiles([item.price for item in items]),
        quality=_quantiles([item.quality for item in items]),
        popular=np.argsort([-item.popularity for item in items], kind="stable"),
        index={item.id: index for index, item in enumerate(items)},
        forms=forms,
        offers=offers or {},
    )


def apart_km(one: Where, other: Where) -> float:
    """Kilometres between two places, on a flat piece of the earth."""
    north, east = one[0] - other[0], (one[1] - other[1]) * np.cos(np.radians(one[0]))
    return float(np.hypot(north, east)) * KM_A_DEGREE


def liked_facet(app: Mapping[str, Any]) -> str:
    """The facet whose values people like: the first of tags that searches may name.

    Raises ``ValueError`` when the app declares none.
    """
    for name, facet in app.get("facets", {}).items():
        if facet.get("type") == "tags" and facet.get("intent"):
            return str(name)
    raise ValueError("the app declares no facet of tags that searches may name")


def _quantiles(numbers: Sequence[float | None]) -> NDArray[np.float64]:
    known = np.sort([each for each in numbers if each is not None])
    if not len(known):
        return np.full(len(numbers), 0.5)
    return np.array(
        [0.5 if each is None else float(np.searchsorted(known, each)) / len(known) for each in numbers]
    )

"""What one intent asks of one catalogue, as sets of items.

An intent outlives the catalogue it was parsed with (it is kept in profiles), so facets and values that
the catalogue does not have any more are passed over here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog import Catalog
from herenow.catalog.distance import distances_m
from herenow.intent.model import Intent, IntentPlace
from herenow.ordering.indices import NO_ITEMS, Flags, Indices, contained, intersection, union
from herenow.ordering.modifiers import ModifierWish, modifier_wishes
from herenow.ordering.residual import KEPT, KEPT_IN_PLACE, residual_of
from herenow.ordering.standing import Standing

SCALE: Final = 1024
RELATIVES: Final = 4
"""So many related values are considered for each value asked; the fifth is rarely a relative."""

_MANY: Final = 16_384
"""Measuring more distances than this takes longer than gathering a circle of some kilometres."""


class Reach(IntEnum):
    """How far around the searched place, in tenths of its radius; ``PLACE`` is the place itself."""

    PLACE = 0
    WIDER = 25
    WIDEST = 50
    ANYWHERE = 1_000_000


class Facets(Enum):
    """Which values satisfy the facets of a search."""

    ASKED = "asked"
    """Of every facet one of the values asked."""
    RELATED = "related"
    """Of every facet one of the values asked or one that goes together with it."""
    ANY = "any"
    """Of any one facet a value asked."""
    TEXT = "text"
    """No value; in their place the words that were not understood."""
    NONE = "none"
    """Neither values nor words."""


@dataclass(frozen=True, slots=True)
class Match:
    """A facet value that counts as asked, ``weight`` out of 1024; ``to`` is the value it is related to."""

    value: str
    weight: int
    to: str | None = None


@dataclass(frozen=True, slots=True)
class FacetWish:
    """One facet of a search: the values asked, of which one is enough, and their relatives."""

    facet: str
    asked: tuple[Match, ...]
    related: tuple[Match, ...]


class Search:
    """An intent against a catalogue. Without an intent nothing is understood and nothing is selected."""

    def __init__(
        self, catalog: Catalog, standing: Standing, intent: Intent | None, currency: str | None = None
    ) -> None:
        self._catalog = catalog
        self._universe = len(catalog)
        self._matched: dict[Facets, Indices] = {}
        self._measured: dict[Facets, NDArray[np.int64]] = {}
        self._selected: dict[tuple[Facets, Reach], Indices] = {}
        self._around: dict[Reach, Indices] = {}
        self.intent = intent
        self.place: IntentPlace | None = intent.place if intent else None
        self.wishes: tuple[FacetWish, ...] = tuple(_wishes(catalog, intent)) if intent else ()
        self._unwanted = self._excluded(intent) if intent else NO_ITEMS
        self.modifiers: tuple[ModifierWish, ...] = (
            modifier_wishes(catalog, standing, intent, currency) if intent else ()
        )

        self.residual = residual_of(catalog, intent) if intent else None

    @property
    def insists(self) -> bool:
        """Whether there is more than modifiers to it."""
        return bool(self.wishes) or self.place is not None or len(self._unwanted) > 0 or self.by_text

    @property
    def by_text(self) -> bool:
        """Whether words in the items' text are all that says what is sought."""
        return self.residual is not None and not self.wishes and self.place is None

    @property
    def narrows(self) -> bool:
        """Whether it asks for anything that holds without facets, place and text."""
        return bool(self.modifiers) or len(self._unwanted) > 0

    @property
    def understood(self) -> bool:
        """Whether there is anything to search by."""
        return self.insists or bool(self.modifiers)

    @property
    def point(self) -> tuple[int, int] | None:
        """The place's coordinates, to draw a circle round."""
        place = self.place
        if place is None or place.lat_e6 is None or place.lon_e6 is None:
            return None
        return place.lat_e6, place.lon_e6

    def radius_m(self, reach: Reach) -> int:
        """Metres round the place's point."""
        radius = self.place.radius_m if self.place else 0
        return radius if reach is Reach.PLACE else radius * reach // 10

    def select(self, *, facets: Facets, reach: Reach, modifiers: bool) -> Indices:
        """The items that satisfy the facets, within reach, and the modifiers if told so.

        Where the search is by text, those asked for are those with the words.

        Items with a value that the search does not want are in none of these sets.
        """
        key = (facets, reach)
        if key not in self._selected:
            self._selected[key] = self._wanted(self._select(facets, reach))
        items = self._selected[key]
        if modifiers:
            for modifier in self.modifiers:
                items = items[modifier.hits(items)]
        return items

    def within(self, reach: Reach) -> Indices:
        """Items of the place (by its facet values, else by its circle), or within a wider circle."""
        if reach not in self._around:
            self._around[reach] = self._within(reach)
        return self._around[reach]

    def inside(self, items: Indices, distances: NDArray[np.int64]) -> Flags:
        """For each item whether it is in the place itself; a negative distance is an unknown one."""
        if self._named:
            return contained(items, union(self._named, self._universe), self._universe)
        return np.asarray((distances >= 0) & (distances <= self.radius_m(Reach.PLACE)))

    def _select(self, facets: Facets, reach: Reach) -> Indices:
        placed = self.place is not None and reach is not Reach.ANYWHERE
        if (
            self.residual is not None
            and (self.by_text or facets is Facets.TEXT)
            and facets is not Facets.NONE
        ):
            return self.residual.items
        if not self.wishes:
            return self.within(reach) if placed else self._all
        return self._reached(facets, reach) if placed else self._matching(facets)

    def _wanted(self, items: Indices) -> Indices:
        if not len(self._unwanted):
            return items
        return items[~contained(items, self._unwanted, self._universe)]

    def _excluded(self, intent: Intent) -> Indices:
        groups = [self._catalog.postings(match.facet, match.value) for match in intent.excluded]
        return union(groups, self._universe)

    def _reached(self, facets: Facets, reach: Reach) -> Indices:
        """Matching items within reach; unless they are many, they are measured and not the whole circle."""
        items = self._matching(facets)
        if reach is Reach.PLACE or self.point is None or len(items) > _MANY:
            return intersection([items, self.within(reach)], self._universe)
        if facets not in self._measured:
            lats, lons = self._catalog.lat_e6[items], self._catalog.lon_e6[items]
            self._measured[facets] = distances_m(*self.point, lats, lons)
        named = contained(items, union(self._named, self._universe), self._universe)
        return items[(self._measured[facets] <= self.radius_m(reach)) | named]

    def _matching(self, facets: Facets) -> Indices:
        if facets not in self._matched:
            self._matched[facets] = intersection(self._facet_groups(facets), self._universe)
        return self._matched[facets]

    def strength(self, items: Indices, facets: Facets) -> NDArray[np.int64]:
        """How well the items match, 0 … 1024: by the facets, tempered by the words found in their text."""
        if self.residual is None or facets is Facets.NONE:
            return self._strength(items, facets)
        if self.by_text or facets is Facets.TEXT:
            return self.residual.weight(items)
        kept = KEPT if self.wishes else KEPT_IN_PLACE
        return self.residual.tempered(self._strength(items, facets), items, kept)

    def _strength(self, items: Indices, facets: Facets) -> NDArray[np.int64]:
        """How well the facets match, averaged over the facets; 1024 if none was asked.

        Of one facet the best matching value counts three quarters and the share of the asked values that
        the item has one quarter, so that of two good matches the one with both values comes first.
        A relative counts as its weight, unless only the values asked will do.
        """
        if not self.wishes:
            return np.full(len(items), SCALE, dtype=np.int64)
        total = np.zeros(len(items), dtype=np.int64)
        for wish in self.wishes:
            total += self._facet_strength(wish, items, related=facets is not Facets.ASKED)
        return np.asarray(total // len(self.wishes))

    def relatives_among(self, wish: FacetWish, items: Indices) -> list[str]:
        """Those related values of ``wish`` that any of the items has, best first."""
        return [match.value for match in wish.related if self.has(wish.facet, match.value, items).any()]

    def has(self, facet: str, value: str, items: Indices) -> Flags:
        """For each item whether it has the value."""
        return contained(items, self._catalog.postings(facet, value), self._universe)

    @cached_property
    def _all(self) -> Indices:
        return np.arange(self._universe, dtype=np.int32)

    def _facet_groups(self, facets: Facets) -> list[Indices]:
        groups = [
            union(
                [
                    self._catalog.postings(wish.facet, match.value)
                    for match in (wish.asked + wish.related if facets is Facets.RELATED else wish.asked)
                ],
                self._universe,
            )
            for wish in self.wishes
        ]
        return [union(groups, self._universe)] if facets is Facets.ANY else groups

    @cached_property
    def _named(self) -> list[Indices]:
        """Items by the values of the place's facet."""
        place = self.place
        if place is None or place.facet is None:
            return []
        groups = [self._catalog.postings(place.facet, value) for value in place.values]
        return [group for group in groups if len(group)]

    def _within(self, reach: Reach) -> Indices:
        if self.point is None or (reach is Reach.PLACE and self._named):
            return union(self._named, self._universe)
        circle = self._catalog.near(*self.point, self.radius_m(reach))
        return union([*self._named, circle], self._universe)

    def _facet_strength(self, wish: FacetWish, items: Indices, *, related: bool) -> NDArray[np.int64]:
        best = np.zeros(len(items), dtype=np.int64)
        gathered = np.zeros(len(items), dtype=np.int64)
        for match in wish.asked:
            hit = self.has(wish.facet, match.value, items) * np.int64(match.weight)
            np.maximum(best, hit, out=best)
            gathered += hit
        for match in wish.related if related else ():
            hit = self.has(wish.facet, match.value, items) * np.int64(match.weight)
            np.maximum(best, hit, out=best)
        asked = sum(match.weight for match in wish.asked)
        if len(wish.asked) == 1:
            return best
        return np.asarray((3 * best + SCALE * gathered // max(asked, 1)) // 4)


def _wishes(catalog: Catalog, intent: Intent) -> list[FacetWish]:
    asked: dict[str, dict[str, int]] = {}
    for match in intent.facets:
        if len(catalog.postings(match.facet, match.value)):
            values = asked.setdefault(match.facet, {})
            weight = min(max(round(match.weight * SCALE), 0), SCALE)
            values[match.value] = max(weight, values.get(match.value, 0))
    return [
        FacetWish(
            facet,
            tuple(Match(value, weight) for value, weight in values.items()),
            _relatives(catalog, facet, values),
        )
        for facet, values in asked.items()
    ]


def _relatives(catalog: Catalog, facet: str, asked: dict[str, int]) -> tuple[Match, ...]:
    """The nearest relatives of the values asked, best first; a relative of two counts for the nearer."""
    best: dict[str, Match] = {}
    for value, weight in asked.items():
        for relative, relatedness in catalog.related(facet, value)[:RELATIVES]:
            match = Match(relative, round(weight * min(relatedness, 1.0)), value)
            if relative not in asked and (relative not in best or match.weight > best[relative].weight):
                best[relative] = match
    return tuple(sorted(best.values(), key=lambda match: (-match.weight, match.value)))

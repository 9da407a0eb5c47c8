"""Why: the reasons of the items on a page, and of the page itself.

An item is told only what is true of it and had a say in its place: a match with the search, its place,
and those features that the marketer gave a weight and in which it stands out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from herenow.catalog import Catalog
from herenow.intent.model import IntentPlace
from herenow.ordering.arrangement import Entry
from herenow.ordering.indices import Flags, Indices
from herenow.ordering.ladder import PINNED_RUNG
from herenow.ordering.model import OrderedItem
from herenow.ordering.residual import Residual
from herenow.ordering.scoring import UNKNOWN_DISTANCE, Feature, Scorer
from herenow.ordering.search import FacetWish, Reach, Search
from herenow.ordering.standing import Share, Standing
from herenow_sdk.core.reasons import ItemReason, PlacementReason, Reason

_OUTSTANDING: Final = {
    "quality": ItemReason.HIGHLY_RATED,
    "popularity": ItemReason.POPULAR,
    "freshness": ItemReason.FRESH,
}
_BY_RELATION: Final = frozenset({"facet", "city"})
"""Rungs on which a related value may be what the item was found by."""


def placement_reasons(search: Search, *, personal: bool, near_you: bool) -> tuple[Reason, ...]:
    """How a placement came to show what it shows, before any widening is told."""
    if search.understood:
        return (Reason(PlacementReason.SEARCHED, _searched(search)),)
    reasons = [Reason(PlacementReason.NEAR_YOU)] if near_you else []
    reasons.append(Reason(PlacementReason.POPULAR))
    if personal:
        reasons.append(Reason(PlacementReason.PERSONAL))
    if search.intent is not None and (search.intent.unparsed or not search.intent.says_anything):
        reasons.append(Reason(PlacementReason.NOT_UNDERSTOOD, {"unparsed": list(search.intent.unparsed)}))
    return tuple(reasons)


def _searched(search: Search) -> dict[str, Any]:
    args: dict[str, Any] = {}
    if search.intent is not None and search.intent.label:
        args["label"] = search.intent.label
    if search.place is not None and search.place.name:
        args["place"] = search.place.name
    if search.modifiers:
        args["modifiers"] = [modifier.label for modifier in search.modifiers]
    if (
        search.residual is not None
        and search.residual.text.casefold() not in args.get("label", "").casefold()
    ):
        args["text"] = search.residual.text
    return args


@dataclass(frozen=True, slots=True)
class Explainer:
    """Turns the entries of a page into items that say why they are there."""

    search: Search
    scorer: Scorer
    standing: Standing

    def items(self, entries: Sequence[Entry]) -> tuple[OrderedItem, ...]:
        """The entries with their features, distances and reasons, the most telling reason first."""
        indices = np.array([entry.index for entry in entries], dtype=np.int32)
        intent = np.array([entry.intent for entry in entries], dtype=np.int64)
        distances = self.scorer.distances(indices)
        features = self.scorer.features(indices, intent, distances)
        names = tuple(features)
        rows = [
            dict(zip(names, row, strict=True))
            for row in zip(*(values.tolist() for values in features.values()), strict=True)
        ]
        told = self._told(entries, indices, distances)
        return tuple(
            OrderedItem(
                index=entry.index,
                id=entry.candidate.id,
                score=entry.score,
                features=row,
                reasons=(*reasons, *self._for_person(entry, row)),
                distance_m=None if distance == UNKNOWN_DISTANCE else distance,
                rung=entry.rung,
                groups=entry.candidate.groups,
            )
            for entry, row, distance, reasons in zip(entries, rows, distances.tolist(), told, strict=True)
        )

    def _told(self, entries: Sequence[Entry], indices: Indices, distances: Feature) -> list[list[Reason]]:
        """For each item the reasons that hold, asked column by column: pins first, then the search."""
        told: list[list[Reason]] = [
            [Reason(ItemReason.PINNED)] if entry.rung == PINNED_RUNG else [] for entry in entries
        ]
        for wish in self.search.wishes:
            self._tell_facet(wish, entries, indices, told)
        if self.search.residual is not None:
            self._tell_text(self.search.residual, indices, told)
        if self.search.place is not None:
            self._tell_place(self.search.place, indices, distances, told)
        elif self.scorer.distance_weight:
            self._tell_nearness(distances, told)
        for reason, hits in self._notable(indices):
            for at in np.flatnonzero(hits).tolist():
                told[at].append(reason)
        return told

    def _tell_facet(
        self, wish: FacetWish, entries: Sequence[Entry], indices: Indices, told: list[list[Reason]]
    ) -> None:
        matched = np.zeros(len(indices), dtype=np.bool_)
        for match in wish.asked:
            hits = self.search.has(wish.facet, match.value, indices)
            reason = Reason(ItemReason.INTENT_MATCH, {"facet": wish.facet, "value": match.value})
            for at in np.flatnonzero(hits).tolist():
                told[at].append(reason)
            matched |= hits
        waiting = ~matched & np.array([entry.rung in _BY_RELATION for entry in entries], dtype=np.bool_)
        for match in wish.related if waiting.any() else ():
            hits = waiting & self.search.has(wish.facet, match.value, indices)
            args = {"facet": wish.facet, "value": match.value, "to": match.to}
            for at in np.flatnonzero(hits).tolist():
                told[at].append(Reason(ItemReason.RELATED_MATCH, args))
            waiting &= ~hits

    def _tell_text(self, residual: Residual, indices: Indices, told: list[list[Reason]]) -> None:
        for text, hits in residual.found(indices):
            for at in np.flatnonzero(hits).tolist():
                told[at].append(Reason(ItemReason.INTENT_MATCH, {"text": text}))

    def _tell_place(
        self, place: IntentPlace, indices: Indices, distances: Feature, told: list[list[Reason]]
    ) -> None:
        inside = self.search.inside(indices, distances)
        near = (distances != UNKNOWN_DISTANCE) & (distances <= self.search.radius_m(Reach.WIDEST))
        name = {} if place.name is None else {"place": place.name}
        for at in np.flatnonzero(inside | near).tolist():
            code = ItemReason.IN_PLACE if inside[at] else ItemReason.NEAR_PLACE
            known = distances[at] != UNKNOWN_DISTANCE
            told[at].append(Reason(code, {**name, "distance_m": int(distances[at])} if known else name))

    def _tell_nearness(self, distances: Feature, told: list[list[Reason]]) -> None:
        near = (distances != UNKNOWN_DISTANCE) & (self.scorer.distance(distances) > 0)
        for at in np.flatnonzero(near).tolist():
            told[at].append(Reason(ItemReason.NEAR_YOU, {"distance_m": int(distances[at])}))

    def _notable(self, indices: Indices) -> Iterator[tuple[Reason, Flags]]:
        """Modifiers and weighted features that items may satisfy or stand out in, and which do."""
        for modifier in self.search.modifiers:
            reason = Reason(ItemReason.MODIFIER_MATCH, {"modifier": modifier.label})
            yield reason, modifier.hits(indices)
        for name, code in _OUTSTANDING.items():
            if self.scorer.weight(name):
                yield Reason(code), self.standing.among_best(name, Share.OUTSTANDING, indices)

    def _for_person(self, entry: Entry, features: dict[str, int]) -> Iterator[Reason]:
        if features["affinity"] > 0 and self.scorer.weight("affinity"):
            liked = max(self._liked(entry.index))[1]
            facet, value = self.scorer.liked_through.get(liked, liked)
            yield Reason(ItemReason.AFFINITY, {"facet": facet, "value": value})
        if features["neighbour"] > 0:
            yield Reason(ItemReason.GOES_WITH, {"item": self.scorer.goes_with[entry.candidate.id]})
        if features["habit"] > 0:
            yield Reason(ItemReason.USUAL_NOW)
        if features["boost"] > 0 and self.scorer.weight("boost"):
            yield Reason(ItemReason.BOOSTED)

    def _liked(self, index: int) -> Iterator[tuple[int, tuple[str, str]]]:
        """The values of the item that the person has an interest in, with the interest."""
        affinity = self.scorer.affinity
        for facet in {facet for facet, _ in affinity}:
            for value in self._catalog.values_at(facet, index):
                if (facet, value) in affinity:
                    yield affinity[facet, value], (facet, value)

    @property
    def _catalog(self) -> Catalog:
        return self.scorer.static.catalog

"""The server's choice of the best items of a large catalogue for one placement.

Prepared once per catalogue version and release: which items may be shown at all, the part of every
score that no query changes, the popular order. A query then climbs the ladder only as far as it must,
scores what it found in integer arithmetic on arrays, and has ``herenow_sdk.core`` arrange the head.
Selection equals a full sort by core's order; that is property-tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from herenow.catalog import Catalog
from herenow.errors import Invalid
from herenow.ordering.arrangement import Arranger, Entry, Groups, Identity, KnownPin
from herenow.ordering.explain import Explainer, placement_reasons
from herenow.ordering.indices import Flags, Indices, flags_of
from herenow.ordering.interests import Interests
from herenow.ordering.ladder import Climb
from herenow.ordering.listed import Listed, at_places, fatigue, listed
from herenow.ordering.model import (
    MAX_DEPTH,
    MAX_PAGE,
    MAX_RANKED,
    OrderedItem,
    OrderedPlacement,
    OrderingQuery,
    RankedList,
)
from herenow.ordering.modifiers import price_wish
from herenow.ordering.origin import located, origin_of
from herenow.ordering.scoring import STATIC_FEATURES, Boost, Scorer, StaticScores
from herenow.ordering.search import Search
from herenow.ordering.selection import best_positions
from herenow.ordering.stages import stages
from herenow.ordering.standing import Standing
from herenow_sdk.core.placements import Placement, active_boosts, placement_rule
from herenow_sdk.core.reasons import Reason

SECONDS_PER_DAY: Final = 86_400
_SHEET_SCREENS: Final = 3
"""For variety a sheet holds so many screenfuls: enough to choose from, few enough to arrange at once."""


@dataclass(frozen=True, slots=True)
class _Pool:
    """What an answer may be made of: items still open, the same by static score, pins, a screenful."""

    open_items: Flags
    popular: Indices
    pins: Sequence[KnownPin]
    screenful: int

    def __len__(self) -> int:
        return int(np.count_nonzero(self.open_items)) + len(self.pins)


class PlacementOrderer:
    """One placement over one catalogue version, prepared; holds about 21 bytes per catalogue item.

    ``now_day`` is the day since 1970-01-01 that freshness is counted to; ``currency`` the ISO 4217 code that
    prices are in, unknown where it is not told. Safe to share between threads.
    """

    def __init__(
        self, catalog: Catalog, placement: Placement, now_day: int, currency: str | None = None
    ) -> None:
        features = {name: catalog.feature(name, now_day * SECONDS_PER_DAY) for name in STATIC_FEATURES}
        self.catalog = catalog
        self.placement = placement
        self._currency = currency
        self._standing = Standing(features)
        self._static = StaticScores(catalog, placement.weights, features)
        self._allowed = _allowed(catalog, placement)
        self._look_up = partial(_identities, catalog, placement)
        self._popular = self._by_static_score(_flagged(self._allowed))
        self._boosts = [
            (boost, Boost(_flagged(catalog.mask(boost.condition.raw)), boost.value))
            for boost in placement.boosts
        ]

    def order(self, query: OrderingQuery, *, offset: int = 0, size: int | None = None) -> OrderedPlacement:
        """The items from ``offset`` on, at most ``size`` (the placement's own, at most ``MAX_PAGE``).

        Pages are slices of one order, at most ``MAX_DEPTH`` deep, as long as query and catalogue stay.
        """
        start = max(offset, 0)
        end = min(start + min(max(size or self.placement.size, 1), MAX_PAGE), MAX_DEPTH)
        pool = self._whole_pool(query)
        total = min(len(pool), MAX_DEPTH)
        items, because = self._answer(query, pool, start, end)
        return OrderedPlacement(items, because, next_offset=end if end < total else None, total=total)

    def rank(self, ids: Sequence[str], query: OrderingQuery) -> RankedList:
        """The app's own list in the order of this placement, whatever its candidates condition says.

        An id that is given twice stands once, one that the person hid not at all. Raises ``Invalid``
        (``TOO_MANY_IDS``) above ``MAX_RANKED``.
        """
        if len(ids) > MAX_RANKED:
            raise Invalid(f"At most {MAX_RANKED} ids can be ranked at once", code="TOO_MANY_IDS")
        indices = {item_id: self.catalog.index_of(item_id) for item_id in ids}
        known = {index for index in indices.values() if index is not None}
        pool = self._pool_of(np.array(sorted(known), dtype=np.int32), query)
        items, because = self._answer(query, pool, 0, len(known))
        unknown = tuple(item_id for item_id, index in indices.items() if index is None)
        return RankedList(items, because, unknown)

    def boosts_of(self, index: int) -> list[int]:
        """The boosts that lift an item for those in their audience, by their place in the placement."""
        return [at for at, (_, prepared) in enumerate(self._boosts) if _holds(prepared.items, index)]

    def _answer(
        self, query: OrderingQuery, pool: _Pool, start: int, end: int
    ) -> tuple[tuple[OrderedItem, ...], tuple[Reason, ...]]:
        intent = located(query.intent, query.device_place, self.catalog)
        search = Search(self.catalog, self._standing, intent, self._currency)
        scorer = self._scorer(query, search)
        entries, told = self._laid_out(search, scorer, pool, end)
        items = Explainer(search, scorer, self._standing).items(entries[start:end])
        personal = scorer.knows_person
        near_you = search.place is None and scorer.distance_weight > 0
        because = (*placement_reasons(search, personal=personal, near_you=near_you), *told)
        return items, because

    def _laid_out(
        self, search: Search, scorer: Scorer, pool: _Pool, end: int
    ) -> tuple[list[Entry], list[Reason]]:
        """The first ``end`` positions or a few more, and what was conceded on the way there."""
        arranger = Arranger(scorer, search, self._groups(search), pool.pins, self._look_up)
        told: list[Reason] = []
        sheet = self._sheet_length()
        for stage in stages(Climb(search, pool.open_items), scorer, pool.popular, pool.screenful):
            told += stage.told
            missing = -(-(end - len(arranger.entries)) // sheet) * sheet
            found = stage.best(missing)
            for first in range(0, len(found), sheet):
                arranger.lay(found.taken(slice(first, first + sheet)))
            if len(arranger.entries) >= end:
                return arranger.entries, told
        arranger.finish()
        return arranger.entries, told

    def _scorer(self, query: OrderingQuery, search: Search) -> Scorer:
        active = active_boosts(self.placement, query.attributes)
        interests = Interests.of(self.catalog, query.affinity)
        return Scorer(
            self._static,
            origin=origin_of(search, query.device_place, self.catalog),
            affinity=interests.by_value,
            liked_through=interests.through,
            boosts=[prepared for boost, prepared in self._boosts if boost in active],
            price=price_wish(self.catalog, search.intent, self._currency) if search.intent else None,
            listed=self._listed(query),
            goes_with={item: going.item for item, going in query.together.items()},
        )

    def _listed(self, query: OrderingQuery) -> dict[str, Listed]:
        """The features that the person's history gives, as far as the marketer gave them a weight."""
        weights, catalog = self.placement.weights, self.catalog
        found: dict[str, Listed] = {}
        if weights.get("neighbour") and query.together:
            by_item = {item: going.feature for item, going in query.together.items()}
            found["neighbour"] = listed(catalog, by_item)
        if weights.get("seen_recently") and query.seen:
            by_item = {item: fatigue(looks) for item, looks in query.seen.items()}
            found["seen_recently"] = listed(catalog, by_item)
        if weights.get("habit") and query.usual:
            found["habit"] = at_places(catalog, query.usual)
        return found

    def _groups(self, search: Search) -> Groups | None:
        diversity = self.placement.diversity
        if diversity is None:
            return None
        searched = frozenset(
            match.value for wish in search.wishes if wish.facet == diversity.facet for match in wish.asked
        )
        if search.place is not None and search.place.facet == diversity.facet:
            searched |= frozenset(search.place.values)
        return Groups(diversity.limit, searched)

    def _sheet_length(self) -> int:
        diversity, size = self.placement.diversity, self.placement.size
        wanted = size if diversity is None else max(_SHEET_SCREENS * size, 2 * diversity.limit.per)
        return min(wanted, MAX_DEPTH)

    def _whole_pool(self, query: OrderingQuery) -> _Pool:
        pins = self._pins(query)
        return _Pool(self._open(self._allowed, pins, query), self._popular, pins, self.placement.size)

    def _pool_of(self, items: Indices, query: OrderingQuery) -> _Pool:
        allowed = flags_of([items], len(self.catalog))
        pins = [pin for pin in self._pins(query) if allowed[pin.index]]
        return _Pool(self._open(allowed, pins, query), self._by_static_score(items), pins, len(items))

    def _open(self, allowed: Flags, pins: Sequence[KnownPin], query: OrderingQuery) -> Flags:
        """What is chosen from: without what is pinned, and without what the person hid."""
        open_items = allowed.copy()
        hidden = (self.catalog.index_of(each) for each in query.hidden)
        open_items[[pin.index for pin in pins]] = False
        open_items[[index for index in hidden if index is not None]] = False
        return open_items

    def _pins(self, query: OrderingQuery) -> list[KnownPin]:
        """Pins in force whose items the catalogue has; an item keeps its first."""
        rule = placement_rule(self.placement, query.attributes, query.now)
        found: dict[int, KnownPin] = {}
        for pin in rule.pins:
            index = self.catalog.index_of(pin.item)
            if index is not None:
                found.setdefault(index, KnownPin(index, pin))
        return list(found.values())

    def _by_static_score(self, items: Indices) -> Indices:
        return items[best_positions(items, self._static.totals[items], len(items))]


def _identities(catalog: Catalog, placement: Placement, items: Indices) -> Iterable[Identity]:
    facet = placement.diversity.facet if placement.diversity else ""
    return map(Identity, catalog.ids_at(items), catalog.values_of(facet, items))


def _allowed(catalog: Catalog, placement: Placement) -> Flags:
    if placement.candidates is None:
        return np.ones(len(catalog), dtype=np.bool_)
    return catalog.mask(placement.candidates.raw)


def _holds(ascending: Indices, index: int) -> bool:
    at = int(np.searchsorted(ascending, index))
    return at < len(ascending) and int(ascending[at]) == index


def _flagged(flags: Flags) -> Indices:
    return np.flatnonzero(flags).astype(np.int32)

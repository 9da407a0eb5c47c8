"""Pages of a placement, and the app's own list in a person's order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from herenow.clock import Clock
from herenow.errors import NotFound
from herenow.launch.answer import NextOf, placement_json
from herenow.launch.paging import PageCursor, PageCursors
from herenow.launch.serving import ServingSet, ServingSets, locale_chain
from herenow.launch.subjects import DecisionSubjects
from herenow.ordering.engine import PlacementOrderer
from herenow.ordering.model import OrderedPlacement, OrderingQuery, RankedList
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow_sdk.core.kill import Switch


@dataclass(frozen=True, slots=True)
class Pages:
    """Goes on where an answer ended, and orders what the app chose itself."""

    serving: ServingSets
    cursors: PageCursors
    subjects: DecisionSubjects
    clock: Clock

    def page(
        self, scope: Scope, installation: Installation, placement: str, cursor: str | None
    ) -> dict[str, Any]:
        """Further items of a placement, none while placements are switched off.

        Raises ``NotFound``, ``BadRequest`` (INVALID_CURSOR).
        """
        serving = self.serving.current(scope)
        orderer = _orderer(serving, placement)
        if _placements_off(serving):
            return {"items": [], "because": [], "next": None}
        read = self.cursors.open(cursor, _bound(scope, installation, placement)) if cursor else PageCursor(0)
        query = self._query(serving, installation)
        query = replace(
            query, intent=read.intent or query.intent, device_place=read.place or query.device_place
        )
        ordered = orderer.order(query, offset=read.offset)
        locales = locale_chain(installation.context, serving)
        following = self.next_of(scope, installation, query)(placement, ordered)
        return placement_json(serving, ordered, locales, following)

    def rank(
        self, scope: Scope, installation: Installation, placement: str, ids: list[str]
    ) -> dict[str, Any]:
        """The app's own list in this person's order; as it came while placements are switched off.

        Raises ``NotFound``.
        """
        serving = self.serving.current(scope)
        orderer = _orderer(serving, placement)
        told = (
            _as_they_came(ids, serving)
            if _placements_off(serving)
            else _ranked_json(orderer.rank(ids, self._query(serving, installation)))
        )
        return {**told, "serving_set": serving.triple}

    def next_of(self, scope: Scope, installation: Installation, query: OrderingQuery) -> NextOf:
        """Cursors that continue what ``query`` ordered, with what of it is not stored."""
        intent = None if installation.keeps_searches else query.intent

        def next_of(placement: str, ordered: OrderedPlacement) -> str | None:
            if ordered.next_offset is None:
                return None
            cursor = PageCursor(ordered.next_offset, query.device_place, intent)
            return self.cursors.seal(cursor, _bound(scope, installation, placement))

        return next_of

    def _query(self, serving: ServingSet, installation: Installation) -> OrderingQuery:
        return self.subjects.query(serving, installation, int(self.clock()))


def _bound(scope: Scope, installation: Installation, placement: str) -> str:
    return f"{scope}/{installation.id}/{placement}"


def _placements_off(serving: ServingSet) -> bool:
    return Switch.PLACEMENTS in serving.pointer.kill


def _ranked_json(ranked: RankedList) -> dict[str, Any]:
    items = [
        {"id": each.id, "reasons": [reason.as_json() for reason in each.reasons]} for each in ranked.items
    ]
    return {"items": items, "unknown": list(ranked.unknown)}


def _as_they_came(ids: list[str], serving: ServingSet) -> dict[str, Any]:
    """The ids that the catalogue has in the app's own order, each once, with no reason (SPEC 17.2.3)."""
    known = {each: serving.catalog.index_of(each) is not None for each in ids}
    return {
        "items": [{"id": each, "reasons": []} for each, found in known.items() if found],
        "unknown": [each for each, found in known.items() if not found],
    }


def _orderer(serving: ServingSet, placement: str) -> PlacementOrderer:
    orderer = serving.orderers.get(placement)
    if orderer is None:
        known = ", ".join(sorted(serving.orderers))
        raise NotFound(
            f"no placement '{placement[:60]}'", code="UNKNOWN_PLACEMENT", detail=f"Known: {known}."
        )
    return orderer

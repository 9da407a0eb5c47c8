"""How many of an offer are out, used, returned, and how many codes its pool was given.

Counters of one document an offer. A promise is counted before it is written and taken back if it cannot be: a
process that dies between the two leaves one too many counted, so a budget is never exceeded.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from herenow.scope import Scope
from herenow.storage.ports import Documents, Key

_SORT: Final = "counts"


class Counted(StrEnum):
    """What is counted."""

    HELD = "held"
    """Promised and not returned: used or still open. This is what the budget bounds."""
    REDEEMED = "redeemed"
    RETURNED = "returned"
    CODES = "codes"


class OfferCounts:
    """The counters of all offers."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def count(self, scope: Scope, offer: str, what: Counted, times: int = 1) -> int:
        """Add, and answer the sum."""
        return self._documents.increment(_key(scope, offer), what.value, times)

    def number(self, scope: Scope, offer: str, what: Counted) -> int:
        """How many were counted so far."""
        stored = self._documents.get(_key(scope, offer))
        return int(stored.value.get(what.value, 0)) if stored else 0

    def told(self, scope: Scope, offers: dict[str, Any]) -> list[dict[str, Any]]:
        """Every offer of a release with its counts, and what is left of budget and codes."""
        return [self._told(scope, name, offer) for name, offer in sorted(offers.items()) if name != "$schema"]

    def _told(self, scope: Scope, name: str, offer: dict[str, Any]) -> dict[str, Any]:
        stored = self._documents.get(_key(scope, name))
        counts = {each: int(stored.value.get(each.value, 0)) if stored else 0 for each in Counted}
        held, codes = counts[Counted.HELD], counts[Counted.CODES]
        budget = offer.get("budget")
        pooled = "pool" in offer.get("code", {})
        return {
            "offer": name,
            "form": offer["form"],
            "open": held - counts[Counted.REDEEMED],
            "redeemed": counts[Counted.REDEEMED],
            "returned": counts[Counted.RETURNED],
            "budget": budget,
            "budget_left": None if budget is None else max(budget - held, 0),
            "codes": codes if pooled else None,
            "codes_left": max(codes - held, 0) if pooled else None,
        }


def _key(scope: Scope, offer: str) -> Key:
    return Key(scope.partition(f"offer#{offer}"), _SORT)

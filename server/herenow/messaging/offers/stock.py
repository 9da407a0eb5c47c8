"""What an admin sees and does of offers: how many are out and left, and codes into a pool."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from herenow.errors import NotFound
from herenow.launch.serving import ServingSets
from herenow.messaging.offers.codes import Imported
from herenow.messaging.offers.promises import StockedPromises
from herenow.scope import Scope


class Stock:
    """The offers of the live release with their counts."""

    def __init__(self, promises: StockedPromises, serving: ServingSets) -> None:
        self._promises = promises
        self._serving = serving

    def told(self, scope: Scope) -> list[dict[str, Any]]:
        """Every offer by name. Raises ``Unavailable`` (NOTHING_PUBLISHED)."""
        return self._promises.counts.told(scope, self._offers(scope))

    def add_codes(self, scope: Scope, offer: str, lines: Iterable[str]) -> Imported:
        """Codes into the pool of an offer. Raises ``NotFound`` (UNKNOWN_OFFER), and as ``told``."""
        known = self._offers(scope)
        if "pool" not in known.get(offer, {}).get("code", {}):
            pooled = sorted(name for name, each in known.items() if "pool" in each.get("code", {}))
            raise NotFound(
                f"no live offer '{offer[:64]}' has a pool of codes",
                code="UNKNOWN_OFFER",
                detail=f"Those that have one: {', '.join(pooled) or 'none'}. Publish it first.",
            )
        return self._promises.codes.add(scope, offer, lines)

    def _offers(self, scope: Scope) -> dict[str, Any]:
        offers = self._serving.current(scope).documents.get("offers.json", {})
        return {name: offer for name, offer in offers.items() if name != "$schema"}

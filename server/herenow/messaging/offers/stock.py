"""What an admin sees and does of offers: how many are out and left, and codes into a pool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from herenow.authoring.releases import Releases
from herenow.errors import NotFound, Unavailable
from herenow.launch.serving import ServingSets
from herenow.messaging.offers.codes import Imported
from herenow.messaging.offers.promises import StockedPromises
from herenow.scope import Scope

Offers = dict[str, Any]
_RECENT: Final = 10
"""Releases looked at for an offer that is not live yet."""


class Stock:
    """The offers of the live release with their counts."""

    def __init__(self, promises: StockedPromises, serving: ServingSets, releases: Releases) -> None:
        self._promises = promises
        self._serving = serving
        self._releases = releases

    def told(self, scope: Scope) -> list[dict[str, Any]]:
        """Every offer by name. Raises ``Unavailable`` (NOTHING_PUBLISHED)."""
        offers = _offers(self._serving.current(scope).documents)
        return self._promises.counts.told(scope, offers)

    def add_codes(self, scope: Scope, offer: str, lines: Iterable[str]) -> Imported:
        """Codes into the pool of an offer that is live, or waits in a recent release to be published.

        Raises ``NotFound`` (UNKNOWN_OFFER).
        """
        live = self._live(scope)
        if not _is_pooled(live, offer) and not any(_is_pooled(each, offer) for each in self._recent(scope)):
            pooled = sorted(name for name in live if _is_pooled(live, name))
            raise NotFound(
                f"no offer '{offer[:64]}' has a pool of codes",
                code="UNKNOWN_OFFER",
                detail=f"Live ones that have one: {', '.join(pooled) or 'none'}. Make a release of it first.",
            )
        return self._promises.codes.add(scope, offer, lines)

    def _live(self, scope: Scope) -> Offers:
        with suppress(Unavailable):
            return _offers(self._serving.current(scope).documents)
        return {}

    def _recent(self, scope: Scope) -> Iterator[Offers]:
        """Of the newest releases, which may wait for approval."""
        for release in self._releases.list(scope, limit=_RECENT).releases:
            yield _offers(self._releases.documents(scope, release.number))


def _offers(documents: Mapping[str, Any]) -> Offers:
    return {name: offer for name, offer in documents.get("offers.json", {}).items() if name != "$schema"}


def _is_pooled(offers: Offers, name: str) -> bool:
    return "pool" in offers.get(name, {}).get("code", {})

"""What an offer's document says of giving it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.launch.serving import ServingSet
from herenow_sdk.core.messages.durations import read_duration

REDEEMED: Final = "offer_redeemed"
PURCHASE: Final = "purchase"


@dataclass(frozen=True, slots=True)
class Terms:
    """How many in all and each, for how many seconds, until when (epoch), and by which code.

    ``pooled`` offers hand out a code of their own to each; ``fixed`` is one code for all. ``event`` says that
    it was used, besides ``offer_redeemed`` and a purchase that names it; ``by_backend`` that only the
    customer's own backend may say so.
    """

    budget: int | None = None
    per_person: int | None = None
    valid_for: int | None = None
    until: int | None = None
    fixed: str | None = None
    pooled: bool = False
    event: str = REDEEMED
    by_backend: bool = False

    def ends(self, now: int) -> int | None:
        """When an offer shown now is over for whom it is shown to; ``None`` when it never is."""
        ends = [self.until] if self.until is not None else []
        ends += [now + self.valid_for] if self.valid_for is not None else []
        return min(ends, default=None)


def terms_of(serving: ServingSet, offer: str) -> Terms | None:
    """The terms of an offer of the live release; ``None`` when it has no such offer."""
    document: Mapping[str, Any] | None = serving.documents.get("offers.json", {}).get(offer)
    compiled = serving.bundle.messages.offers.get(offer)
    if document is None or compiled is None:
        return None
    code, used = document.get("code", {}), document.get("redemption", {})
    return Terms(
        document.get("budget"),
        document.get("per_person"),
        read_duration(document.get("valid_for")),
        compiled.until,
        code.get("fixed"),
        "pool" in code,
        used.get("event", REDEEMED),
        used.get("server_only", False),
    )

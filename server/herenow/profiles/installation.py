"""What is known of one installation.

One document holds it all, so that a request costs one read: who may speak for it (a keyed hash of
its secret, the token epoch), what it consented to, its last context, every acquisition touch in
order, the intent in force, and the arms of experiments it was given (``assignments``). The raw text of
a search is kept only with consent to personalization; raw referrers and click ids never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.acquisition.adservices import PendingToken
from herenow.acquisition.model import Acquisition
from herenow.intent.model import Intent

MAX_TOUCHES: Final = 50
"""Touches kept: the first, and the latest others."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One install on one device. ``version`` is the stored document's, 0 before it is stored."""

    id: str
    created_at: int
    secret_hash: str
    consent: Mapping[str, str]
    context: Mapping[str, Any]
    epoch: int = 1
    acquisition: Acquisition | None = None
    intent: Intent | None = None
    touches: tuple[Mapping[str, Any], ...] = ()
    pending: PendingToken | None = None
    sticky: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: int = field(default=0, compare=False)

    @property
    def keeps_searches(self) -> bool:
        """Whether search text and intent may be stored."""
        return self.consent.get("personalization") == "granted"

    @property
    def personalizes(self) -> bool:
        """Whether what is known may shape answers (``unknown`` shapes the answer at hand only)."""
        return self.consent.get("personalization") != "denied"


def with_touch(
    touches: tuple[Mapping[str, Any], ...], touch: Mapping[str, Any], *, in_place_of: str = ""
) -> tuple[Mapping[str, Any], ...]:
    """``touches`` and a new one in order; one seen before (same ``touch_id``) is not recorded twice.

    ``in_place_of`` is the id under which the same touch may stand without its text; it is replaced there.
    """
    ids = [each["touch_id"] for each in touches]
    if touch["touch_id"] in ids:
        return touches
    if in_place_of in ids:
        at = ids.index(in_place_of)
        return (*touches[:at], touch, *touches[at + 1 :])
    kept = (*touches, touch)
    return kept if len(kept) <= MAX_TOUCHES else (kept[0], *kept[-(MAX_TOUCHES - 1) :])

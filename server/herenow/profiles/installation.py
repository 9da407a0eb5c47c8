"""What is known of one installation.

One document holds it all, so that a request costs one read: who may speak for it (a keyed hash of
its secret, the token epoch), what it consented to and when that was stated, its last context, every
acquisition touch in order, the intent in force, and the arms of experiments it was given
(``assignments``). The raw text of a search is kept only with consent to personalization; raw referrers
and click ids never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from herenow.acquisition.adservices import PendingToken
from herenow.acquisition.model import Acquisition
from herenow.errors import Conflict
from herenow.identity.statements import Statement
from herenow.intent.model import Intent

MAX_TOUCHES: Final = 50
"""Touches kept: the first, and the latest others."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose installation this is: once joined to a person, it is theirs for good.

    ``bucketing_id`` is the id by which experiments hash this person: that of their first installation, on
    every device the same. ``signed_out`` says that the person has left the device, ``suppressed`` that their
    backend wants nothing kept of them.
    """

    subject: str
    bucketing_id: str
    signed_out: bool = False
    suppressed: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


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
    belongs_to: Belonging | None = None
    stated_at: Mapping[str, int] = field(default_factory=dict)
    reconsidered: frozenset[str] = frozenset()
    version: int = field(default=0, compare=False)

    @property
    def user_id(self) -> str | None:
        """The attribute of this name: the id by which experiments hash the person, once that is known."""
        return self.belongs_to.bucketing_id if self.belongs_to else None

    @property
    def statement(self) -> Statement:
        """What was said on this device; a purpose without a time has the policy's default."""
        return Statement(self.consent, self.stated_at, self.reconsidered, self.created_at)

    @property
    def suppressed(self) -> bool:
        """Whether nothing may be kept of the person, whatever is said on the device."""
        return self.belongs_to is not None and self.belongs_to.suppressed

    @property
    def signed_out(self) -> bool:
        """Whether the person it belongs to has left: whoever holds the device now may be somebody else."""
        return self.belongs_to is not None and self.belongs_to.signed_out

    @property
    def keeps_searches(self) -> bool:
        """Whether search text and intent may be stored."""
        return self.consent.get("personalization") == "granted"

    @property
    def personalizes(self) -> bool:
        """Whether what is known may shape answers (``unknown`` shapes the answer at hand only)."""
        return self.consent.get("personalization") != "denied"


def require_signed_in(installation: Installation) -> None:
    """Let pass whose person has not left it. Raises ``Conflict`` (SIGNED_OUT)."""
    if installation.signed_out:
        raise Conflict(
            "the person of this installation has signed out",
            code="SIGNED_OUT",
            detail="Make a new installation id and secret; what was known stays with the person who left.",
        )


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

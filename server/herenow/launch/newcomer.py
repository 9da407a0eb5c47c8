"""A first launch as it is asked for, and the installation that it makes: what it said of consent, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.profiles.consent import effective_consent
from herenow.profiles.installation import Installation

NOT_KEPT: Final = frozenset({"now", "location"})
"""Members of a context that are used for the answer at hand and never stored."""


@dataclass(frozen=True, slots=True)
class FirstLaunch:
    """A validated first launch."""

    installation_id: str
    secret: str
    context: Mapping[str, Any]
    acquisition: Mapping[str, Any]
    consent: Mapping[str, Any]


def newcomer(request: FirstLaunch, secret_hash: str, defaults: Mapping[str, Any], now: int) -> Installation:
    """The installation that a first launch makes; what it does not say of consent is the policy's default."""
    consent = effective_consent(request.consent, defaults)
    return Installation(
        id=request.installation_id,
        created_at=now,
        secret_hash=secret_hash,
        consent=consent,
        context=kept_of(request.context),
        stated_at=dict.fromkeys(consent.keys() & request.consent.keys(), now),
    )


def kept_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context without what is not stored."""
    return {name: value for name, value in context.items() if name not in NOT_KEPT}

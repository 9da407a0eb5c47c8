"""Consent: one status a purpose, ``unknown`` until the person or the app's policy says otherwise.

A purpose that a client does not mention takes the policy's default; what it does mention stands,
``unknown`` included (DESIGN D13).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

Status = Literal["granted", "denied", "unknown"]
STATUSES: Final[tuple[str, ...]] = get_args(Status)
PURPOSES: Final = (
    "analytics",
    "personalization",
    "location",
    "in_app",
    "push",
    "local_notification",
    "email",
    "sms",
)


def effective_consent(stated: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, str]:
    """Every purpose with its status: stated, else the policy's default, else ``unknown``."""
    return {
        purpose: _status(stated.get(purpose)) or _status(defaults.get(purpose)) or "unknown"
        for purpose in PURPOSES
    }


def merge_consent(held: Mapping[str, str], change: Mapping[str, str]) -> dict[str, str]:
    """The consent held, with what the person now says about some purposes."""
    return {**held, **{purpose: status for purpose, status in change.items() if purpose in PURPOSES}}


def _status(value: Any) -> str | None:
    return value if isinstance(value, str) and value in STATUSES else None

"""What a person allows, and what a device does about it, at once and without the server.

A purpose is ``granted``, ``denied`` or ``unknown``. What the person said stands; what they did not mention
takes what the server told, else the app's policy, else ``unknown``. ``unknown`` is not a yes: what was
recorded waits on the device. A withdrawal needs nobody's answer: what depended on it is dropped first
and the server is told after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeGuard

from herenow_sdk.core.attributes import CONSENT_STATUSES
from herenow_sdk.core.reasons import ConsentAction

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
WATCHING: Final = ("analytics", "personalization", "location")
"""The purposes that an opt-out for all apps denies; a channel is denied on its own."""
_PURPOSE_OF: Final = {"geo": "location", "message": None}
"""The purpose a type of beacon needs: every other ``analytics``, the outcome of a message none."""


class Handling(StrEnum):
    """What becomes of a beacon."""

    SEND = "send"
    HOLD = "hold"  # kept on the device until the person decides
    DROP = "drop"


_HANDLING: Final = {"granted": Handling.SEND, "unknown": Handling.HOLD, "denied": Handling.DROP}


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """The consent afterwards, every purpose with its status, and what to do, in order."""

    consent: Mapping[str, str]
    actions: tuple[ConsentAction, ...]


def effective_consent(
    stated: Any, told: Any = None, policy: Any = None, *, opted_out: bool = False
) -> dict[str, str]:
    """Every purpose with its status: what the person stated, else what the server told, else the policy's.

    ``opted_out`` is a wish stated once for all apps (limited ad tracking, Global Privacy Control): for the
    purposes that watch, it stands in the place of server and policy, and a statement to this app before it.
    """
    general = (dict.fromkeys(WATCHING, "denied"),) if opted_out else ()
    found = dict.fromkeys(PURPOSES, "unknown")
    for source in (policy, told, *general, stated):  # who comes later counts more
        if isinstance(source, Mapping):
            for purpose in PURPOSES:
                status = source.get(purpose)
                if _is_status(status):
                    found[purpose] = status
    return found


def change_consent(held: Mapping[str, str], change: Any) -> ConsentChange:
    """What the person now says about some purposes. Anything that is no purpose or no status is left out."""
    before = effective_consent(held)
    said = change if isinstance(change, Mapping) else {}
    after = {
        purpose: said[purpose] if _is_status(said.get(purpose)) else status
        for purpose, status in before.items()
    }
    return ConsentChange(after, tuple(_actions(before, after)))


def handling(kind: Any, consent: Mapping[str, str]) -> Handling:
    """What becomes of a beacon of this type under this consent."""
    purpose = _PURPOSE_OF.get(kind, "analytics") if isinstance(kind, str) else "analytics"
    if purpose is None:
        return Handling.SEND
    status = consent.get(purpose)
    return _HANDLING[status] if _is_status(status) else Handling.HOLD


def sendable_context(context: Mapping[str, Any], consent: Mapping[str, str]) -> dict[str, Any]:
    """The context as it may leave the device: with ``location`` only where location is granted."""
    allowed = consent.get("location") == "granted"
    return {name: value for name, value in context.items() if allowed or name != "location"}


def may_send_acquisition(consent: Mapping[str, str]) -> bool:
    """Whether how the installation came may be told: unless personalization is denied."""
    return consent.get("personalization") != "denied"


def _actions(before: Mapping[str, str], after: Mapping[str, str]) -> list[ConsentAction]:
    if before == after:
        return []
    actions = []
    if before["personalization"] == "granted" != after["personalization"] or _denies(
        "personalization", before, after
    ):
        actions.append(ConsentAction.FORGET_SEARCH)
    if _denies("analytics", before, after):
        actions.append(ConsentAction.PURGE_BEHAVIOR)
    if _denies("location", before, after):
        actions.append(ConsentAction.FORGET_PLACES)
    return [*actions, ConsentAction.SEND_CONSENT, ConsentAction.FETCH_CONFIG]


def _denies(purpose: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return before[purpose] != "denied" == after[purpose]


def _is_status(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value in CONSENT_STATUSES

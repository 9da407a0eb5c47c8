"""How an installation's acquisition grows: at launch, late, or once Apple knows.

Every touch is recorded in order; the one in force is the most confident, the earliest among equals,
so a late one upgrades intent and order and never downgrades them. Without consent to personalization
a search shapes at most the answer at hand (status ``unknown``) or nothing (``denied``), and its text
is not kept (DESIGN D13).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.acquisition.adservices import (
    PendingToken,
    Waiting,
    accept_token,
    acquisition_from_outcome,
)
from herenow.acquisition.adservices_desk import AdServicesDesk
from herenow.acquisition.ladder import Rung
from herenow.acquisition.model import NO_ACQUISITION, Acquisition
from herenow.acquisition.resolve import strongest_touch, touches
from herenow.intent.model import Intent
from herenow.intent.parser import parse
from herenow.launch.here import device_place
from herenow.launch.serving import ServingSet, locale_chain
from herenow.profiles.installation import Installation, with_touch

ACTIVATE_WITHIN_S: Final = 20
"""For so long after the first launch a better first screen may still replace the one on display."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one request told about the acquisition: its touches, and a token still to be resolved."""

    touches: tuple[Acquisition, ...]
    pending: PendingToken | None


def arrival_of(raw: Mapping[str, Any], serving: ServingSet, now: int) -> Arrival:
    """Read the ``acquisition`` of a request; whatever is in it, this does not fail."""
    token = accept_token(raw.get("apple_adservices_token"), now)
    return Arrival(touches(raw, apple_ads_of(serving)), token)


def arrival_from_apple(desk: AdServicesDesk, pending: PendingToken, serving: ServingSet, now: int) -> Arrival:
    """Ask Apple once, if an attempt is due."""
    outcome = desk.ask(pending, now)
    told = acquisition_from_outcome(outcome, apple_ads_of(serving), now)
    return Arrival((told,), outcome.pending if isinstance(outcome, Waiting) else None)


def apple_ads_of(serving: ServingSet) -> Mapping[str, object]:
    """The app's table from Apple Ads ids to search text."""
    table = serving.documents.get("intents.json", {}).get("apple_ads", {})
    return table if isinstance(table, Mapping) else {}


def grown(
    installation: Installation, arrival: Arrival, serving: ServingSet, context: Mapping[str, Any]
) -> Installation:
    """``installation`` with what arrived: touches recorded, the better acquisition in force.

    ``context`` is the device's at the moment; its place and language help to read a search.
    """
    held = _settled(installation.acquisition)
    best = _in_force(held, arrival.touches)
    if not installation.personalizes:
        best = best.withheld()
    return replace(
        installation,
        acquisition=best,
        intent=(
            installation.intent if best == held else intent_of(best, serving, context, installation.consent)
        ),
        touches=_recorded(installation, arrival),
        pending=arrival.pending if installation.personalizes else None,
    )


def intent_of(
    acquisition: Acquisition, serving: ServingSet, context: Mapping[str, Any], consent: Mapping[str, str]
) -> Intent | None:
    """What the acquisition's text means to this app, tempered by how sure its source is."""
    if acquisition.status != "resolved" or not acquisition.text:
        return None
    intent = parse(
        acquisition.text,
        serving.reader,
        near=device_place(serving, context, consent),
        country=context.get("country"),
        locales=locale_chain(context, serving),
    )
    return replace(intent, confidence=round(intent.confidence * acquisition.confidence, 3))


def activation_of(installation: Installation, now: int) -> str:
    """Whether a late answer may replace the first screen now or should wait for the next start."""
    return "now" if now - installation.created_at <= ACTIVATE_WITHIN_S else "next_start"


def _settled(held: Acquisition | None) -> Acquisition:
    """What was in force before; a token that was being waited for is in the arrival or has ended."""
    return NO_ACQUISITION if held is None or held.status == "pending" else held


def _in_force(held: Acquisition, arrived: tuple[Acquisition, ...]) -> Acquisition:
    """The better of what is held and what arrived.

    A search that was told before anybody had consented is held without its text and can shape nothing.
    So it ranks as if it had none: told again it shapes the answer again, and is kept once it may be.
    """
    if held.text is not None:
        return strongest_touch((held, *arrived))
    left = replace(held, rung=Rung.NONE, poll_after_ms=None)
    best = strongest_touch((left, *arrived))
    return replace(best, rung=held.rung) if replace(best, poll_after_ms=None) == left else best


def _recorded(installation: Installation, arrival: Arrival) -> tuple[Mapping[str, Any], ...]:
    kept = installation.touches
    for touch in arrival.touches:
        if touch.status != "pending":
            told = touch.as_touch(keep_text=installation.keeps_searches)
            kept = with_touch(kept, told, in_place_of=touch.touch_id)
    return kept

"""From what the app sent to touches, and to the one that shapes the answer.

``acquisition`` in a request may hold several inputs at once; each gives one touch:

    play_install_referrer   {"install_referrer": "utm_source=…", "…_timestamp_seconds": …}
    deep_link               "bites://search?q=…"
    utm                     {"source": …, "medium": …, "campaign": …, "term": …}
    query                   "burger joints in kandivali west"
    vendor                  {"name": "branch", "payload": {…}}
    apple_adservices        Apple's attribution object, when the app asked Apple itself
    apple_adservices_token  a token for the server to ask with; pending until it has (``adservices``)

The most confident touch wins, the first in this order among equals. Inputs of a wrong type are
as good as absent: an acquisition never makes a launch fail, and nothing here raises or logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from herenow.acquisition.adservices import RETRY_AFTER_S, accept_token
from herenow.acquisition.apple_ads import KIND as APPLE_KIND
from herenow.acquisition.apple_ads import acquisition_from_record, read_record
from herenow.acquisition.deeplink import parse_deep_link
from herenow.acquisition.ladder import CONFIDENCE, Evidence, Rung, evidence_of
from herenow.acquisition.model import NO_ACQUISITION, Acquisition
from herenow.acquisition.referrer import PlayReferrer, read_play_referrer
from herenow.acquisition.utm import CampaignParameters, parameters_from_mapping
from herenow.acquisition.vendors import read_vendor
from herenow.text import clean_text


def resolve(raw: object, apple_ads: Mapping[str, object]) -> Acquisition:
    """The acquisition to answer for: the most confident of ``touches``, or ``none``."""
    return strongest_touch(touches(raw, apple_ads))


def strongest_touch(candidates: tuple[Acquisition, ...]) -> Acquisition:
    """The most confident touch; it asks to be polled while a pending one could still outrank it."""
    best = NO_ACQUISITION
    for candidate in candidates:
        if best is NO_ACQUISITION or candidate.outranks(best):
            best = candidate
    pending = next((touch for touch in candidates if touch.status == "pending"), None)
    if pending is None or best.confidence >= CONFIDENCE[Rung.MAPPED_ID]:
        return best
    return pending if best.status == "none" else replace(best, poll_after_ms=pending.poll_after_ms)


def touches(raw: object, apple_ads: Mapping[str, object]) -> tuple[Acquisition, ...]:
    """One acquisition for each input that says anything, in the order of this module's table."""
    if not isinstance(raw, Mapping):
        return ()
    found = (
        _from_play_referrer(raw.get("play_install_referrer")),
        _from_deep_link(raw.get("deep_link")),
        _from_utm(raw.get("utm")),
        _from_query(raw.get("query")),
        _from_vendor(raw.get("vendor")),
        _from_apple_record(raw.get("apple_adservices"), apple_ads),
        _from_apple_token(raw.get("apple_adservices_token")),
    )
    return tuple(touch for touch in found if touch is not None)


def _from_play_referrer(raw: object) -> Acquisition | None:
    if not isinstance(raw, Mapping):
        return None
    referrer = read_play_referrer(raw)
    touch = _touch("play_install_referrer", referrer.parameters, evidence_of(referrer.parameters))
    return replace(
        touch,
        click_at=referrer.clocks.click_at,
        install_at=referrer.clocks.install_at,
        clock_skew_s=referrer.clocks.skew_s,
        flags=_flags(referrer),
    )


def _flags(referrer: PlayReferrer) -> tuple[str, ...]:
    flags = {
        "click_after_install": referrer.clocks.click_after_install,
        "over_long": referrer.over_long,
    }
    return tuple(name for name, raised in flags.items() if raised)


def _from_deep_link(raw: object) -> Acquisition | None:
    link = parse_deep_link(raw) if isinstance(raw, str) else None
    return _touch("deep_link", link.parameters, link.evidence) if link else None


def _from_utm(raw: object) -> Acquisition | None:
    if not isinstance(raw, Mapping):
        return None
    parameters = parameters_from_mapping(raw)
    return None if parameters.is_empty else _touch("utm", parameters, evidence_of(parameters))


def _from_query(raw: object) -> Acquisition | None:
    query = clean_text(raw)
    if not query:
        return None
    return Acquisition("resolved", "query", text=query, rung=Rung.EXPLICIT_QUERY)


def _from_vendor(raw: object) -> Acquisition | None:
    touch = read_vendor(raw) if isinstance(raw, Mapping) else None
    if touch is None:
        return None
    return replace(_touch(touch.vendor, touch.parameters, touch.evidence), ids=touch.ids)


def _from_apple_record(raw: object, apple_ads: Mapping[str, object]) -> Acquisition | None:
    return acquisition_from_record(read_record(raw), apple_ads) if isinstance(raw, Mapping) else None


def _from_apple_token(raw: object) -> Acquisition | None:
    if accept_token(raw, now=0) is None:
        return None
    return Acquisition("pending", APPLE_KIND, poll_after_ms=RETRY_AFTER_S * 1000)


def _touch(kind: str, parameters: CampaignParameters, evidence: Evidence) -> Acquisition:
    known = evidence.text is not None or not (parameters.is_empty or parameters.is_store_organic)
    return Acquisition(
        "resolved" if known else "none",
        kind,
        source=parameters.source,
        medium=parameters.medium,
        campaign=parameters.campaign,
        text=evidence.text,
        rung=evidence.rung,
    )

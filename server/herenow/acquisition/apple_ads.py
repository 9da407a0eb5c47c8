"""Apple Ads attribution: ids, never words, and the app's own table that turns them into words.

Apple's answer names a keyword, an ad group, an ad and a campaign by integer; with Search Match the
keyword is absent. ``intents.json`` maps ids to the text they stand for, and the most specific id
that is mapped wins: keyword, then ad group, then ad, then campaign.

Fields: AdServices ``attribution`` payload (developer.apple.com/documentation/adservices).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from herenow.acquisition.ladder import NO_EVIDENCE, Evidence, Rung
from herenow.acquisition.model import Acquisition
from herenow.text import clean_text

KIND = "apple_adservices"

_ID_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "orgId": "org",
        "campaignId": "campaign",
        "adGroupId": "ad_group",
        "keywordId": "keyword",
        "adId": "ad",
    }
)
_MOST_SPECIFIC_FIRST = ("keyword", "ad_group", "ad", "campaign")
_ID = re.compile(r"[0-9]{1,20}")
_LAST_SECOND = 10_000_000_000


@dataclass(frozen=True, slots=True)
class AppleAdsRecord:
    """One attribution: ids by level (``keyword``, ``ad_group``, ``ad``, ``campaign``, ``org``)."""

    attributed: bool
    ids: Mapping[str, str]
    click_at: int | None = None


def read_record(raw: Mapping[object, object]) -> AppleAdsRecord:
    """Apple's JSON object; members of a wrong type are taken as absent."""
    ids = {level: text for name, level in _ID_FIELDS.items() if (text := _id(raw.get(name)))}
    clicked = raw.get("clickDate") or raw.get("impressionDate")
    return AppleAdsRecord(raw.get("attribution") is True, ids, _epoch(clicked))


def mapped_evidence(ids: Mapping[str, str], apple_ads: Mapping[str, object]) -> Evidence:
    """The text that ``intents.json`` → ``apple_ads`` gives the most specific id it knows."""
    for level in _MOST_SPECIFIC_FIRST:
        table = apple_ads.get(level)
        if isinstance(table, Mapping) and level in ids and (text := clean_text(table.get(ids[level]))):
            return Evidence(text, Rung.MAPPED_ID)
    return NO_EVIDENCE


def acquisition_from_record(record: AppleAdsRecord, apple_ads: Mapping[str, object]) -> Acquisition:
    """A tap on a search ad with its mapped text, or ``none`` when Apple attributes nothing."""
    if not record.attributed:
        return Acquisition("none", KIND)
    evidence = mapped_evidence(record.ids, apple_ads)
    return Acquisition(
        "resolved",
        KIND,
        source="apple-ads",
        medium="cpc",
        text=evidence.text,
        rung=evidence.rung,
        ids=record.ids,
        click_at=record.click_at,
    )


def _id(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    if isinstance(value, int):
        return str(value) if 0 <= value < 10**20 else None
    return value if _ID.fullmatch(value) else None


def _epoch(value: object) -> int | None:
    # "2024-10-08T17:17Z": to the minute, UTC.
    try:
        second = int(datetime.fromisoformat(clean_text(value, 40)).timestamp())
    except (ValueError, OverflowError):
        return None
    return second if 0 < second <= _LAST_SECOND else None

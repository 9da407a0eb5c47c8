"""The confidence ladder: how far a piece of text can be taken for what the person searched.

    explicit query 1.0 > keyword text 0.8 = mapped Apple id 0.8 > campaign name 0.4 > none 0

An *explicit query* is what the person typed, carried by our own link: ``q`` and its synonyms, or
``utm_term`` on a link whose medium says that it comes from a search of our own. A *keyword* is what
an advertiser bid on (``utm_term`` of a paid click): it is what somebody like this person searches.
A campaign's or ad set's name usually encodes a theme, and the words of a deep link's path a page;
both are weak. Rungs follow reference measurements of what each channel can carry; they temper the
order of content and are told to whoever asks why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from herenow.acquisition.utm import CampaignParameters
from herenow.text import clean_text


class Rung(StrEnum):
    """Where the text of an acquisition came from, best first."""

    EXPLICIT_QUERY = "explicit_query"
    KEYWORD = "keyword"
    MAPPED_ID = "mapped_id"
    CAMPAIGN_NAME = "campaign_name"
    NONE = "none"


CONFIDENCE: Mapping[Rung, float] = MappingProxyType(
    {
        Rung.EXPLICIT_QUERY: 1.0,
        Rung.KEYWORD: 0.8,
        Rung.MAPPED_ID: 0.8,
        Rung.CAMPAIGN_NAME: 0.4,
        Rung.NONE: 0.0,
    }
)

OWN_SEARCH_MEDIUMS = frozenset({"search", "site_search", "landing", "qr", "web", "organic"})
"""Mediums of links that nobody bought: their ``utm_term`` is the query itself."""

_SEPARATORS = re.compile(r"[\s_\-./|:,;+~()\[\]{}]+")
_OPAQUE = re.compile(r"(?=.*\d)[0-9a-f]{6,}|\d+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text with the rung it stands on; ``NO_EVIDENCE`` holds none."""

    text: str | None
    rung: Rung

    @property
    def confidence(self) -> float:
        """From 0 to 1, by rung."""
        return CONFIDENCE[self.rung]


NO_EVIDENCE = Evidence(None, Rung.NONE)


def evidence_of(parameters: CampaignParameters) -> Evidence:
    """The best text that campaign parameters carry."""
    if parameters.query:
        return Evidence(parameters.query, Rung.EXPLICIT_QUERY)
    if parameters.term and parameters.medium in OWN_SEARCH_MEDIUMS:
        return Evidence(parameters.term, Rung.EXPLICIT_QUERY)
    if keyword := parameters.term or parameters.keyword:
        return Evidence(keyword, Rung.KEYWORD)
    return weak_evidence(parameters.campaign)


def weak_evidence(*names: str | None) -> Evidence:
    """The first of the names (a campaign, an ad set, a page) that still has words in it."""
    for name in names:
        if words := words_of(name):
            return Evidence(words, Rung.CAMPAIGN_NAME)
    return NO_EVIDENCE


def words_of(name: str | None) -> str:
    """``"2026-11_burgers-andheri (8831)"`` → ``"burgers andheri"``: separators, numbers and hashes go."""
    parts = _SEPARATORS.split(clean_text(name))
    return " ".join(part for part in parts if part and not _OPAQUE.fullmatch(part.lower()))


def strongest(candidates: tuple[Evidence, ...]) -> Evidence:
    """The most confident; the first of equals."""
    return max(candidates, key=lambda evidence: evidence.confidence, default=NO_EVIDENCE)

"""Payloads of deferred-deep-link vendors, read through one small table each.

A vendor's SDK runs in the app and hands it a flat object; the app passes it on as
``{"name": "branch", "payload": {…}}``. The table says under which of the vendor's keys each thing
we know stands; first hit wins. The link's custom keys (``q``, ``utm_term``, …) come through all
three vendors and are read as the campaign parameters they are. Anything nested is ignored.

Adding a vendor is adding a row. Keys: Branch and Adjust SDK references, AppsFlyer conversion data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from herenow.acquisition.deeplink import parse_deep_link
from herenow.acquisition.ladder import Evidence, evidence_of, strongest, weak_evidence
from herenow.acquisition.utm import CampaignParameters, decode, parameters_from_mapping
from herenow.text import clean_text


@dataclass(frozen=True, slots=True)
class VendorKeys:
    """Under which keys a vendor's payload holds what; tuples in order of preference."""

    source: tuple[str, ...]
    medium: tuple[str, ...]
    campaign: tuple[str, ...]
    keyword: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    weak_texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


VENDORS: Mapping[str, VendorKeys] = MappingProxyType(
    {
        "branch": VendorKeys(
            source=("~channel", "~advertising_partner_name"),
            medium=("~feature",),
            campaign=("~campaign",),
            keyword=("~keyword",),
            links=("$canonical_url", "$deeplink_path"),
            weak_texts=("$deeplink_path", "$canonical_identifier", "~ad_set_name", "~ad_name", "$og_title"),
            ids=("~campaign_id", "~ad_set_id", "~ad_id"),
        ),
        "appsflyer": VendorKeys(
            source=("media_source",),
            medium=("af_channel",),
            campaign=("campaign",),
            keyword=("af_keywords",),
            links=("af_dp", "deep_link_value"),
            weak_texts=("deep_link_value", "af_adset", "af_ad", "deep_link_sub1"),
            ids=("campaign_id", "af_adset_id", "af_ad_id"),
        ),
        "adjust": VendorKeys(
            source=("network", "trackerName"),
            medium=("clickLabel",),
            campaign=("campaign",),
            links=("deeplink", "deepLink"),
            weak_texts=("adgroup", "creative"),
            ids=("trackerToken",),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class VendorTouch:
    """What a vendor's payload said."""

    vendor: str
    parameters: CampaignParameters
    evidence: Evidence
    ids: Mapping[str, str]


def read_vendor(raw: Mapping[object, object]) -> VendorTouch | None:
    """``None`` for a vendor without a table or a payload that is no object."""
    name, payload = clean_text(raw.get("name")).lower(), raw.get("payload")
    keys = VENDORS.get(name)
    if keys is None or not isinstance(payload, Mapping):
        return None
    parameters = _parameters(keys, payload)
    ids = {key.lstrip("~"): text for key in keys.ids if (text := _text(payload, (key,)))}
    return VendorTouch(name, parameters, _evidence(keys, payload, parameters), ids)


def _parameters(keys: VendorKeys, payload: Mapping[object, object]) -> CampaignParameters:
    custom = parameters_from_mapping(payload)
    source, medium = _text(payload, keys.source), _text(payload, keys.medium)
    return replace(
        custom,
        source=source.lower() if source else custom.source,
        medium=medium.lower() if medium else custom.medium,
        campaign=_text(payload, keys.campaign) or custom.campaign,
        keyword=_text(payload, keys.keyword) or custom.keyword,
    )


def _evidence(keys: VendorKeys, payload: Mapping[object, object], parameters: CampaignParameters) -> Evidence:
    links = (parse_deep_link(link) for key in keys.links if isinstance(link := payload.get(key), str))
    texts = (text for key in keys.weak_texts if (text := _text(payload, (key,))))
    found = [evidence_of(parameters), *(link.evidence for link in links if link), weak_evidence(*texts)]
    return strongest(tuple(found))


def _text(payload: Mapping[object, object], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = payload.get(key)
        if isinstance(value, str) and (text := decode(value[:2048])):
            return text
    return None

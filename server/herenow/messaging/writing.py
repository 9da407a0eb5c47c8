"""A campaign in words: its template in the person's language, filled with item, place, offer and person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from herenow.launch.serving import locale_chain
from herenow.messaging.seams import Occasion, Unwritten, Written
from herenow_sdk.core.templates import render

_TEXTS: Final = ("title", "body", "link", "image")
_PLAIN: Final = ("category", "sound")
UNKNOWN_NAME: Final = "NAME_WITHOUT_VALUE"
NO_TEMPLATE: Final = "NO_TEMPLATE"


class TemplateWriter:
    """Writes what the campaign's template says. A name without a value leaves nothing half said."""

    def write(self, occasion: Occasion) -> Written | Unwritten:
        """The message; a link or an image that cannot be filled is left out alone."""
        campaigns: Mapping[str, Any] = occasion.serving.documents.get("campaigns.json", {})
        campaign = campaigns.get(occasion.campaign, {})
        locales = locale_chain(occasion.installation.context, occasion.serving)
        template = in_locale(campaign.get("template", {}), locales)
        if template is None:
            return Unwritten(NO_TEMPLATE)
        names = _names(occasion, locales)
        texts = {each: render(template[each], names) for each in _TEXTS if each in template}
        if texts.get("title") is None or ("body" in texts and texts["body"] is None):
            return Unwritten(UNKNOWN_NAME)
        content: dict[str, Any] = {name: text for name, text in texts.items() if text is not None}
        content |= {name: template[name] for name in _PLAIN if name in template}
        content |= {"actions": _actions(campaign, locales)} if campaign.get("actions") else {}
        content |= {name: campaign[name] for name in ("extra", "collapse") if name in campaign}
        return Written(content | ({"code": occasion.code} if occasion.code else {}))


def in_locale(variants: Mapping[str, Any], locales: Sequence[str]) -> Any:
    """The variant in the first of the locales there is one for, else the first variant, else ``None``."""
    return next((variants[each] for each in locales if each in variants), next(iter(variants.values()), None))


def _names(occasion: Occasion, locales: Sequence[str]) -> dict[str, Any]:
    offers: Mapping[str, Any] = occasion.serving.documents.get("offers.json", {})
    offer = offers.get(occasion.offer or "")
    told = (
        None if offer is None else {**offer, "text": in_locale(offer["text"], locales), "code": occasion.code}
    )
    return {
        **occasion.attributes,
        "item": _item(occasion, occasion.item, locales),
        "place": _item(occasion, occasion.place, locales),
        "offer": told,
    }


def _item(occasion: Occasion, name: str | None, locales: Sequence[str]) -> dict[str, Any] | None:
    """The fields of an item; of a fence the item of its id, else what the fence itself says."""
    if name is None:
        return None
    catalog = occasion.serving.catalog
    index = catalog.index_of(name)
    if index is not None:
        return {"id": name, **catalog.fields_at(index, locales)}
    fences: Mapping[str, Any] = occasion.serving.documents.get("fences.geojson", {})
    features = fences.get("features", ())
    named = (each for each in features if each.get("id", each.get("properties", {}).get("id")) == name)
    found: Mapping[str, Any] = next(named, {})
    return {"id": name, **found.get("properties", {})}


def _actions(campaign: Mapping[str, Any], locales: Sequence[str]) -> list[dict[str, Any]]:
    return [{**each, "title": in_locale(each["title"], locales)} for each in campaign["actions"]]

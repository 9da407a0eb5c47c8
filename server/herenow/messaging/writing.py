"""A campaign in words: its template in the person's language, filled with item, place, offer and person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from herenow.launch.local_time import named_zone
from herenow.launch.serving import locale_chain
from herenow.messaging.seams import Occasion, Unwritten, Written
from herenow.templates import TemplateFailed, rendered
from herenow.templates.compiled import TEMPLATE_FAILED
from herenow_sdk.core.messages.links import is_link
from herenow_sdk.core.messages.wording import on_channel

_TEXTS: Final = ("title", "body")
_OPTIONAL: Final = ("link", "image")
_PLAIN: Final = ("category", "sound")
_OFFERED: Final = ("text", "gift", "terms")
NO_TEMPLATE: Final = "NO_TEMPLATE"

_log = structlog.get_logger(__name__)


class TemplateWriter:
    """Writes what the campaign's template says, whole or not at all."""

    def write(self, occasion: Occasion) -> Written | Unwritten:
        """The message; a link or an image that cannot be filled or followed is left out alone."""
        campaigns: Mapping[str, Any] = occasion.serving.documents.get("campaigns.json", {})
        campaign = campaigns.get(occasion.campaign, {})
        locales = locale_chain(occasion.installation.context, occasion.serving)
        template = in_locale(campaign.get("template", {}), locales)
        if template is None:
            return Unwritten(NO_TEMPLATE)
        try:
            said = on_channel(template, occasion.channel)
            content = content_of(campaign, said, values_of(occasion, campaign, locales), locales)
        except TemplateFailed as failure:
            _log.info("message not written", campaign=occasion.campaign, reason=failure.reason)
            return Unwritten(TEMPLATE_FAILED)
        return Written(content | ({"code": occasion.code} if occasion.code else {}))


def content_of(
    campaign: Mapping[str, Any],
    template: Mapping[str, Any],
    values: Mapping[str, Any],
    locales: Sequence[str],
) -> dict[str, Any]:
    """A message's content, as previews show it too. Raises ``TemplateFailed``."""
    content: dict[str, Any] = {each: rendered(template[each], values) for each in _TEXTS if each in template}
    content |= {each: text for each in _OPTIONAL if (text := _perhaps(template.get(each), values))}
    content |= {name: template[name] for name in _PLAIN if name in template}
    if campaign.get("actions"):
        content["actions"] = [_action(each, values, locales) for each in campaign["actions"]]
    return content | {name: campaign[name] for name in ("extra", "collapse") if name in campaign}


def in_locale(variants: Any, locales: Sequence[str]) -> Any:
    """The variant in the first of the locales there is one for, else the first variant, else ``None``.

    A text that is the same in all languages is itself.
    """
    if not isinstance(variants, Mapping):
        return variants
    return next((variants[each] for each in locales if each in variants), next(iter(variants.values()), None))


def values_of(occasion: Occasion, campaign: Mapping[str, Any], locales: Sequence[str]) -> dict[str, Any]:
    """Everything that a text may name (see ``docs/templates.md``)."""
    documents, told = occasion.serving.documents, occasion.attributes
    app: Mapping[str, Any] = documents.get("app.json", {})
    person = told.get("person")
    return {
        **told,
        "person": {**told, **(person if isinstance(person, Mapping) else {})},
        "app": {"id": app.get("app"), "name": app.get("name"), "currency": app.get("currency")},
        "extra": campaign.get("extra", {}),
        "item": _item(occasion, occasion.item, locales),
        "place": _item(occasion, occasion.place, locales),
        "event": occasion.event or {},
        "offer": _offer(occasion, documents.get("offers.json", {}), app, locales),
    }


def _offer(
    occasion: Occasion, offers: Mapping[str, Any], app: Mapping[str, Any], locales: Sequence[str]
) -> dict[str, Any] | None:
    """The offer of the message, its texts in the person's language and its end by the person's clock."""
    offer = offers.get(occasion.offer or "")
    if offer is None:
        return None
    texts = {name: in_locale(offer[name], locales) for name in _OFFERED if name in offer}
    named = named_zone(occasion.attributes.get("time_zone")) or ZoneInfo(app.get("time_zone", "UTC"))
    until = occasion.offer_until
    local = None if until is None else datetime.fromtimestamp(until, named).strftime("%Y-%m-%d %H:%M")
    currency = offer.get("currency", app.get("currency"))
    return {**offer, **texts, "currency": currency, "code": occasion.code, "valid_until": local}


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


def _action(action: Mapping[str, Any], values: Mapping[str, Any], locales: Sequence[str]) -> dict[str, Any]:
    """A button; a link that cannot be filled or followed is left out."""
    link = _perhaps(action.get("link"), values)
    told = {"id": action["id"], "title": rendered(in_locale(action["title"], locales), values)}
    return told if link is None else {**told, "link": link}


def _perhaps(source: str | None, values: Mapping[str, Any]) -> str | None:
    """A link, once filled; only then is its scheme known."""
    if source is None:
        return None
    with suppress(TemplateFailed):
        text = rendered(source, values)
        return text if is_link(text) else None
    return None

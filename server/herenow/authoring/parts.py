"""The parts of a release: what each document becomes on its way to a device.

A part is public and immutable, fetched by digest without a token. So it holds what a device decides
with and nothing else: audiences inlined, dates as instants, zones as offsets, and no descriptions
(notes among colleagues), no discount codes or budgets, no approval rules. What only the server reads (the app
itself, intents, personas) has no part; the release keeps it as source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from herenow.authoring.audiences import Audiences
from herenow.authoring.event_names import named_of_event
from herenow.authoring.zones import contract_zone
from herenow.canonical import canonical_json, digest

Documents = Mapping[str, Any]
"""Validated documents by file name (``features.json``), each the parsed JSON."""

_NOTES: Final = frozenset({"$schema", "$comment", "description"})
_DATE_CHARS: Final = len("YYYY-MM-DD")


@dataclass(frozen=True, slots=True)
class Part:
    """One compiled part, made from the document ``source``.

    ``capability`` tells a device whether it understands the part; ``body`` is what the part's
    ``content`` (canonical JSON) holds under its name.
    """

    name: str
    capability: str
    source: str
    body: Mapping[str, Any]
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest that the manifest names."""
        return digest(self.content)


@dataclass(frozen=True, slots=True)
class _Context:
    audiences: Audiences
    zone: ZoneInfo
    locales: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Recipe:
    name: str
    capability: str
    source: str
    compile: Callable[[Mapping[str, Any], _Context], Mapping[str, Any]]
    always: bool = False
    """Made even without its document, so that a device never asks whether it exists."""


def compile_parts(documents: Documents) -> tuple[Part, ...]:
    """Every part of a valid set of documents, in the order of the manifest."""
    context = _Context(
        audiences=Audiences(without_schema(documents.get("audiences.json", {}))),
        zone=ZoneInfo(documents.get("app.json", {}).get("time_zone", "UTC")),
        locales=tuple(documents.get("app.json", {}).get("locales", ("en",))),
    )
    return tuple(
        _part(recipe, documents.get(recipe.source, {}), context)
        for recipe in _RECIPES
        if recipe.always or recipe.source in documents
    )


def decoded(parts: Iterable[Part]) -> dict[str, Any]:
    """Parts by name as a device decodes them: what ``parse_bundle`` of the core reads."""
    return {part.name: {part.name: part.body} for part in parts}


def without_schema(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without the line that only editors read."""
    return {key: value for key, value in document.items() if key != "$schema"}


def start_of_day(text: str, zone: ZoneInfo) -> int:
    """Epoch seconds at which a local date begins, or of an instant written out (see ``end_of_day``)."""
    instant = datetime.fromisoformat(text)
    return int((instant if instant.tzinfo else instant.replace(tzinfo=zone)).timestamp())


def end_of_day(text: str, zone: ZoneInfo) -> int:
    """Epoch seconds at which a local date is over (exclusive), or of an instant written out in full.

    An instant without an offset is local time in ``zone``.
    """
    if len(text) == _DATE_CHARS:
        next_day = date.fromisoformat(text) + timedelta(days=1)
        return int(datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone).timestamp())
    instant = datetime.fromisoformat(text)
    return int((instant if instant.tzinfo else instant.replace(tzinfo=zone)).timestamp())


def _part(recipe: _Recipe, document: Mapping[str, Any], context: _Context) -> Part:
    body = recipe.compile(without_schema(document), context)
    content = canonical_json({recipe.name: body})
    return Part(recipe.name, recipe.capability, recipe.source, body, content)


def _each(
    compile_record: Callable[[Mapping[str, Any], _Context], dict[str, Any]],
) -> Callable[[Mapping[str, Any], _Context], dict[str, Any]]:
    """The compiler of a document that holds independent records by name."""

    def compile_document(document: Mapping[str, Any], context: _Context) -> dict[str, Any]:
        return {name: compile_record(record, context) for name, record in document.items()}

    return compile_document


def _feature(feature: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """GrowthBook's shape: ``defaultValue`` and rules whose audience is part of their condition."""
    compiled = _plain(feature, "default", "rules")
    compiled["defaultValue"] = feature["default"]
    compiled["rules"] = [_rule(rule, context) for rule in feature.get("rules", ())]
    return compiled


def _rule(rule: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    compiled = _plain(rule, "audience", "condition")
    condition = context.audiences.narrow(rule.get("condition"), rule.get("audience"))
    return compiled if condition is None else compiled | {"condition": condition}


def _placement(placement: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    compiled = _plain(placement)
    if "pins" in placement:
        compiled["pins"] = [_pin(pin, context) for pin in placement["pins"]]
    if "boosts" in placement:
        compiled["boosts"] = [_targeted(boost, context) for boost in placement["boosts"]]
    return compiled


def _pin(pin: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """A pin's audience and condition, both over the person, become one condition."""
    compiled = _plain(pin, "audience", "condition", "until")
    condition = context.audiences.narrow(pin.get("condition"), pin.get("audience"))
    if condition is not None:
        compiled["condition"] = condition
    if pin.get("until") is not None:
        compiled["until"] = end_of_day(pin["until"], context.zone)
    return compiled


def _targeted(record: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """A record whose named audience becomes that audience's condition, in the same place."""
    compiled = _plain(record)
    if record.get("audience") is not None:
        compiled["audience"] = context.audiences.condition(record["audience"])
    return compiled


def _campaign(campaign: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """A campaign with its audience's condition, instants for dates, and what it keeps of its event."""
    compiled = _targeted(campaign, context)
    if keeps := named_of_event(campaign):
        compiled["keeps"] = list(keeps)
    if "schedule" in campaign:
        compiled["schedule"] = _schedule(campaign["schedule"], context)
    return compiled


def _schedule(schedule: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    compiled = _plain(schedule)
    for name, instant in (("at", start_of_day), ("start", start_of_day), ("end", end_of_day)):
        if schedule.get(name) is not None:
            compiled[name] = instant(schedule[name], context.zone)
    if schedule.get("zone") not in {None, "user"}:
        named = schedule["zone"]
        compiled["zone"] = contract_zone(context.zone if named == "app" else ZoneInfo(named))
    return compiled


def _offer(offer: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """The inducement as it is shown; codes are handed out and budgets counted by the server.

    ``reserved`` tells a device that it cannot promise the offer by itself.
    """
    compiled = {
        key: value for key, value in _targeted(offer, context).items() if key not in {"code", "budget"}
    }
    if "budget" in offer or "pool" in offer.get("code", {}):
        compiled["reserved"] = True
    if offer.get("valid_until") is not None:
        compiled["valid_until"] = end_of_day(offer["valid_until"], context.zone)
    return compiled


def _fences(collection: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """GeoJSON as it was drawn, with the zone of each fence's hours beside them."""
    compiled = dict(collection)
    compiled["features"] = [_fence(each, context) for each in collection.get("features", ())]
    return compiled


def _fence(feature: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    properties = feature.get("properties", {})
    if properties.keys().isdisjoint({"opening_hours", "closed_on"}):
        return dict(feature)
    named = properties.get("time_zone")
    zone = contract_zone(ZoneInfo(named) if named else context.zone)
    return {**feature, "properties": {**properties, "zone": zone}}


def _policy(policy: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """Caps, quiet hours, control group, consent, the app's zone and locales; approvals are no device's."""
    own = {"zone": contract_zone(context.zone), "locales": list(context.locales)}
    return _plain(policy, "approvals") | own


def _plain(record: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    """The members that travel: no notes, and nothing of ``left_out``."""
    return {key: value for key, value in record.items() if key not in _NOTES and key not in left_out}


_RECIPES: Final = (
    _Recipe("features", "features", "features.json", _each(_feature), always=True),
    _Recipe("placements", "placements", "placements.json", _each(_placement), always=True),
    _Recipe("campaigns", "messages", "campaigns.json", _each(_campaign)),
    _Recipe("offers", "messages", "offers.json", _each(_offer)),
    _Recipe("fences", "geofence", "fences.geojson", _fences),
    _Recipe("policy", "messages", "policy.json", _policy),
)

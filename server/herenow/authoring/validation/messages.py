"""The texts of messages: Liquid that compiles, names that exist, what a phone can say alone, what fits.

Every name of a message is known: what the app sends of a person by itself stands below ``person``. So any
other name is a misspelling, and an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path, shorten, unknown
from herenow.authoring.event_names import ROOT
from herenow.authoring.validation import event_texts
from herenow.authoring.validation.attributes import Attribute, Attributes, person_attributes
from herenow.authoring.validation.conditions import unknown_attribute
from herenow.authoring.validation.findings import Problem, nearest, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.language import unpaired
from herenow.authoring.validation.select import records, select, strings_within
from herenow.authoring.validation.sources import Sources, check_sources
from herenow.templates import WrongTemplate, compiled
from herenow.templates.compiled import Name, filters

_TEXTS: Final = ("template/*/title", "template/*/body", "template/*/link", "template/*/image", "actions")
_PLACE: Final = ("name", "id", "distance_m", "area")
_OFFER: Final = (
    *("text", "code", "amount", "percentage", "points", "gift", "currency", "terms", "valid_until"),
    "form",
)
_APP: Final = ("id", "name", "currency")
MAX_PAYLOAD: Final = 4096
"""Bytes that APNs and FCM take of one notification."""
ENVELOPE: Final = 400
"""Bytes allowed for what is always around a message: ids, names of members, expiry."""
FILLED: Final = 60
"""Bytes that a name is taken to be filled with, where its longest value is not known."""


def check(folder: Folder) -> Iterator[Problem]:
    """Every text of every campaign."""
    if "app" in folder.unreadable:
        return
    names, facets = message_names(folder), folder.names("facet") or ()
    for at, campaign in records(folder.document("campaigns"), "*"):
        alone = "local_notification" in campaign.get("channels", ())
        known = folder.is_whole("campaigns", at, "kind", "trigger", "offers", "extra")
        sources = Sources.of(folder, campaign) if known else None
        for where, text in _texts(at, campaign):
            yield from _text(where, text, names, facets, sources, alone=alone)
            for path in _of_event(text) if known else ():
                yield from event_texts.check_name(folder, where, path, campaign)
        yield from event_texts.check_number(at, campaign)
        yield from _sizes(at, campaign)


def message_names(folder: Folder) -> Attributes:
    """What a message may name: the person's attributes, item, place, offer, app, the campaign's extras."""
    person = person_attributes(folder)
    fields = {"id", *folder.document("app").get("catalog", {}).get("fields", ()), *folder.facets}
    below = {"item": fields, "place": {*_PLACE, *fields}, "offer": _OFFER, "app": _APP}
    known = {f"{root}.{name}": Attribute("anything") for root, names in below.items() for name in names}
    return Attributes({**person.known, **known}, person.reserved | below.keys(), facets=person.facets)


def _texts(at: Path, campaign: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for path in _TEXTS:
        for below, value in select(campaign, path):
            for inside, text in strings_within(value, (*at, *below)):
                if inside[-1] != "id":
                    yield inside, text


def _text(
    at: Path, text: str, names: Attributes, facets: tuple[str, ...], sources: Sources | None, *, alone: bool
) -> Iterator[Problem]:
    if "{" not in text and "}" not in text:
        return
    if open_ones := list(unpaired("campaigns", at, text)):
        yield from open_ones
        return
    try:
        template = compiled(text)
    except WrongTemplate as wrong:
        yield Problem("campaigns", at, _wrong(wrong))
        return
    for name in template.names:
        if not name.path.startswith(ROOT):
            yield from _name(at, name, names, facets)
    yield from check_sources(at, template, sources) if sources else ()
    if alone and not (template.is_plain and "actions" not in at):
        detail = "only the server can say this, so a phone that is offline does not show the notification"
        expected = "{{names}} alone, and buttons without any; or another campaign for the other channels"
        yield warning("campaigns", at, Fault("NOT_ON_DEVICE", detail, expected))


def _of_event(text: str) -> tuple[str, ...]:
    """The names below ``event`` in a text."""
    with suppress(WrongTemplate):
        return tuple(each.path for each in compiled(text).names if each.path.startswith(ROOT))
    return ()


def _wrong(wrong: WrongTemplate) -> Fault:
    detail = f"{shorten(wrong.reason, 120)} (character {wrong.at + 1})"
    if wrong.reason.startswith("there is no filter"):
        given = wrong.reason.split("'")[1]
        return Fault("WRONG_TEMPLATE", detail, "a filter of ours", given, filters())
    return Fault("WRONG_TEMPLATE", detail, "Liquid as docs/templates.md has it")


def _name(at: Path, name: Name, names: Attributes, facets: tuple[str, ...]) -> Iterator[Problem]:
    path = name.path
    if path.startswith("person."):
        yield from _of_person(at, path, names)
        return
    if path.startswith("extra.") or names.find(path) is not None:
        return
    if path.startswith(("item.", "place.")):
        # an import may bring more columns than app.json declares, so this cannot be known to be wrong
        expected = "a column of the catalogue, best declared among catalog.fields of app.json"
        detail = f"'{shorten(path)}' is no declared field of an item"
        yield warning(
            "campaigns", at, Fault("UNKNOWN_ITEM_FIELD", detail, expected, path, names.choices(path))
        )
        return
    if names.is_reserved(path):
        yield from unknown_attribute("campaigns", at, path, names, facets)
        return
    fault = unknown("UNKNOWN_ATTRIBUTE", "attribute", path, names.choices(path))
    expected = f"a name of ours; what the app itself sends stands below person: person.{shorten(path)}"
    yield Problem("campaigns", at, Fault(fault.code, fault.detail, expected, path, fault.choices))


def _of_person(at: Path, path: str, names: Attributes) -> Iterator[Problem]:
    """Below ``person`` the app's own attributes stand: only what looks like a misspelling is doubted."""
    inner = path.removeprefix("person.")
    if names.find(inner) is None and names.find(path) in (None, Attribute("anything")):
        likely = nearest(inner, tuple(each for each in names.known if "." not in each))
        if likely and path not in names.known:
            detail = f"'{shorten(path)}' is not one of our attributes"
            expected = f"person.{likely}, unless the app sends '{shorten(inner)}'"
            yield warning("campaigns", at, Fault("UNKNOWN_ATTRIBUTE", detail, expected))


def _sizes(at: Path, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """What a push comes to: an error when it cannot fit, a warning when something may have to be dropped."""
    if "push" not in campaign.get("channels", ()):
        return
    for where, template in records(campaign, "template/*"):
        least, likely = _bytes(campaign, template)
        if max(least, likely) <= MAX_PAYLOAD:
            continue
        over = "cannot be less than" if least > MAX_PAYLOAD else "may come to"
        detail = f"a push {over} {max(least, likely)} bytes; APNs and FCM take {MAX_PAYLOAD}"
        fault = Fault("PAYLOAD_TOO_LARGE", detail, "else image, buttons and the body's end are dropped")
        found = Problem("campaigns", (*at, *where), fault)
        yield found if least > MAX_PAYLOAD else warning(found.document, found.path, fault)


def _bytes(campaign: Mapping[str, Any], template: Mapping[str, Any]) -> tuple[int, int]:
    """The bytes without what may be dropped (see ``herenow.channels.payloads``), and those of all of it."""
    texts = {name: text for name, text in template.items() if isinstance(text, str)}
    needed = {name: text for name, text in texts.items() if name not in {"image", "body"}}
    extra, actions = campaign.get("extra", {}), campaign.get("actions", ())
    filled = FILLED * sum(map(_names_in, texts.values()))
    least = ENVELOPE + _json_bytes([needed, extra]) - sum(map(_markup, needed.values()))
    likely = ENVELOPE + _json_bytes([texts, extra, actions]) - sum(map(_markup, texts.values())) + filled
    return least, likely


def _json_bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _markup(text: str) -> int:
    """Bytes of a text that are markup, not shown."""
    bare = _literal(text)
    return len(text.encode()) - len(bare.encode())


def _literal(text: str) -> str:
    """A text without what stands in braces."""
    kept, rest = [], text
    while "{" in rest:
        before, _, rest = rest.partition("{")
        kept.append(before)
        _, _, rest = rest.partition("}")
    return "".join([*kept, rest]).replace("}", "")


def _names_in(text: str) -> int:
    with suppress(WrongTemplate):
        return len(compiled(text).names)
    return 0

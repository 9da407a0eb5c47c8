"""The texts of messages: Liquid that compiles, names that exist, what a phone can say alone, what fits.

Every name of a message is known: what the app sends of a person by itself stands below ``person``. So any
other name is a misspelling, and an error.
"""

from __future__ import annotations

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
from herenow.authoring.validation.payload_sizes import check_sizes
from herenow.authoring.validation.select import records, select, strings_within, texts
from herenow.authoring.validation.sources import Sources, check_sources
from herenow.templates import WrongTemplate, compiled
from herenow.templates.compiled import Name, filters
from herenow_sdk.core.messages.wording import ON_DEVICE, TEXTS

_CONTENTS: Final = ("template/*", "template/*/channels/*")
_TEXTS: Final = (*(f"{content}/{name}" for content in _CONTENTS for name in TEXTS), "actions")
_PLACE: Final = ("name", "id", "distance_m", "area")
_OFFER: Final = (
    *("text", "code", "amount", "percentage", "points", "gift", "currency", "terms", "valid_until"),
    "form",
)
_APP: Final = ("id", "name", "currency")


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
            on_phone = alone and _is_of_phones(where)
            yield from _text(where, text, names, facets, sources, alone=on_phone)
            for path in _of_event(text) if known else ():
                yield from event_texts.check_name(folder, where, path, campaign)
        yield from event_texts.check_number(at, campaign)
        yield from check_sizes(at, campaign)
        yield from _unused(at, campaign)


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


def _is_of_phones(at: Path) -> bool:
    """Whether a text is of the content itself, or of a channel that a phone says by itself."""
    return "channels" not in at or at[at.index("channels") + 1] in ON_DEVICE


def _unused(at: Path, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """A variant for a channel that the campaign has not."""
    channels = campaign.get("channels", ())
    for where, channel in texts(campaign, "template/*/channels/~"):
        if channel not in channels:
            detail = f"the campaign does not speak by {channel}, so this is never said"
            fault = Fault("CHANNEL_NOT_USED", detail, f'"{channel}" among its channels')
            yield warning("campaigns", (*at, *where), fault)


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

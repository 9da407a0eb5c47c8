"""What people read: texts in the app's locales, whose ``{{names}}`` exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from herenow.authoring.documents.faults import Fault, Path, shorten, unknown
from herenow.authoring.validation.attributes import Attribute, Attributes, person_attributes
from herenow.authoring.validation.conditions import unknown_attribute
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import select, strings_within, texts
from herenow_sdk.core import templates

_LOCALIZED: Final = (
    ("campaigns", "*/template"),
    ("campaigns", "*/actions/*/title"),
    ("offers", "*/text"),
    ("offers", "*/gift"),
    ("offers", "*/terms"),
    ("intents", "labels/*/*"),
)
_FEATURE_TEXTS: Final = ("*/default", "*/rules/*/force", "*/rules/*/variations/*")
_MESSAGE_TEXTS: Final = ("*/template", "*/actions")
_PLACE: Final = ("name", "id", "distance_m", "area")
_OFFER: Final = ("text", "code", "amount", "percentage", "points", "gift", "currency", "terms", "valid_until")
_PLACEHOLDER: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH: Final = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)*)\s*(\|.*)?", re.DOTALL)


def check(folder: Folder) -> Iterator[Problem]:
    """Locales, then placeholders."""
    yield from _locales(folder)
    yield from _personas(folder)
    if "app" not in folder.unreadable:
        yield from _features(folder)
        yield from _messages(folder)


def _locales(folder: Folder) -> Iterator[Problem]:
    locales = folder.document("app").get("locales", ())
    if not locales:
        return
    for document, path in _LOCALIZED:
        for at, text in select(folder.document(document), path):
            if not isinstance(text, dict):
                continue
            for locale in text:
                if locale not in locales:
                    fault = unknown("UNKNOWN_LOCALE", "locale", locale, locales)
                    yield Problem(document, (*at, locale), fault)
            if text and locales[0] not in text:
                detail = f"people whose locale is missing read '{locales[0]}', and that is missing too"
                fault = Fault("NO_DEFAULT_LOCALE", detail, f'"{locales[0]}"')
                yield warning(document, at, fault)


def _personas(folder: Folder) -> Iterator[Problem]:
    locales = folder.names("locale")
    languages = {locale.partition("-")[0] for locale in locales or ()}
    for at, locale in texts(folder.document("personas"), "*/context/locale"):
        if languages and locale.partition("-")[0] not in languages:
            yield warning("personas", at, unknown("UNKNOWN_LOCALE", "locale", locale, locales or ()))


def _features(folder: Folder) -> Iterator[Problem]:
    """Placeholders of texts that the evaluator fills: attributes of the person and nothing else."""
    attributes, facets = person_attributes(folder), folder.names("facet") or ()
    for path in _FEATURE_TEXTS:
        for at, value in select(folder.document("features"), path):
            for inside, text in strings_within(value):
                where = (*at, *inside)
                yield from _malformed("features", where, text)
                for name in templates.names(text):
                    if attributes.find(name) is None:
                        yield from unknown_attribute("features", where, name, attributes, facets)


def _messages(folder: Folder) -> Iterator[Problem]:
    """Placeholders of messages: the person, the item, the place, the offer."""
    attributes = _message_attributes(folder)
    facets = folder.names("facet") or ()
    for path in _MESSAGE_TEXTS:
        for at, value in select(folder.document("campaigns"), path):
            for inside, text in strings_within(value):
                where = (*at, *inside)
                yield from _malformed("campaigns", where, text)
                for name in _names(text):
                    yield from _unknown_in_message(where, name, attributes, facets)


def _unknown_in_message(
    at: Path, name: str, attributes: Attributes, facets: tuple[str, ...]
) -> Iterator[Problem]:
    if attributes.find(name) is not None or name.startswith(("event.", "extra.")):
        return
    if name.startswith("item."):
        # an import may bring more columns than app.json declares, so this cannot be known to be wrong
        choices = attributes.choices(name)
        expected = "a column of the catalogue, best declared among catalog.fields of app.json"
        fault = Fault(
            "UNKNOWN_ITEM_FIELD",
            f"'{shorten(name)}' is no declared field of an item",
            expected,
            name,
            choices,
        )
        yield warning("campaigns", at, fault)
        return
    yield from unknown_attribute("campaigns", at, name, attributes, facets)


def _message_attributes(folder: Folder) -> Attributes:
    person = person_attributes(folder)
    catalog = folder.document("app").get("catalog", {})
    fields = {"id", *catalog.get("fields", ()), *folder.facets}
    known: dict[str, Attribute] = {f"item.{name}": Attribute("anything") for name in fields}
    known |= {f"place.{name}": Attribute("anything") for name in _PLACE}
    known |= {f"offer.{name}": Attribute("anything") for name in _OFFER}
    roots = person.reserved | {"place", "offer", "item"}
    return Attributes({**person.known, **known}, roots, facets=person.facets)


def _names(text: str) -> Iterator[str]:
    """The names in a message's placeholders, without their filters."""
    for placeholder in _PLACEHOLDER.findall(text):
        match = _PATH.fullmatch(placeholder)
        if match:
            yield match.group(1)


def _malformed(document: str, at: Path, text: str) -> Iterator[Problem]:
    """A placeholder that would be shown to people as it stands."""
    rest = _PLACEHOLDER.sub("", text)
    if "{{" in rest or "}}" in rest:
        fault = Fault("OPEN_PLACEHOLDER", "'{{' and '}}' do not pair", "{{name}}")
        yield Problem(document, at, fault)
    wrong = _unreadable(document, text)
    if wrong is not None:
        detail = f"'{{{{{shorten(wrong)}}}}}' names nothing"
        yield Problem(document, at, Fault("WRONG_PLACEHOLDER", detail, "{{intent.place.name}}"))


def _unreadable(document: str, text: str) -> str | None:
    found: list[str] = _PLACEHOLDER.findall(text)
    for placeholder in found:
        match = _PATH.fullmatch(placeholder)
        if match is None or (document == "features" and match.group(2)):
            return placeholder
    return None

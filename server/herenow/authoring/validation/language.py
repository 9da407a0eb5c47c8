"""What people read: texts in the app's locales, and features' texts whose ``{{names}}`` exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from herenow.authoring.documents.faults import Fault, Path, shorten, unknown
from herenow.authoring.validation.attributes import person_attributes
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
_PLACEHOLDER: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH: Final = re.compile(r"\s*[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)*\s*")


def check(folder: Folder) -> Iterator[Problem]:
    """Locales, then placeholders."""
    yield from _locales(folder)
    yield from _personas(folder)
    if "app" not in folder.unreadable:
        yield from _features(folder)


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
                yield from _malformed(where, text)
                for name in templates.names(text):
                    if attributes.find(name) is None:
                        yield from unknown_attribute("features", where, name, attributes, facets)


def unpaired(document: str, at: Path, text: str) -> Iterator[Problem]:
    """A placeholder that is opened and not closed, or the other way round."""
    rest = _PLACEHOLDER.sub("", text)
    if "{{" in rest or "}}" in rest:
        fault = Fault("OPEN_PLACEHOLDER", "'{{' and '}}' do not pair", "{{name}}")
        yield Problem(document, at, fault)


def _malformed(at: Path, text: str) -> Iterator[Problem]:
    """A placeholder that would be shown to people as it stands."""
    yield from unpaired("features", at, text)
    for placeholder in _PLACEHOLDER.findall(text):
        if not _PATH.fullmatch(placeholder):
            detail = f"'{{{{{shorten(placeholder)}}}}}' names nothing"
            yield Problem("features", at, Fault("WRONG_PLACEHOLDER", detail, "{{intent.place.name}}"))
            return

"""Labelled searches in a file, and what its types are called here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click

from herenow.errors import Invalid, NotFound
from herenow.intent.tagger.spans import Labelled, SlotSpan
from herenow.text import clean_text

PLACE: Final = "place"
_LETTER: Final = "x"
"""Stands for what follows a prefix, so that a blank at its end is kept when it is cleaned."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The types of a file by our names: facets, ``place``, kinds of wishes. Others are called the same."""

    types: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, mapping: Iterable[str]) -> Naming:
        """Of ``TYPE=NAME[,NAME]`` texts. Raises ``UsageError`` for others."""
        types: dict[str, str] = {}
        names: dict[str, str] = {}
        for each in mapping:
            kind, equals, told = each.partition("=")
            ours = [name.strip().lower() for name in told.split(",") if name.strip()]
            if not (equals and kind.strip() and ours):
                raise click.UsageError(f"--map says TYPE=NAME, such as Food=category, not '{each}'")
            types.update(dict.fromkeys(ours, kind.strip()))
            names[kind.strip()] = ours[0]
        return cls(types, names)

    def type_of(self, name: str) -> str:
        """What the file calls what we call so."""
        return self.types.get(name.lower(), name)

    def name_of(self, kind: str) -> str:
        """What we call a type of the file; the first name where it has several."""
        return self.names.get(kind, kind.lower())

    def named(self, labelled: Iterable[Labelled]) -> list[Labelled]:
        """The searches with our names for slots."""
        return [
            Labelled(text, tuple(span._replace(slot=self.name_of(span.slot)) for span in spans))
            for text, spans in labelled
        ]

    def spans_of(self, intent: Mapping[str, Any]) -> list[SlotSpan]:
        """What an intent says at which characters, in our names, where several are one type in its first."""
        return [
            SlotSpan(self.name_of(self.type_of(name)), *span)
            for name, span in _said(intent)
            if span is not None
        ]


def read_labelled(path: Path) -> list[Labelled]:
    """The searches of a file, as they are read: cleaned, the spans along with them.

    Raises ``NotFound`` (NO_FILE), ``Invalid`` (NOT_LABELLED) with the line.
    """
    if not path.is_file():
        raise NotFound(f"there is no file '{path}'", code="NO_FILE")
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Invalid(f"'{path.name}' is not UTF-8 text", code="NOT_LABELLED") from error
    found = [
        _labelled(line.rstrip("\r"), number) for number, line in enumerate(lines, start=1) if line.strip()
    ]
    if not found:
        raise Invalid(f"there are no searches in '{path.name}'", code="NOT_LABELLED")
    return found


def _labelled(line: str, number: int) -> Labelled:
    text, tab, labels = line.partition("\t")
    try:
        told = json.loads(labels) if tab else None
        spans = [SlotSpan(str(each["type"]), int(each["start"]), int(each["end"])) for each in told or ()]
    except (ValueError, TypeError, KeyError) as error:
        raise _not_labelled(number) from error
    if not isinstance(told, list) or any(not 0 <= span.start < span.end <= len(text) for span in spans):
        raise _not_labelled(number)
    return Labelled(clean_text(text), tuple(_cleaned(spans, text)))


def _cleaned(spans: Sequence[SlotSpan], text: str) -> Iterator[SlotSpan]:
    """The spans where cleaning moved them, without those that lie behind what is read."""
    if clean_text(text) == text:
        yield from spans
        return
    for span in spans:
        start = len(clean_text(text[: span.start] + _LETTER)) - 1
        end = len(clean_text(text[: span.end]))
        if start < end:
            yield SlotSpan(span.slot, start, end)


def _not_labelled(number: int) -> Invalid:
    return Invalid(
        f"line {number} is no labelled search",
        code="NOT_LABELLED",
        detail='A line is: text, a tab, [{"type": "category", "start": 0, "end": 6}].',
    )


def _said(intent: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[int] | None]]:
    for each in (*intent["facets"], *intent.get("excluded", ())):
        yield each["facet"], each.get("span")
    if "place" in intent:
        yield PLACE, intent["place"].get("span")
    for each in intent["modifiers"]:
        yield each["kind"], each.get("span")

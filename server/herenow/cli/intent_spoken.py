"""One search as text: the words underlined, what each was taken for, what is left."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import click

from herenow.cli import wording

_FACET, _PLACE, _WISH, _EXCLUDED = "─", "═", "┄", "×"
_COLOURS: Final = {_FACET: "green", _PLACE: "cyan", _WISH: "yellow", _EXCLUDED: "red"}
_WIDE: Final = frozenset("WF")
_MARKS: Final = frozenset({"Mn", "Me", "Cf"})

Json = Mapping[str, Any]


class _Said(NamedTuple):
    """Words and what they were taken for."""

    mark: str
    span: tuple[int, int] | None
    what: str
    surety: float | None = None
    source: str = ""
    beside: tuple[str, ...] = ()


def search_lines(told: Json, scope: str) -> Iterator[str]:
    """A search as ``Workspace.understand`` tells it, to the app ``scope``."""
    text, intent = told["text"], told["intent"]
    said = sorted(_said(intent), key=lambda each: each.span or (len(text), 0))
    yield click.style(text, bold=True)
    if marks := _underlined(text, said):
        yield marks
    label = intent.get("label") or "nothing named"
    took = f"{told['took_us'] / 1000:.2f} ms"
    how = f"confidence {intent['confidence']:.2f}, {scope}, {took}"
    yield f"{label}  {click.style(how, dim=True)}"
    yield ""
    yield from _rows(text, said)
    if intent["unparsed"]:
        yield f"  not understood: {wording.joined(intent['unparsed'])}"
    yield ""
    yield from (click.style(f"  {line}", dim=True) for line in intent.get("explanation", ()))


def _said(intent: Json) -> Iterator[_Said]:
    for each in intent["facets"]:
        yield _facet(_FACET, "", each)
    for each in intent.get("excluded", ()):
        yield _facet(_EXCLUDED, "not ", each)
    if "place" in intent:
        yield _place(intent["place"])
    for each in intent["modifiers"]:
        wanted = "does not want " if each.get("negated") else ""
        yield _Said(_WISH, _span(each), wanted + wish_words(each))


def _facet(mark: str, wanted: str, each: Json) -> _Said:
    what = f"{wanted}{each['facet']} {each['value']}"
    return _Said(mark, _span(each), what, each["weight"], each.get("source", "catalog"))


def _place(place: Json) -> _Said:
    name = place.get("name") or "where the phone is"
    where = f"{wording.distance(place.get('radius_m'))} around {_point(place)}" if "lat" in place else ""
    others = tuple(f"or {each['name']} {_point(each)}".rstrip() for each in place.get("alternatives", ()))
    what = f"place {name}" + (f", {where}" if where else "")
    return _Said(_PLACE, _span(place), what, place["confidence"], place.get("source", "catalog"), others)


def wish_words(wish: Json) -> str:
    """A wish in words: ``price to 500 INR``, ``near me``."""
    value = wish.get("value")
    if isinstance(value, Mapping):
        low, high = (f"{value[name]:g}" if name in value else "" for name in ("low", "high"))
        bounds = f"{low} to {high}" if low and high else f"from {low}" if low else f"to {high}"
        value = f"{bounds} {value.get('unit', '')}".strip()
    if wish["kind"] == "distance":
        value = f"within {wording.distance(wish.get('value'))}"
    kind = wish["kind"].replace("_", " ")
    answered = "" if wish.get("facet") in (None, wish["kind"]) else f" ({wish['facet']})"
    return f"{kind}{answered}" + ("" if value is None else f" {value}")


def _rows(text: str, said: Sequence[_Said]) -> Iterator[str]:
    quoted = [f"“{text[slice(*each.span)]}”" if each.span else "" for each in said]
    left = max(map(_width, quoted), default=0)
    right = max((_width(each.what) for each in said), default=0)
    for each, words in zip(said, quoted, strict=True):
        mark = click.style(each.mark, fg=_COLOURS[each.mark])
        surety = "" if each.surety is None else f"{each.surety:.2f}"
        yield f"{mark} {_padded(words, left)}  {_padded(each.what, right)}  {surety}  {each.source}".rstrip()
        for other in each.beside:
            yield click.style(f"  {'':{left}}  {other}", dim=True)


def _underlined(text: str, said: Sequence[_Said]) -> str:
    """A line with a mark below each character that was understood."""
    marks = [" "] * len(text)
    for each in said:
        if each.span:
            start, end = each.span
            marks[start:end] = each.mark * (end - start)
    below = "".join(mark * _width(character) for mark, character in zip(marks, text, strict=True))
    return below.rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(
        0 if unicodedata.category(each) in _MARKS else 2 if unicodedata.east_asian_width(each) in _WIDE else 1
        for each in text
    )


def _span(each: Json) -> tuple[int, int] | None:
    span = each.get("span")
    return None if span is None else (span[0], span[1])


def _point(place: Json) -> str:
    return f"{place['lat']:.4f},{place['lon']:.4f}" if "lat" in place else ""

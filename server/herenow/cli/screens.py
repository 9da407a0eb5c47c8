"""A first screen as text: what was understood, what is shown, and why. For ``demo`` and ``preview``.

Reads the JSON that a phone gets, so that what is printed is what was answered. Which feature is the title
and which fields an item leads with is told by their names and types, not by any app: the title is the
text feature whose name ends in ``title``, an item's name its first text field, its stars a number called
``rating``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click

from herenow.cli import wording
from herenow.cli.intent_spoken import wish_words

NAME_WIDTH: Final = 30
VALUE_WIDTH: Final = 14
_MATCHES: Final = ("INTENT_MATCH", "RELATED_MATCH")
_PLACES: Final = ("IN_PLACE", "NEAR_PLACE", "NEAR_YOU")


def understood(intent: Mapping[str, Any] | None) -> str:
    """What a search was taken to mean, in one line."""
    if intent is None:
        return "no search"
    parts = [f"{each['facet']} {each['value']}" for each in intent.get("facets", ())]
    parts += [f"not {each['facet']} {each['value']}" for each in intent.get("excluded", ())]
    place = intent.get("place")
    if place:
        radius = wording.distance(place.get("radius_m"))
        parts.append(
            f"place {place.get('name') or 'where the phone is'}" + (f" ({radius})" if radius else "")
        )
    parts += [_modifier(each) for each in intent.get("modifiers", ())]
    if intent.get("unparsed"):
        parts.append(f"not understood: {wording.joined(intent['unparsed'])}")
    return " · ".join(parts) or "nothing"


def title_of(features: Mapping[str, Mapping[str, Any]]) -> tuple[str, Mapping[str, Any]] | None:
    """The feature that titles the first screen, by name; ``None`` when there is none like it."""
    for name, feature in features.items():
        if name.endswith("title") and feature.get("type") == "string":
            return name, feature
    return None


def item_lines(items: Sequence[Mapping[str, Any]], *, first: int = 1) -> Iterator[str]:
    """The items, numbered: name, stars, distance, matched value, and the reasons in words."""
    for position, item in enumerate(items, start=first):
        reasons = item.get("reasons", ())
        columns = (
            f"{position:>4}  {_clip(name_of(item), NAME_WIDTH):<{NAME_WIDTH}}",
            f"{_stars(item.get('fields', {})):<6}",
            f"{_distance(reasons):>7}",
            f"{_clip(_matched(reasons), VALUE_WIDTH):<{VALUE_WIDTH}}",
        )
        yield ("  ".join(columns) + "  " + ", ".join(_told_once(reasons))).rstrip()


def feature_lines(features: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Every feature: name, value and why."""
    width = max((len(name) for name in features), default=0)
    values = {name: value_text(feature.get("value")) for name, feature in features.items()}
    value_width = min(max((len(text) for text in values.values()), default=0), NAME_WIDTH)
    for name, feature in features.items():
        value = _clip(values[name], NAME_WIDTH)
        why = click.style(wording.feature_words(feature), dim=True)
        yield f"{name:<{width}}  {value:<{value_width}}  {why}"


def name_of(item: Mapping[str, Any]) -> str:
    """The item's first text field, else its id."""
    texts = (value for value in item.get("fields", {}).values() if isinstance(value, str) and value)
    return next(texts, str(item.get("id", "")))


def value_text(value: Any) -> str:
    """A feature's value as people write it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return json.dumps(value, ensure_ascii=False)


def _modifier(modifier: Mapping[str, Any]) -> str:
    value = modifier.get("value") or modifier.get("kind", "")
    told = f"{modifier['facet']} {value}" if modifier.get("facet") else str(value)
    if isinstance(value, Mapping):
        told = wish_words(modifier)
    return f"not {told}" if modifier.get("negated") else told


def _stars(fields: Mapping[str, Any]) -> str:
    rating = fields.get("rating")
    return f"★ {rating:.1f}" if isinstance(rating, int | float) else ""


def _distance(reasons: Sequence[Mapping[str, Any]]) -> str:
    found = (each["args"].get("distance_m") for each in reasons if each["code"] in _PLACES and "args" in each)
    return wording.distance(next(found, None))


def _matched(reasons: Sequence[Mapping[str, Any]]) -> str:
    found = (each["args"] for each in reasons if each["code"] in _MATCHES)
    values = [str(args.get("value") or args.get("text", "")) for args in found]
    return ", ".join(dict.fromkeys(values))


def _told_once(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(wording.item_words(each) for each in reasons))


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"

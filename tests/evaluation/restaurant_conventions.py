"""How MIT Restaurant draws the borders of its spans, where that follows a rule.

Seen in one half of the development data. The word for the house ("restaurant", "place", "food") is not part
of a cuisine, "priced" not of a price, "on" and "at" not of what follows them; a thing to eat is a dish unless
a word for the house follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from tests.evaluation.restaurant_spans import Span

_BEFORE = MappingProxyType(
    {
        "Location": r"(?:(?:on|places?|anywhere|somewhere|thats|is|are|the) )+",
        "Hours": r"(?:at|for) ",
        "Rating": r"(?:a|the) ",
    }
)
_AFTER = MappingProxyType(
    {
        "Cuisine": r" (?:restaurants?|places?|joints?|shops?|cuisine|parlors?"
        r"|(?<!fast )(?<!sea )(?<!street )foods?)",
        "Price": r" (?:priced?|prices|pricing|costs?|eats|range)",
    }
)
_REGIONAL = re.compile(
    r".*(?:an|ese|ish|ch|ern|food|bbq|barbecue|barbeque|grill|bar|bars|house|houses|fast|deli|diner|diners"
    r"|cafe|cafes|pub|buffet|bistro|steakhouse|pizzeria|bakery|brewery|breakfast)"
    r"|greek|thai|cajun|creole|halal|kosher|vegan|healthy|tex mex|dim sum|organic|international"
    r"|fine dining|family"
)


def as_labelled(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with the borders and types that the labels would give them."""
    drawn = sorted((_drawn(text, span) for span in spans), key=lambda span: span.start)
    joined: list[Span] = []
    for span in drawn:
        is_more = bool(joined) and _are_one(text, joined[-1], span)
        joined.append(Span(span.type, joined.pop().start, span.end) if is_more else span)
    return joined


def _are_one(text: str, one: Span, other: Span) -> bool:
    """Two words for food side by side are one label, and two dishes with "and" between them."""
    between = text[one.end : other.start]
    both_food = {one.type, other.type} <= {"Cuisine", "Dish"}
    return both_food and (between == " " or (between == " and " and one.type == other.type == "Dish"))


def _drawn(text: str, span: Span) -> Span:
    said = text[span.start : span.end]
    before = re.match(_BEFORE.get(span.type, "(?!)"), said)
    start = span.start + (before.end() if before else 0)
    after = re.search(_AFTER.get(span.type, "(?!)") + "$", text[start : span.end])
    end = start + after.start() if after else span.end
    return Span(_type_of(text, span.type, start, end), start, end)


def _type_of(text: str, said: str, start: int, end: int) -> str:
    if said != "Cuisine" or _REGIONAL.fullmatch(text[start:end]):
        return said
    house = re.match(r" (?:restaurants?|places?|parlou?rs?|foods?|cuisine|bars?)\b", text[end:])
    return said if house else "Dish"

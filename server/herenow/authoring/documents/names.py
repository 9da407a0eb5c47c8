"""Names, times and short values that several documents share, each with one pattern and one meaning."""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.documents.structures import ListOf, MapOf, OneOf
from herenow.authoring.documents.values import Choice, Described, Number, Text

FACET_PATTERN: Final = r"^[a-z][a-z0-9_]{0,39}$"
#: Names with a meaning of their own beside the facets, in an intent or in an item.
RESERVED_FACETS: Final = ("place", "label", "confidence", "modifiers", "text", "id")
NAME_PATTERN: Final = r"^[a-z][a-z0-9_-]{0,63}$"
ITEM_PATTERN: Final = r"^[A-Za-z0-9._:-]{1,120}$"
FEATURE_PATTERN: Final = r"^[A-Za-z][A-Za-z0-9_.-]{0,79}$"
LOCALE_PATTERN: Final = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
DURATION_PATTERN: Final = r"^[1-9][0-9]{0,5}[smhdw]$"
TIME_PATTERN: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DAY_PATTERN: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
MOMENT_PATTERN: Final = (
    DAY_PATTERN + r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
)

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANNELS: Final = ("in_app", "push", "local_notification", "email", "sms")
PURPOSES: Final = ("analytics", "personalization", "location", *CHANNELS)
STAGES: Final = ("new", "active", "activated", "engaged", "loyal", "at_risk", "lapsed", "won_back")
"""Of the lifecycle; ``active`` is what a device says of whom the server has told nothing."""
CONSENT: Final = ("granted", "denied", "unknown")


def name(description: str, **common: Any) -> Text:
    """A name that documents refer to each other by."""
    means = "a name of 1 to 64 of a-z, 0-9, '_' and '-', beginning with a letter"
    return Text(description, pattern=NAME_PATTERN, means=means, maximum=64, **common)


def facet(description: str, **common: Any) -> Text:
    """The name of a facet."""
    means = "a facet name of 1 to 40 of a-z, 0-9 and '_', beginning with a letter"
    return Text(description, pattern=FACET_PATTERN, means=means, maximum=40, **common)


def feature(description: str, **common: Any) -> Text:
    """The key of a feature, as GrowthBook's SDKs ask for it."""
    means = "a feature key of 1 to 80 letters, digits, '_', '.' and '-', beginning with a letter"
    return Text(description, pattern=FEATURE_PATTERN, means=means, maximum=80, **common)


def event(description: str, **common: Any) -> Text:
    """The name of a beacon."""
    means = "an event name of 1 to 64 letters, digits and '_', '.', '-'"
    return Text(description, pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$", means=means, maximum=64, **common)


def item(description: str, **common: Any) -> Text:
    """The id of an item of the catalogue."""
    means = "an item id of 1 to 120 letters, digits and '.', '_', ':', '-'"
    return Text(description, pattern=ITEM_PATTERN, means=means, maximum=120, **common)


def locale(description: str, **common: Any) -> Text:
    """A language tag."""
    return Text(
        description,
        pattern=LOCALE_PATTERN,
        means="a locale such as en, en-IN or zh-Hant",
        maximum=12,
        **common,
    )


def duration(description: str, **common: Any) -> Text:
    """A length of time as a marketer writes it."""
    means = 'a duration such as "45m", "12h" or "7d" (s, m, h, d, w)'
    return Text(description, pattern=DURATION_PATTERN, means=means, maximum=7, **common)


def time_of_day(description: str, **common: Any) -> Text:
    """Hours and minutes."""
    return Text(description, pattern=TIME_PATTERN, means='a time of day such as "08:30"', maximum=5, **common)


def moment(description: str, **common: Any) -> Text:
    """A day, or an instant with its offset."""
    means = 'a day "2026-12-31" or an instant "2026-12-31T18:00:00+05:30"'
    return Text(description, pattern=MOMENT_PATTERN, means=means, maximum=25, **common)


def weekdays(description: str, **common: Any) -> ListOf:
    """Some days of the week."""
    day = Choice("A day of the week.", WEEKDAYS, example="mon")
    return ListOf(description, day, minimum=1, maximum=7, unique=True, **common)


def sentence(description: str = "What it is for, for the people who edit it.", **common: Any) -> Text:
    """Prose for people."""
    return Text(description, **{"maximum": 500, "means": "a sentence", **common})


def localized(description: str, *, maximum: int = 2000, **common: Any) -> OneOf:
    """One text for every locale, or a text for each."""
    text = Text("The text.", means="text", minimum=1, maximum=maximum, example="₹50 off today")
    by_locale = MapOf(
        "The text by locale.", text, name=locale("A locale.", example="en"), minimum=1, maximum=50
    )
    return OneOf(description, text, by_locale, **common)


def latitude(description: str = "Latitude in degrees north (WGS 84).") -> Number:
    """Degrees north."""
    return Number(description, minimum=-90, maximum=90, required=True, example=19.2053)


def longitude(description: str = "Longitude in degrees east (WGS 84).") -> Number:
    """Degrees east."""
    return Number(description, minimum=-180, maximum=180, required=True, example=72.8277)


def consent(description: str, **common: Any) -> MapOf:
    """Consent by purpose."""
    status = Choice("Whether the person agreed.", CONSENT, example="granted")
    purposes = Text("A purpose.", pattern=f"^({'|'.join(PURPOSES)})$", means=f"one of: {', '.join(PURPOSES)}")
    return MapOf(description, status, name=purposes, **common)


def map_of(description: str, value: Described, **common: Any) -> MapOf:
    """A whole document, or a part of one, whose records are named by its author."""
    return MapOf(description, value, **{"name": name("The name."), **common})

"""``intents.json``: what the words of a search mean, beyond the catalogue's own values."""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.documents import names
from herenow.authoring.documents.structures import ListOf, MapOf, Record, RecordOf
from herenow.authoring.documents.values import DOLLAR_SCHEMA, Number, Text


def value_name() -> Text:
    """A value of a facet, as the catalogue has it."""
    return Text("A value of the facet.", means="a value of the facet", minimum=1, maximum=120)


def phrase(example: str) -> Text:
    """Some words of a search."""
    return Text("Words of a search.", means="some words", minimum=1, maximum=200, example=example)


def by_facet(description: str, value: MapOf | ListOf, **common: Any) -> MapOf:
    """An object by facet."""
    return MapOf(description, value, name=names.facet("The facet."), maximum=40, **common)


def apple_ids(description: str) -> MapOf:
    """Apple's numeric ids with the search text they stand for."""
    digits = Text("Apple's id.", pattern="^[0-9]{1,20}$", means="digits", maximum=20)
    return MapOf(
        description,
        phrase("burger joints in kandivali west"),
        name=digits,
        maximum=10_000,
        example={"1234567": "burger joints in kandivali west"},
    )


class AppleAds(Record):
    """Apple's ads tell ids, not words: here are the words."""

    title = "search text by the ids of Apple's ads"

    keyword = apple_ids("Search text by keyword id.")
    ad_group = apple_ids("Search text by ad group id.")
    ad = apple_ids("Search text by ad id.")
    campaign = apple_ids("Search text by campaign id.")


class CustomPlace(Record):
    """A place that people name and the catalogue does not."""

    title = "a place"

    name = Text("Its name.", means="a name", minimum=1, maximum=120, required=True, example="Linking Road")
    aliases = ListOf(
        "Other names and spellings.", phrase("linking rd"), maximum=50, unique=True, example=["linking rd"]
    )
    facet = names.facet("The place facet it belongs to.", example="area")
    values = ListOf(
        "The facet's values that lie in it.", value_name(), maximum=500, unique=True, example=["Bandra West"]
    )
    parent = Text(
        "The larger place it lies in.", means="a name", minimum=1, maximum=120, example="Bandra West"
    )
    country = Text(
        "ISO 3166 country it lies in; preferred for people there.",
        pattern="^[A-Z]{2}$",
        means="two capital letters",
        maximum=2,
        example="IN",
    )
    lat = names.latitude()
    lon = names.longitude()
    radius_m = Number(
        "How far it reaches, in metres.", whole=True, minimum=50, maximum=200_000, required=True, example=800
    )


class Intents(Record):
    """The whole document."""

    title = "intents.json"

    schema_ = DOLLAR_SCHEMA
    synonyms = by_facet(
        "Other words for a facet's values, by facet.",
        MapOf(
            "Words by value.",
            ListOf("Other words.", phrase("burger joint"), minimum=1, maximum=100, unique=True),
            name=value_name(),
            maximum=5000,
        ),
        example={"category": {"burger": ["burger joint", "hamburger"]}},
    )
    labels = by_facet(
        "How a facet's values are called in a title, by facet.",
        MapOf(
            "The label by value.", names.localized("The label.", maximum=120), name=value_name(), maximum=5000
        ),
        example={"category": {"burger": {"en": "Burgers", "hi": "बर्गर"}}},
    )
    cues = by_facet(
        'Words that announce a value of a facet; "…" stands for the value where it comes first.',
        ListOf("Cues.", phrase("directed by"), minimum=1, maximum=100, unique=True),
        example={"director": ["directed by", "… directed"]},
    )
    apple_ads = RecordOf(
        "Search text for what Apple's ads tell.", AppleAds, example={"keyword": {"1234567": "burger joints"}}
    )
    stop_words = ListOf(
        "Words of a search that mean nothing here.",
        phrase("best app for"),
        unique=True,
        example=["best app for"],
    )
    places = ListOf(
        "Places beyond the catalogue's.",
        RecordOf(
            "A place.",
            CustomPlace,
            example={"name": "Linking Road", "lat": 19.06, "lon": 72.83, "radius_m": 800},
        ),
        maximum=5000,
        example=[{"name": "Linking Road", "lat": 19.06, "lon": 72.83, "radius_m": 800}],
    )


DOCUMENT: Final = RecordOf("What the words of a search mean, beyond the catalogue's own values.", Intents)

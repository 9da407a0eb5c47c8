"""``placements.json``: what may stand in each content slot, and in which order."""

from __future__ import annotations

from typing import Final

from herenow.authoring.documents import names
from herenow.authoring.documents.conditions import Condition
from herenow.authoring.documents.structures import ListOf, Record, RecordOf
from herenow.authoring.documents.values import Number


def weight(description: str, example: int) -> Number:
    """How much one feature of an item counts."""
    return Number(description, whole=True, minimum=0, maximum=100, example=example)


class Weights(Record):
    """How much each named feature of an item counts, from 0 to 100."""

    title = "weights from 0 to 100"

    intent = weight("It matches what was searched for.", 50)
    distance = weight("It is near the place searched for, or the person.", 25)
    quality = weight("The facet with the role `quality`.", 15)
    popularity = weight("The facet with the role `popularity`.", 40)
    price_fit = weight("Its price suits the person.", 10)
    freshness = weight("The facet with the role `freshness`.", 10)
    affinity = weight("It is what this person likes.", 10)
    neighbour = weight("It goes with what this person used lately.", 10)
    seen_recently = weight("It was looked at lately and left: the weight lowers it.", 10)
    habit = weight("This person is usually there at this hour.", 5)


class Pin(Record):
    """An item held at a position."""

    title = "a pin"

    item = names.item("The item's id.", required=True, example="anniversary-special")
    position = Number("The position, from 1.", whole=True, minimum=1, maximum=100, required=True, example=1)
    until = names.moment("When it ends (a day ends with the app's midnight).", example="2026-12-31")
    audience = names.name("The audience that sees it; all when absent.", example="new")
    description = names.sentence(example="Ten years of Bites")


class Boost(Record):
    """Points for items of one kind."""

    title = "a boost"

    condition = Condition(
        "Which items, by their facets.", required=True, example={"category": {"$in": ["burger"]}}
    )
    points = Number(
        "Points added, as weights count them; below 0 takes away.",
        whole=True,
        minimum=-100,
        maximum=100,
        required=True,
        example=10,
    )
    audience = names.name("The audience for whom; all when absent.", example="lunch_crowd")
    description = names.sentence(example="Burgers at lunch")


class Diversity(Record):
    """How many alike may stand close together."""

    title = "a bound on sameness"

    facet = names.facet("The facet in which items are alike.", required=True, example="category")
    max = Number("How many alike …", whole=True, minimum=1, maximum=100, required=True, example=3)
    per = Number(
        "… in so many consecutive positions.", whole=True, minimum=1, maximum=100, required=True, example=10
    )


class Placement(Record):
    """A content slot."""

    title = "a placement"

    description = names.sentence(example="First screen")
    size = Number(
        "How many items are given at once.", whole=True, minimum=1, maximum=100, required=True, example=20
    )
    candidates = Condition(
        "Which items may stand here, by their facets; all when absent.", example={"rating": {"$gte": 3}}
    )
    weights = RecordOf(
        "What the order depends on.",
        Weights,
        required=True,
        example={"intent": 50, "distance": 25, "quality": 15},
    )
    pins = ListOf(
        "Items held at positions.",
        RecordOf("A pin.", Pin, example={"item": "anniversary-special", "position": 1}),
        maximum=100,
        example=[{"item": "anniversary-special", "position": 1, "until": "2026-12-31"}],
    )
    boosts = ListOf(
        "Points for items of one kind.",
        RecordOf("A boost.", Boost, example={"condition": {"category": {"$in": ["burger"]}}, "points": 10}),
        maximum=50,
        example=[{"condition": {"category": {"$in": ["burger"]}}, "points": 10}],
    )
    diversity = RecordOf(
        "How many alike may stand close together; what was searched for is exempt.",
        Diversity,
        example={"facet": "category", "max": 3, "per": 10},
    )


DOCUMENT: Final = names.map_of(
    "The app's content slots: candidates, weights, pins, boosts, diversity.",
    RecordOf("A placement.", Placement),
    whole=True,
)

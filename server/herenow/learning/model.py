"""What was learned of an app: one value that servers serve with, beside release and catalogue.

It holds parameters and counters, never a person. Every counter and every share stands on at least
``LEAST_PEOPLE`` people, so that nobody can be read out of it; whatever fewer did is left out before the model
is made (``herenow.priors``). That is why an erasure need not touch a model that was published before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import numpy as np

from herenow.learning.best_time import CELLS as WEEK_CELLS
from herenow.learning.best_time import COMPONENTS as TIME_COMPONENTS
from herenow.learning.best_time import KNOWN, TimeModel
from herenow.learning.next_place import PlaceModel
from herenow.learning.offers import Level
from herenow.learning.places import CELLS as PLACE_CELLS
from herenow.learning.purchases import BgNbd

NOTHING_LEARNED: Final = "m-0"
"""The version of ``Model.EMPTY``, as a pointer names it before anything was learned."""
LEAST_PEOPLE: Final = 20
"""Fewer people than these are nobody's counter."""
USUAL_DAYS: Final = 14.0
"""Days between two goals of an app of which nothing is known."""
APP: Final = "app"
"""The channel of what people do in the app itself; others are those of messages."""
ANY: Final = "*"
"""Times of all channels together, for one that has none of its own."""

Priors = Mapping[str, Mapping[str, int]]
"""By facet and value, the share (1024ths) of what everybody likes of the facet."""
Neighbour = tuple[str, int]
"""An item and how strongly it goes with another, 1 to 1024."""


def no_places() -> PlaceModel:
    """What is known of places before anybody went anywhere: every cell may follow every cell."""
    return PlaceModel({}, {}, {}, np.full((PLACE_CELLS, PLACE_CELLS), 1.0 / PLACE_CELLS))


@dataclass(frozen=True, slots=True)
class Returning:
    """How often goals come back: usual days between two of them, overall and by category; BG/NBD."""

    usual_days: float = USUAL_DAYS
    by_category: Mapping[str, float] = field(default_factory=dict)
    purchases: BgNbd | None = None

    def usual_of(self, category: str) -> float:
        """The usual days between two goals of a category; overall for one that is not known."""
        return self.by_category.get(category, self.usual_days)


@dataclass(frozen=True, slots=True)
class ItemModel:
    """Items: how many people touched each, and what goes with each, strongest first."""

    people: Mapping[str, int] = field(default_factory=dict)
    neighbours: Mapping[str, tuple[Neighbour, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What everybody's behaviour says. ``people`` is how many it was learned from.

    ``facets`` are the priors of affinities, ``segments`` those by segment (``source:…``, ``country:…``);
    ``times`` by channel; ``offers`` the counts of everybody by form and daypart.
    """

    EMPTY: ClassVar[Model]

    version: str = NOTHING_LEARNED
    people: int = 0
    facets: Priors = field(default_factory=dict)
    segments: Mapping[str, Priors] = field(default_factory=dict)
    times: Mapping[str, TimeModel] = field(default_factory=dict)
    places: PlaceModel = field(default_factory=no_places)
    items: ItemModel = field(default_factory=ItemModel)
    returning: Returning = field(default_factory=Returning)
    offers: Level = field(default_factory=dict)

    def times_of(self, channel: str) -> TimeModel:
        """When people are there on a channel; of a channel too few used, on all; of no times, any hour."""
        return self.times.get(channel) or self.times.get(ANY) or _ANY_HOUR


def _any_hour() -> TimeModel:
    hours = np.full(WEEK_CELLS, 1.0 / WEEK_CELLS)
    weights: Any = np.full((len(KNOWN) + 1, TIME_COMPONENTS), 1.0 / TIME_COMPONENTS)
    return TimeModel(hours, hours[None, :], weights)


_ANY_HOUR: Final = _any_hour()
Model.EMPTY = Model()

"""What a person did before, as orderers are given it: what goes with it, what was seen in vain, where now.

Each is made only where a placement of the release gives it a weight.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from herenow.learning.model import Model
from herenow.learning.places import Places, cell_of
from herenow.ordering.listed import FADES, GoesWith, going_with
from herenow.profiles.learned.document import Learned
from herenow.profiles.learned.moment import LocalMoment
from herenow_sdk.core.ordering import SCALE

FEATURES: Final = frozenset({"neighbour", "seen_recently", "habit"})
"""The features made of a history; taste, which is about values and not items, is no part of it."""
FORGOTTEN_DAYS: Final = 7
"""What was seen in vain so many days ago may be seen again."""
UNSURE: Final = 5
"""Visits at an hour that weigh as much as knowing nothing of it."""
_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class History:
    """``together``, ``seen`` and ``usual`` of an ``OrderingQuery``."""

    together: Mapping[str, GoesWith] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    usual: Mapping[str, int] = field(default_factory=dict)


def history_of(learned: Learned, model: Model, weighed: Collection[str], moment: LocalMoment) -> History:
    """As far as the features ``weighed`` by some placement ask for it."""
    latest = tuple(reversed(learned.recents))[: len(FADES)]
    return History(
        together=going_with(latest, model.items.neighbours) if "neighbour" in weighed else {},
        seen=looks(learned, moment.day) if "seen_recently" in weighed else {},
        usual=usual_places(learned.places, moment) if "habit" in weighed else {},
    )


def looks(learned: Learned, today: int) -> dict[str, int]:
    """How often each item was shown and left (in 1024ths), fading evenly to nothing in a week."""
    left = {
        item: min(FORGOTTEN_DAYS - (today - shown.day), FORGOTTEN_DAYS)
        for item, shown in learned.seen.items()
    }
    return {
        item: learned.seen[item].times * SCALE * days // FORGOTTEN_DAYS
        for item, days in left.items()
        if days > 0
    }


def usual_places(known: Places, moment: LocalMoment) -> dict[str, int]:
    """By place, how likely the person is there at this hour of such a day, 1024 = surely.

    visits of the hour and the two beside it, of all visits then plus ``UNSURE``: one lunch somewhere says
    little, ten of eleven say much.
    """
    cells = [cell_of(moment.weekday, (moment.hour + beside) % _HOURS) for beside in (-1, 0, 1)]
    visits = {name: sum(place.cells.get(cell, 0) for cell in cells) for name, place in known.places.items()}
    total = sum(visits.values()) + UNSURE
    return {name: count * SCALE // total for name, count in visits.items() if count}

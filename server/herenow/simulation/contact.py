"""How somebody is reached, since when they know the app, and what becomes of their patience.

Drawn apart from who they are (``people``), so that either may grow without the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from numpy.random import Generator

from herenow.simulation.timetable import WEEK_DAYS, Timetable, visits

_FOREIGN: Final = ("Asia/Dubai", "Africa/Nairobi", "Europe/London")
"""Clocks behind the app's own, that some visitors keep."""
_REGULARS: Final = 0.25
_WEEKS_BEFORE: Final = 10


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether a push token and an e-mail address are registered, and what is told of the time before.

    ``past`` is what they bought before, as the app's own systems tell: days before the first, and the second
    of that day; who has any signs in. ``tires`` is the day on which they deny push, if they do;
    ``unsubscribes`` how likely they follow a mail's link to get no more; ``clock`` the zone that their phone
    keeps when they visit.
    """

    push: bool = False
    email: bool = False
    past: tuple[tuple[int, int], ...] = ()
    tires: int | None = None
    unsubscribes: float = 0.0
    clock: str | None = None


def draw_contact(days: int, table: Timetable, random: Generator) -> Contact:
    """Nine of ten can be pushed to, half have told an address; every fourth has ordered for weeks already."""
    regular, tires = bool(random.random() < _REGULARS), bool(random.random() < 0.06)
    day = int(random.integers(1, max(2, days)))
    kept = int(random.integers(len(_FOREIGN))) if random.random() < 0.5 else None
    return Contact(
        push=bool(random.random() < 0.9),
        email=bool(random.random() < 0.5),
        tires=day if tires else None,
        unsubscribes=float(random.uniform(0, 0.1)),
        clock=None if kept is None else _FOREIGN[kept],
        past=tuple(_bought(table, random)) if regular else (),
    )


def _bought(table: Timetable, random: Generator) -> Iterator[tuple[int, int]]:
    """What they bought in the weeks before the first day, a Monday, in their own week."""
    for before in range(WEEK_DAYS * _WEEKS_BEFORE, 0, -1):
        for visit in visits(table, -before % WEEK_DAYS, random):
            if random.random() < visit.buys:
                yield before, visit.second

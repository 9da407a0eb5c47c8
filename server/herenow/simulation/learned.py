"""What the server says it learned of one person, in the terms in which it is compared with the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from herenow.simulation.people import Person


@dataclass(frozen=True, slots=True)
class StatedHabit:
    """An hour of the week in which the app is said to be used: in ``weeks`` of the last ``of``."""

    cell: int
    weeks: int
    of: int


@dataclass(frozen=True, slots=True)
class Known:
    """Of one person. ``tastes`` are affinities by value, -1 to 1; ``hours`` how often by hour of the week.

    ``places`` is the likeliest place by hour, plus 24 at the weekend, by the names of the person's places:
    several where they lie in one cell, as no server can tell them apart, none where it is somewhere else;
    ``stored`` the bytes of each device's part; ``evidence`` how many things were touched or bought.
    """

    tastes: Mapping[str, float] = field(default_factory=dict)
    habits: tuple[StatedHabit, ...] = ()
    hours: Mapping[int, float] = field(default_factory=dict)
    places: Mapping[int, frozenset[str]] = field(default_factory=dict)
    form: str | None = None
    forms_shown: int = 0
    stage: str | None = None
    stored: tuple[int, ...] = ()
    evidence: int = 0
    sentences: tuple[str, ...] = ()


Witness = Callable[[Person, list[str], float], Known]
"""Tells what is known of somebody by the ids of their installations, at an instant."""

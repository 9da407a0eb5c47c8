"""One place read in a text, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from herenow.intent.gazetteer import guards
from herenow.intent.gazetteer.place import Area, Locality, Place
from herenow.intent.gazetteer.settling import Settled
from herenow.intent.normalise import Token

Served = Callable[[Place], int]
"""How many items the catalogue has at a place."""

BY_LARGER_CITY = 0.6
"""The confidence in a city behind the name of one of its quarters."""

_BY_HIERARCHY = 0.95
_BY_PREPOSITION = 0.9
_LOCALITY_BY_ITSELF = 0.6
_BY_ITSELF = ((200_000, 0.75), (50_000, 0.6), (0, 0.45))
"""By population: most words that are also small towns mean something else."""


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """A place at token positions ``first`` to ``last`` (exclusive).

    ``confidence`` from 0 to 1: how the text supports it, less where others share the name. ``alternatives``
    are the others, the likeliest first.
    """

    place: Place
    first: int
    last: int
    confidence: float
    alternatives: tuple[Place, ...] = ()


def support(place: Place, tokens: Sequence[Token], first: int, last: int, end: int) -> float:
    """By what follows a name (from ``last`` to ``end``), by what stands before it, or by itself."""
    if end > last:
        return _BY_HIERARCHY
    announced = first > 0 and tokens[first - 1].form in guards.PREPOSITIONS
    if announced or (first, end) == (0, len(tokens)):
        return _BY_PREPOSITION
    if isinstance(place, Locality):
        return _LOCALITY_BY_ITSELF
    return next(sure for population, sure in _BY_ITSELF if place.population >= population)


def distinction(settled: Settled) -> float:
    """1 where no other place shares the name or this one is served; down to two thirds by others' weight."""
    if settled.served or not settled.alternatives:
        return 1.0
    rivals = sum(max(1, other.population) for other in settled.alternatives if not isinstance(other, Area))
    return 1 - rivals / (rivals + max(1, settled.place.population)) / 3

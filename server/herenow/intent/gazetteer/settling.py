"""Which of several places of one name is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from herenow.intent.gazetteer.place import Place

COMPARABLE = 10
"""A place that weighs less than a tenth of the first is not meant just because it is nearer home."""

MOST_ASKED = 8
"""Candidates that the catalogue is asked about; a name with more has its likelier ones first."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The place that is meant and those passed over, the likeliest first.

    ``served``: the catalogue has items there, and so was asked whether it has.
    """

    place: Place
    alternatives: tuple[Place, ...]
    served: bool = False


def settle(
    candidates: Sequence[Place], served: Callable[[Place], int] | None = None, country: str | None = None
) -> Settled | None:
    """The likeliest of ``candidates``, which come the likeliest first; ``None`` of none.

    First what the catalogue serves (``served`` counts its items at a place), the most items first. Else the
    most prominent; but where others are comparable to it in population, those in ``country`` (the device's)
    go before it.
    """
    if not candidates:
        return None
    asks = served if served and len(candidates) > 1 else _nothing
    counts = [asks(place) for place in candidates[:MOST_ASKED]]
    counts += [0] * (len(candidates) - len(counts))
    ranks = sorted(
        range(len(candidates)), key=lambda at: (-counts[at], not _is_near_home(at, candidates, country), at)
    )
    ordered = [candidates[at] for at in ranks]
    return Settled(ordered[0], tuple(ordered[1:]), counts[ranks[0]] > 0)


def _nothing(_: Place) -> int:
    return 0


def _is_near_home(at: int, candidates: Sequence[Place], country: str | None) -> bool:
    place = candidates[at]
    return place.country == country and place.population * COMPARABLE >= candidates[0].population

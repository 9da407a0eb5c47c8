"""A person: the sum of what each of their devices taught, and of what their backend told.

The sum is made anew at every reading and never stored, so joining twice adds nothing and erasing a device
takes away exactly what it taught. Counts add in any order and grouping; of what is ordered by time (items
touched last, the latest place) the order of the devices' latest beacons decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Final, TypeVar

from herenow.learning import places, rates
from herenow.learning.lifecycle import joined
from herenow.learning.offers import added
from herenow.profiles.learned.document import HIDDEN, NOTHING, RECENTS, SEEN, Cells, Impressions, Learned
from herenow_sdk.core.profile import Profile, merged
from herenow_sdk.core.profile.decay import HALF_LIVES, LONG, UNIT, Counter, bump

TASTE: Final = 5 * UNIT
"""A taste of strength 1 that a backend told counts as a purchase, on the day that it was told."""
_DAY_S: Final = 86_400
_V = TypeVar("_V")


def summed(parts: Sequence[Learned]) -> Learned:
    """The person of these devices (and of what the backend told); ``at`` has no meaning then."""
    known = sorted((each for each in parts if each.knows), key=lambda each: (each.last_ms, each.at))
    if len(known) < 2:
        return known[0] if known else NOTHING
    return reduce(_both, known)


def told(tastes: Mapping[str, Mapping[str, float]], at_s: Mapping[str, int]) -> Learned:
    """What a backend told that somebody likes, from -1 to 1 by facet and value; at which second, by facet."""
    affinity = {
        facet: {
            value: _taste(strength, at_s[facet] // _DAY_S) for value, strength in values.items() if strength
        }
        for facet, values in tastes.items()
    }
    taught = Profile(affinity={facet: values for facet, values in affinity.items() if values})
    if not taught.affinity:
        return NOTHING
    first, last = (edge(at_s[facet] for facet in taught.affinity) for edge in (min, max))
    return Learned(taught=taught, first_day=first // _DAY_S, last_day=last // _DAY_S, last_ms=last * 1000)


def _taste(strength: float, day: int) -> tuple[int, int, int]:
    weight = round(abs(strength) * TASTE)
    return (weight, 0, day) if strength > 0 else (0, weight, day)


def _both(one: Learned, other: Learned) -> Learned:
    """The sum of two, of which ``other`` was heard of later."""
    today = max(one.last_day, other.last_day)
    touched = {*one.recents, *other.recents}
    return replace(
        other,
        at=max(one.at, other.at),
        taught=merged([one.taught, other.taught], today),
        places=places.merged(one.places, other.places),
        recents=(*(each for each in one.recents if each not in other.recents), *other.recents)[-RECENTS:],
        hidden=(*(each for each in one.hidden if each not in other.hidden), *other.hidden)[-HIDDEN:],
        seen=_latest({k: v for k, v in _add(one.seen, other.seen, _impressions).items() if k not in touched}),
        engaged=_add(one.engaged, other.engaged, _cells),
        exposed=_add(one.exposed, other.exposed, _cells),
        offers=added(one.offers, other.offers),
        goals=_add(one.goals, other.goals, joined),
        bought=rates.both(one.bought, other.bought),
        spent=rates.both(one.spent, other.spent),
        sessions=one.sessions + other.sessions,
        first_day=min(one.first_day, other.first_day),
        last_day=today,
        funnel=_add(one.funnel, other.funnel, max),
        areas=_add(one.areas, other.areas, _counters),
    )


def _add(one: Mapping[str, _V], other: Mapping[str, _V], add: Callable[[_V, _V], _V]) -> dict[str, _V]:
    both = {name: add(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def _cells(one: Cells, other: Cells) -> Cells:
    return {cell: one.get(cell, 0) + other.get(cell, 0) for cell in {**one, **other}}


def _impressions(one: Impressions, other: Impressions) -> Impressions:
    return Impressions(one.times + other.times, max(one.day, other.day))


def _latest(seen: Mapping[str, Impressions]) -> dict[str, Impressions]:
    ranked = sorted(seen, key=lambda item: (seen[item].day, seen[item].times, item), reverse=True)
    return {item: seen[item] for item in ranked[: 2 * SEEN]}


def _counters(one: Counter, other: Counter) -> Counter:
    return bump(one, *other, HALF_LIVES[LONG])

"""The best of a whole catalogue without scoring it all: the popular feed, here and for this person.

Most of an item's score does not depend on where it is counted from, and the distance feature is high
only near by. So the items around the origin are scored exactly, which gives a score that the answer
must at least reach; an item farther away can reach it only if the rest of its score makes up for the
little its distance can still give. Those few are scored exactly too. The answer is the same as that of
scoring everything (property-tested).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from herenow.ordering.indices import Flags, Indices, union
from herenow.ordering.scoring import Origin, Scorer
from herenow.ordering.selection import Scores, best_positions, kth_largest

_RADII: Final = (1, 3)
"""Multiples of the origin's radius to try; beyond the last the distance feature is below 5 %."""

_FEW: Final = 16_384
"""Scoring so many exactly costs no more than trying another radius (measured at 100,000 items)."""


def best_of_rest(scorer: Scorer, open_items: Flags, popular: Indices, k: int) -> tuple[Indices, Scores]:
    """The best ``k`` of the open items, in order, and their scores. None of them has an intent feature.

    ``popular`` holds at least all open items by static score descending, index ascending.
    """
    head = _first_open(popular, open_items, k)
    base = scorer.without_distance()
    if len(head) < k:
        contenders = head
    elif scorer.origin is not None and scorer.distance_weight:
        contenders = _near_or_reaching(scorer, scorer.origin, base, open_items, head, k)
    elif scorer.personal:
        contenders = _reaching(base, kth_largest(base[head], k), open_items)
    else:
        contenders = head
    scores = base[contenders] + scorer.gain(contenders)
    at = best_positions(contenders, scores, k)
    return contenders[at], scores[at]


def _first_open(popular: Indices, open_items: Flags, k: int) -> Indices:
    """The first ``k`` open ones; looks at twice as many each time, for few are closed."""
    length = 2 * k
    while True:
        head = popular[:length]
        found = head[open_items[head]]
        if len(found) >= k or length >= len(popular):
            return found[:k]
        length *= 2


def _near_or_reaching(
    scorer: Scorer, origin: Origin, base: Scores, open_items: Flags, head: Indices, k: int
) -> Indices:
    """Open items that contain the best ``k``: those near, and those whose score can do without."""
    contenders = head
    for multiple in _RADII:
        radius_m = multiple * origin.radius_m
        near = scorer.static.catalog.near(origin.lat_e6, origin.lon_e6, radius_m)
        near = near[open_items[near]]
        known = union([near, head], len(base))
        reached = kth_largest(base[known] + scorer.gain(known), k)
        farthest_gain = scorer.distance_weight * origin.feature_beyond(radius_m)
        contenders = union([near, _reaching(base, reached - farthest_gain, open_items)], len(base))
        if len(contenders) <= _FEW:
            break
    return contenders


def _reaching(base: Scores, score: int, open_items: Flags) -> Indices:
    return np.flatnonzero((base >= score) & open_items).astype(np.int32)

"""What a person likes, for conditions and for ordering. Specification: 12.3 and 12.4.

What was searched before anything was done counts as pseudo-events, the fewer the less sure it was
understood, that halve every 14 days: it leads at first, and what the person does displaces it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from herenow_sdk.core.profile.decay import HALF_LIVES, LIMIT, MEDIUM, ONE_SHIFT, SHORT, UNIT, decayed, factor
from herenow_sdk.core.profile.document import Profile, Taste
from herenow_sdk.core.profile.shrinkage import SCALE, STRENGTH, shrink
from herenow_sdk.core.values import is_array, is_number, is_whole

INTENT_EVENTS: Final = 8
"""How many events a searched value of weight 1 is worth on the day of a sure search."""
_SHIFT: Final = 10
"""Takes the product of two weights in 1024ths back to 1024ths."""

Affinity = dict[str, dict[str, int]]
Priors = Mapping[str, Mapping[str, int]]
_NO_PRIORS: Final[Priors] = {}
_NOT_SEARCHED: Final[Affinity] = {}
_NO_TASTES: Final[Mapping[str, Taste]] = {}
_NO_COUNTS: Final[Mapping[str, int]] = {}


def intent_counts(intent: Any, days: int) -> Affinity:
    """Pseudo-counts (1024ths of an event) by facet and value, so many days after the search.

    A value counts by its own weight and by how sure the whole intent is.
    """
    whole = intent if isinstance(intent, Mapping) else {}
    parts, sure = whole.get("facets"), _weight(whole.get("confidence"))
    counts: Affinity = {}
    for part in parts if parts is not None and is_array(parts) else ():
        facet, value = (part.get("facet"), part.get("value")) if isinstance(part, Mapping) else (None, None)
        if not isinstance(facet, str) or not isinstance(value, str):
            continue
        weight = _weight(part.get("weight")) * sure >> _SHIFT
        count = decayed(weight * INTENT_EVENTS, days, HALF_LIVES[SHORT])
        if count:
            values = counts.setdefault(facet, {})
            values[value] = max(values.get(value, 0), count)
    return counts


def affinities(
    profile: Profile, today: int, intent: Affinity | None = None, priors: Priors = _NO_PRIORS
) -> Affinity:
    """Affinity by facet and value, -1024 to 1024: the share liked less the share disliked.

    Shares are of everything known of the facet, shrunk towards ``priors`` (1024ths) of the level above. Only
    values with evidence of their own are listed.
    """
    pseudo = intent or _NOT_SEARCHED
    facets = {**profile.affinity, **pseudo}
    return {facet: facet_affinities(profile, facet, today, pseudo, priors) for facet in facets}


def facet_affinities(
    profile: Profile, facet: str, today: int, intent: Mapping[str, Mapping[str, int]], priors: Priors
) -> dict[str, int]:
    """The same of one facet, by value."""
    table = HALF_LIVES[MEDIUM]
    liked: dict[str, int] = {}
    against: dict[str, int] = {}
    for value, (count, disliked, day) in profile.affinity.get(facet, _NO_TASTES).items():
        left = factor(today - day, table)
        liked[value] = count * left >> ONE_SHIFT
        if disliked:
            against[value] = disliked * left >> ONE_SHIFT
    for value, count in intent.get(facet, _NO_COUNTS).items():
        liked[value] = min(liked.get(value, 0) + count, LIMIT)
    total, above = sum(liked.values()) + sum(against.values()), priors.get(facet)
    found = {value: shrink(count, total, _prior(above, value)) for value, count in liked.items()}
    for value, count in against.items():
        found[value] -= shrink(count, total, 0)
    return found


def item_affinity(found: Affinity, item: Mapping[str, Sequence[str]]) -> int:
    """The ordering feature ``affinity`` of an item with these values by facet: -1024 to 1024.

    All that is known of its values, added up: what speaks for it in two facets is more than in one.
    """
    known = (
        found.get(facet, _NO_COUNTS).get(value, 0) for facet, values in item.items() for value in set(values)
    )
    return max(-SCALE, min(sum(known), SCALE))


def _prior(values: Any, value: str) -> int:
    stated = values.get(value) if isinstance(values, Mapping) else None
    return max(0, min(int(stated), SCALE)) if stated is not None and is_whole(stated) else 0


def _weight(raw: Any) -> int:
    """A weight or a confidence in 1024ths, 0 to 1024, rounded down; 1 when it is not said."""
    if raw is None:
        return UNIT
    return int(max(0, min(raw, 1)) * UNIT) if is_number(raw) and raw == raw else 0


__all__ = [
    "INTENT_EVENTS",
    "STRENGTH",
    "Affinity",
    "affinities",
    "facet_affinities",
    "intent_counts",
    "item_affinity",
]

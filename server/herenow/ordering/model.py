"""What is asked of a placement, and what it answers.

All numbers are integers: features in fixed point (1024 = 1.0), coordinates in microdegrees, distances in
metres, instants in epoch seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from herenow.intent.model import Intent
from herenow.ordering.listed import GoesWith
from herenow_sdk.core.ordering import Candidate
from herenow_sdk.core.reasons import Reason

MAX_DEPTH: Final = 500
"""How far a placement can be paged. Nobody scrolls further; a search says more precisely what is wanted."""

MAX_PAGE: Final = 100
"""The most items one answer holds."""

MAX_RANKED: Final = 1000
"""The longest list of an app's own ids that can be ranked at once."""

PointE6 = tuple[int, int]
"""Latitude and longitude in microdegrees."""


@dataclass(frozen=True, slots=True)
class OrderingQuery:
    """For whom a placement is ordered.

    ``intent`` is what a search meant (``None``: there was none); ``device_place`` where the device is,
    used for distances unless the intent names a place; ``attributes`` what audiences of pins and boosts
    are judged by; ``affinity`` learned interest per (facet, value), 1024 = full; ``now`` epoch seconds.

    Of what the person did before: ``together`` what goes with it, by item; ``seen`` how often an item was
    looked at in vain lately (decayed, in 1024ths); ``usual`` how likely the person is at a place at this
    hour, by place, 1024 = surely; ``hidden`` the items of which they want no more.
    """

    now: int
    intent: Intent | None = None
    device_place: PointE6 | None = None
    attributes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    affinity: Mapping[tuple[str, str], int] = field(default_factory=lambda: MappingProxyType({}))
    together: Mapping[str, GoesWith] = field(default_factory=lambda: MappingProxyType({}))
    seen: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    usual: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    hidden: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """One item of an answer.

    ``index`` is its place in the catalogue; ``features`` and ``score`` are what it was ordered by;
    ``distance_m`` is counted from the searched place or the device, ``None`` where either is unknown;
    ``rung`` names the step of the ladder that found it, ``pinned`` for one that a marketer put there;
    ``groups`` are the values that count for diversity (none for an item that was searched for).
    """

    index: int
    id: str
    score: int
    features: Mapping[str, int]
    reasons: tuple[Reason, ...]
    distance_m: int | None
    rung: str
    groups: tuple[str, ...] = ()

    def candidate(self) -> Candidate:
        """The item as core orders it again, on the server or on a device."""
        return Candidate(self.id, self.features, self.groups)


@dataclass(frozen=True, slots=True)
class OrderedPlacement:
    """One page of a placement.

    ``because`` tells how its items were found: what was searched and each widening that was needed.
    ``next_offset`` is where the next page begins, ``None`` at the end; ``total`` how many items can be
    paged through.
    """

    items: tuple[OrderedItem, ...]
    because: tuple[Reason, ...]
    next_offset: int | None
    total: int


@dataclass(frozen=True, slots=True)
class RankedList:
    """The app's own ids in order; ``unknown`` are those the catalogue does not have, as they came."""

    items: tuple[OrderedItem, ...]
    because: tuple[Reason, ...]
    unknown: tuple[str, ...]

"""The widening ladder: what is shown when too few items are exactly what was asked.

A rung asks for a set of items, the first for exactly what was searched, each later one for less: a wider
circle, then no modifiers, then values that go together with those asked, then any one of several
facets, then the same anywhere, then the words alone that nothing understood, then whatever is popular.
Every give-in on the facets starts in the place itself and widens its circle again, so that a near relative
is found before a far one.

The ladder is climbed only until enough items are found. An item belongs to the first rung that finds it
and carries that rung's ``factor`` in its intent feature, so a looser match starts lower but the
marketer's weights decide how much lower. Each concession is told once, when it first added something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from herenow.ordering.indices import NO_ITEMS, Flags, Indices
from herenow.ordering.search import Facets, Reach, Search
from herenow_sdk.core.reasons import PlacementReason, Reason


class Level(IntEnum):
    """What of the search, apart from its place, a rung still insists on."""

    EXACT = 0
    NO_MODIFIERS = 1
    RELATED = 2
    ANY_FACET = 3
    ONLY_TEXT = 4
    NO_TEXT = 5
    NOTHING = 6


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: its ``name`` in items and reasons, what it asks for, and its ``factor`` out of 1024."""

    name: str
    level: Level
    reach: Reach
    factor: int


@dataclass(frozen=True, slots=True)
class Step:
    """A rung that added ``items``; ``told`` says what was conceded.

    ``items`` is ``None`` for the last rung: everything that no earlier one found.
    """

    rung: Rung
    items: Indices | None
    told: tuple[Reason, ...]


# A factor is the product of these two, rounded: half the strength for a relative in the place itself is
# about what an exact match keeps anywhere else in the city; distance speaks for itself besides.
_LEVEL_FACTOR: Final = {Level.EXACT: 1.0, Level.NO_MODIFIERS: 0.7, Level.RELATED: 0.5, Level.ANY_FACET: 0.35}
_REACH_FACTOR: Final = {Reach.PLACE: 1.0, Reach.WIDER: 0.75, Reach.WIDEST: 0.6}
_CITY_FACTOR: Final = 0.4
_TEXT_FACTOR: Final = 0.35
_NAME: Final = {Level.NO_MODIFIERS: "modifiers", Level.RELATED: "facet", Level.ANY_FACET: "any_facet"}
_BY_TEXT: Final = frozenset({Level.ONLY_TEXT, Level.NO_TEXT})
_FACETS: Final = {
    Level.RELATED: Facets.RELATED,
    Level.ANY_FACET: Facets.ANY,
    Level.ONLY_TEXT: Facets.TEXT,
    Level.NO_TEXT: Facets.NONE,
}


def _rung(level: Level, reach: Reach) -> Rung:
    name = _NAME.get(level) or ("exact" if reach is Reach.PLACE else "radius")
    return Rung(name, level, reach, round(1024 * _LEVEL_FACTOR[level] * _REACH_FACTOR[reach]))


LADDER: Final[tuple[Rung, ...]] = (
    *(_rung(level, reach) for level in _LEVEL_FACTOR for reach in _REACH_FACTOR),
    Rung("city", Level.RELATED, Reach.ANYWHERE, round(1024 * _CITY_FACTOR)),
    Rung("text", Level.ONLY_TEXT, Reach.ANYWHERE, round(1024 * _TEXT_FACTOR)),
    Rung("no_text", Level.NO_TEXT, Reach.ANYWHERE, round(1024 * _TEXT_FACTOR)),
    Rung("popular", Level.NOTHING, Reach.ANYWHERE, 0),
)
"""From the tightest to the loosest."""

PINNED_RUNG: Final = "pinned"


def facets_of(level: Level) -> Facets:
    """Which values satisfy the facets at a level."""
    return _FACETS.get(level, Facets.ASKED)


class Climb:
    """One ascent for one search. ``open`` flags the items not found yet; it belongs to the climb."""

    def __init__(self, search: Search, open_items: Flags) -> None:
        self.search = search
        self.open = open_items
        self._told = _Told()

    def __iter__(self) -> Iterator[Step]:
        """The rungs that add items, in order."""
        for rung in LADDER[:-1]:
            if not _applies(rung, self.search):
                continue
            found = self._take(rung)
            if len(found):
                yield Step(rung, found, tuple(self._told.concessions(rung, self.search, found)))
        if not self.open.any():
            return
        last = LADDER[-1]
        yield Step(last, None, tuple(self._told.concessions(last, self.search, NO_ITEMS)))

    def _take(self, rung: Rung) -> Indices:
        items = self.search.select(
            facets=facets_of(rung.level),
            reach=rung.reach,
            modifiers=rung.level in (Level.EXACT, Level.NO_TEXT),
        )
        found = items[self.open[items]]
        self.open[found] = False
        return found


def _applies(rung: Rung, search: Search) -> bool:
    """Whether the rung can find anything that the rungs before it could not."""
    if not search.understood:
        return False
    if rung.level is Level.ONLY_TEXT:
        return search.residual is not None and not search.by_text
    if rung.level is Level.NO_TEXT:
        return search.by_text and search.narrows
    if rung.name == "city":
        return search.place is not None and bool(search.wishes)
    if rung.reach is not Reach.PLACE and search.point is None:
        return False
    needed = {
        Level.EXACT: True,
        Level.NO_MODIFIERS: bool(search.modifiers) and search.insists,
        Level.RELATED: bool(search.wishes),
        Level.ANY_FACET: len(search.wishes) > 1,
    }
    return needed[rung.level]


class _Told:
    """What has been conceded aloud so far."""

    def __init__(self) -> None:
        self.reach = Reach.PLACE
        self.level = Level.EXACT
        self.relatives: set[tuple[str, str]] = set()

    def concessions(self, rung: Rung, search: Search, found: Indices) -> Iterator[Reason]:
        """What the rung concedes beyond what was told before."""
        if rung.level is Level.NOTHING:
            if search.understood:
                yield _widened("popular")
            return
        if rung.level in _BY_TEXT:
            yield _widened(rung.name, text=search.residual.text if search.residual else "")
            return
        if self.reach < rung.reach < Reach.ANYWHERE:
            yield _widened("radius", from_m=search.radius_m(self.reach), to_m=search.radius_m(rung.reach))
            self.reach = rung.reach
        if self.level < Level.NO_MODIFIERS <= rung.level and search.modifiers:
            yield _widened("modifiers", dropped=[modifier.label for modifier in search.modifiers])
        if rung.level is Level.RELATED:
            yield from self._relatives(search, found)
        if self.level < Level.ANY_FACET <= rung.level:
            yield _widened("any_facet", facets=[wish.facet for wish in search.wishes])
        if rung.reach is Reach.ANYWHERE:
            yield _widened("city", place=search.place.name if search.place else None)
        self.level = max(self.level, rung.level)

    def _relatives(self, search: Search, found: Indices) -> Iterator[Reason]:
        for wish in search.wishes:
            values = search.relatives_among(wish, found)
            fresh = [value for value in values if (wish.facet, value) not in self.relatives]
            self.relatives.update((wish.facet, value) for value in fresh)
            if fresh:
                asked = [match.value for match in wish.asked]
                yield _widened("facet", facet=wish.facet, **{"from": asked, "to": fresh})


def _widened(step: str, **args: Any) -> Reason:
    return Reason(PlacementReason.WIDENED, {"step": step, **args})

"""Which places lie in what is named behind them: locality < city < region < country.

"springfield il", "paris texas", "san jose costa rica", "columbus in ohio", "williamsburg brooklyn".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from herenow.intent.gazetteer import guards
from herenow.intent.gazetteer.distance import distance_m
from herenow.intent.gazetteer.names import key_of, key_of_name
from herenow.intent.gazetteer.place import Area, AreaKind, City, Locality, Place
from herenow.intent.gazetteer.world import World
from herenow.intent.normalise import Token

Narrowed = tuple[tuple[Place, ...], int]
"""The places that are left, and the position where the names behind them end."""

_LEVELS = 4
"""Locality, city, region, country."""
_LINKS = frozenset({"in", "of", "en", "de", "em"})
_SUBURB_RADII = 2.0
_TOWN_POPULATION = 100_000
_FAR_LARGER = 10


def narrowed(
    world: World, candidates: tuple[Place, ...], tokens: Sequence[Token], last: int, levels: int = _LEVELS
) -> Narrowed:
    """The candidates that lie in what is named at ``last``; all of them where nothing there holds one."""
    for end, key in _following(world, tokens, last):
        for parents in _parents(world, key, is_last=end == len(tokens)):
            inside = _inside(candidates, parents)
            if inside and levels:
                return narrowed(world, inside, tokens, end, levels - 1)
    if last < len(tokens) and tokens[last].form in _LINKS:
        return _narrowed_by_name(world, candidates, tokens, last)
    return candidates, last


def larger_city(
    world: World, town: Place, tokens: Sequence[Token], first: int, last: int
) -> tuple[City, int] | None:
    """The city behind a town that does not lie in it, and where its name ends.

    "chelsea manhattan": a quarter of a name that the world knows as a town elsewhere. A town of some size,
    or an everyday word, is not read like that.
    """
    is_town = isinstance(town, City) and town.population < _TOWN_POPULATION
    if not is_town or guards.is_word(key_of(tokens, first, last)):
        return None
    for end, key in _following(world, tokens, last):
        named = world.places(key)
        if named and isinstance(named[0], City) and not guards.is_never(key):
            return (named[0], end) if named[0].population >= _FAR_LARGER * town.population else None
    return None


def _narrowed_by_name(
    world: World, candidates: tuple[Place, ...], tokens: Sequence[Token], last: int
) -> Narrowed:
    """Over a linking word, where codes would be mistaken for words."""
    for end, key in _following(world, tokens, last + 1):
        areas = tuple(place for place in world.places(key) if isinstance(place, Area))
        if inside := _inside(candidates, areas):
            return inside, end
    return candidates, last


def _following(world: World, tokens: Sequence[Token], last: int) -> Iterator[tuple[int, str]]:
    """Where it ends and the key of every name that may stand at ``last``, the longest first."""
    if last >= len(tokens):
        return
    keys = world.reach(tokens, last) or (tokens[last].form,)
    for length in range(len(keys), 0, -1):
        yield last + length, keys[length - 1]


def _parents(world: World, key: str, *, is_last: bool) -> Iterator[tuple[Place, ...]]:
    """Areas of that name, regions and countries of that code, cities, localities.

    A code that is a common word ("in") only ends a text.
    """
    named = world.places(key)
    yield tuple(place for place in named if isinstance(place, Area))
    if is_last or not guards.is_never(key):
        coded = world.areas_coded(key)
        yield tuple(area for area in coded if area.kind is AreaKind.REGION)
        yield tuple(area for area in coded if area.kind is AreaKind.COUNTRY)
    yield tuple(place for place in named if isinstance(place, City))
    yield tuple(place for place in named if isinstance(place, Locality))


def _inside(candidates: Sequence[Place], parents: Sequence[Place]) -> tuple[Place, ...]:
    return tuple(place for place in candidates if any(_lies_in(place, parent) for parent in parents))


def _lies_in(place: Place, parent: Place) -> bool:
    return parent.holds(place) if isinstance(parent, Area) else _is_part(place, parent)


def _is_part(place: Place, larger: City | Locality) -> bool:
    """Whether a place is a part or a suburb of a city, or of the locality that is its parent."""
    if isinstance(place, Area) or place.country not in {"", larger.country}:
        return False
    if isinstance(larger, Locality):
        smaller = isinstance(place, Locality) and key_of_name(place.parent) == key_of_name(larger.name)
    else:
        smaller = place.population < larger.population
    return smaller and distance_m(place, larger) <= _SUBURB_RADII * larger.radius_m

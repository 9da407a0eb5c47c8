"""Reading the places of the world in a text.

A reading begins at a word: the longest name that stands there, resolved through the parts that follow it
("springfield il", "paris texas", "cambridge, ma", "san jose costa rica", "williamsburg brooklyn"). Words
that are also other things are read as places only where the text supports it; ``guards`` tells which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from herenow.intent.gazetteer import guards, layout
from herenow.intent.gazetteer.distance import distance_m
from herenow.intent.gazetteer.edits import is_one_edit
from herenow.intent.gazetteer.localities import LoadedLocalities, Localities, PackReader
from herenow.intent.gazetteer.place import Area, AreaKind, City, Locality, Place
from herenow.intent.gazetteer.settling import settle
from herenow.intent.gazetteer.table import PlaceTable
from herenow.intent.normalise import Token, words

Served = Callable[[Place], int]
"""How many items the catalogue has at a place."""

ALTERNATIVES = 5
"""Other places of the name that a reading reports."""

_BY_REGION = 0.95
_BY_PREPOSITION = 0.9
_BY_ITSELF = ((200_000, 0.75), (50_000, 0.6), (0, 0.45))
"""By population: most words that are also small towns mean something else."""
_LOCALITY_BY_ITSELF = 0.6
_BY_LARGER_CITY = 0.6
_CORRECTED = 0.7
"""How much the confidence of a corrected reading keeps."""
_LOCALITY_POPULATION = 100_000
"""A smaller town before a far larger city that it does not lie in is read as a quarter of that city."""
_FAR_LARGER = 10
_LEVELS = 4
"""Locality, city, region, country."""
_SUBURB_RADII = 2.0


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
    corrected: bool = False


class Gazetteer:
    """The world's cities, regions and countries by the names people type. Safe for threads."""

    def __init__(self, table: PlaceTable | None = None, localities: Localities | None = None) -> None:
        self._given = table
        self._localities = localities

    @cached_property
    def _table(self) -> PlaceTable:
        return self._given or PlaceTable()

    def lookup(self, key: str) -> tuple[City, ...]:
        """The cities of a name, as ``fold`` leaves its words, joined by blanks; the most prominent first.

        Prominence is population; a city weighs less under a name that is not its own.
        """
        return tuple(place for place in self._table.places(key) if isinstance(place, City))

    def places(self, key: str) -> tuple[Place, ...]:
        """As ``lookup``, with regions and countries, and with localities behind them."""
        known = self._table.places(key)
        return (*known, *self._localities.places(key)) if self._localities else known

    def load_localities(self, path: Path) -> LoadedLocalities:
        """The localities of a CSV file, for ``with_localities``. Raises ``Invalid``."""
        return PackReader(self._named).read(path)

    def with_localities(self, localities: Localities) -> Gazetteer:
        """The same world with these localities in it."""
        return Gazetteer(self._table, localities)

    def _named(self, text: str) -> tuple[Place, ...]:
        tokens = words(text)
        reading = self.read(tokens, 0) if tokens else None
        if reading is None or reading.last < len(tokens):
            return self.places(_key(tokens, 0, len(tokens)))
        return reading.place, *reading.alternatives

    def nearest(self, key: str) -> tuple[City, ...]:
        """The cities whose own name is one edit away; blanks do not count ("sanfrancisco").

        The first letter is right or has changed places with the second: fingers seldom miss it.
        """
        letters = key.replace(" ", "")
        if len(letters) < layout.SHORTEST_CORRECTED or len(letters) > _LONGEST_CORRECTED:
            return ()
        return tuple(
            city for city in self._table.edited(letters) if is_one_edit(letters, _letters(city.name))
        )

    def find(
        self, text: str, *, served: Served | None = None, country: str | None = None
    ) -> PlaceReading | None:
        """The place of a text that says little else, as people fill in a field for a city; ``None`` of none.

        What is read first counts; where nothing is, the same with one letter wrong.
        """
        tokens = words(text)
        for read in (self.read, self.read_misspelt):
            for first in range(len(tokens)):
                if found := read(tokens, first, served=served, country=country):
                    return found
        return None

    def read(
        self,
        tokens: Sequence[Token],
        first: int,
        *,
        served: Served | None = None,
        country: str | None = None,
    ) -> PlaceReading | None:
        """The longest place that begins at a token, or ``None``.

        ``served`` counts the catalogue's items at a place, ``country`` is the device's; ``settle`` tells how
        they decide between places of one name.
        """
        keys = self._reach(tokens, first)
        for length in range(len(keys), 0, -1):
            key = keys[length - 1]
            if guards.is_never(key) or not (candidates := self.places(key)):
                continue
            reading = self._resolve(candidates, tokens, first, first + length, served, country)
            if reading and self._is_supported(reading, key, tokens, first + length):
                return reading
        return None

    def read_misspelt(
        self,
        tokens: Sequence[Token],
        first: int,
        *,
        served: Served | None = None,
        country: str | None = None,
    ) -> PlaceReading | None:
        """As ``read``, of a name with one letter wrong: for words that nothing else explains."""
        for last in range(min(first + _WORDS_CORRECTED, len(tokens)), first, -1):
            key = _key(tokens, first, last)
            if key in guards.EVERYDAY or guards.is_never(key) or not (candidates := self.nearest(key)):
                continue
            reading = self._resolve(candidates, tokens, first, last, served, country)
            if reading:
                sure = round(reading.confidence * _CORRECTED, 2)
                return replace(reading, confidence=sure, corrected=True)
        return None

    def _resolve(
        self,
        candidates: tuple[Place, ...],
        tokens: Sequence[Token],
        first: int,
        last: int,
        served: Served | None,
        country: str | None,
    ) -> PlaceReading | None:
        """The likeliest of the candidates, by the parts that follow."""
        inside, end = self._narrowed(candidates, tokens, last)
        if end == last and (larger := self._larger_city(candidates, tokens, first, last)):
            return PlaceReading(larger[0], first, larger[1], _BY_LARGER_CITY)
        settled = settle(inside, served, country)
        if settled is None:
            return None
        others = settled.alternatives[:ALTERNATIVES]
        support = _support(settled.place, tokens, (first, last, end))
        sure = round(support * _distinction(settled.place, settled.alternatives, served), 2)
        return PlaceReading(settled.place, first, end, sure, others)

    def _narrowed(
        self, candidates: tuple[Place, ...], tokens: Sequence[Token], last: int, levels: int = _LEVELS
    ) -> tuple[tuple[Place, ...], int]:
        """The candidates that lie in the areas named behind, and where these names end."""
        for length, key in reversed([*enumerate(self._following(tokens, last), 1)]):
            for parents in self._parents(key, is_last=last + length == len(tokens)):
                inside = tuple(place for place in candidates if _lies_in_one(place, parents))
                if inside and levels:
                    return self._narrowed(inside, tokens, last + length, levels - 1)
        if last + 1 < len(tokens) and tokens[last].form in _LINKS:
            return self._narrowed_by_name(candidates, tokens, last)
        return candidates, last

    def _narrowed_by_name(
        self, candidates: tuple[Place, ...], tokens: Sequence[Token], last: int
    ) -> tuple[tuple[Place, ...], int]:
        """As ``_narrowed``, over a linking word: "columbus in ohio"."""
        for length, key in reversed([*enumerate(self._following(tokens, last + 1), 1)]):
            areas = tuple(place for place in self.places(key) if isinstance(place, Area))
            inside = tuple(place for place in candidates if _lies_in_one(place, areas))
            if inside:
                return inside, last + 1 + length
        return candidates, last

    def _reach(self, tokens: Sequence[Token], first: int) -> tuple[str, ...]:
        known = self._table.reach(tokens, first)
        if not self._localities:
            return known
        return max(known, self._localities.reach(tokens, first), key=len)

    def _following(self, tokens: Sequence[Token], last: int) -> tuple[str, ...]:
        if last >= len(tokens):
            return ()
        return self._reach(tokens, last) or (tokens[last].form,)

    def _parents(self, key: str, *, is_last: bool) -> Iterator[tuple[Place, ...]]:
        """Areas of that name, regions and countries of that code, cities.

        A code that is a common word ("in") only ends a text.
        """
        named = self.places(key)
        yield tuple(place for place in named if isinstance(place, Area))
        if is_last or not guards.is_never(key):
            coded = self._table.areas_coded(key)
            yield tuple(area for area in coded if area.kind is AreaKind.REGION)
            yield tuple(area for area in coded if area.kind is AreaKind.COUNTRY)
        yield tuple(place for place in named if isinstance(place, City))
        yield tuple(place for place in named if isinstance(place, Locality))

    def _larger_city(
        self, candidates: tuple[Place, ...], tokens: Sequence[Token], first: int, last: int
    ) -> tuple[City, int] | None:
        """The city behind a name that is not known in it: "springfield brooklyn" is somewhere in Brooklyn."""
        town = candidates[0]
        if not isinstance(town, City) or town.population >= _LOCALITY_POPULATION:
            return None
        if guards.is_word(_key(tokens, first, last)):
            return None
        for length, key in reversed([*enumerate(self._following(tokens, last), 1)]):
            named = self.places(key)
            if named and isinstance(named[0], City) and not guards.is_never(key):
                city = named[0]
                return (city, last + length) if city.population >= _FAR_LARGER * town.population else None
        return None

    def _is_supported(self, reading: PlaceReading, key: str, tokens: Sequence[Token], last: int) -> bool:
        own = _key_of(reading.place.name)
        if guards.is_alias(key, reading.place, own) and guards.is_word(key):
            return False
        if reading.last > last or not guards.needs_support(key, reading.place, own):
            return True
        before = tokens[reading.first - 1].form if reading.first else None
        return guards.is_supported(key, reading.place, before, ends=last == len(tokens))


_LINKS = frozenset({"in", "of", "en", "de", "em"})
_WORDS_CORRECTED = 3
_LONGEST_CORRECTED = 40


def _support(place: Place, tokens: Sequence[Token], at: tuple[int, int, int]) -> float:
    first, last, end = at
    if end > last:
        return _BY_REGION
    announced = first > 0 and tokens[first - 1].form in guards.PREPOSITIONS
    if announced or (first, end) == (0, len(tokens)):
        return _BY_PREPOSITION
    if isinstance(place, Locality):
        return _LOCALITY_BY_ITSELF
    return next(sure for population, sure in _BY_ITSELF if place.population >= population)


def _distinction(place: Place, others: Sequence[Place], served: Served | None) -> float:
    """1 where no other place shares the name; towards two thirds the more they weigh against it."""
    if served and served(place):
        return 1.0
    rivals = sum(max(1, other.population) for other in others if not isinstance(other, Area))
    return 1 - rivals / (rivals + max(1, place.population)) / 3


def _lies_in_one(place: Place, parents: Sequence[Place]) -> bool:
    return any(
        parent.holds(place) if isinstance(parent, Area) else _is_part(place, parent) for parent in parents
    )


def _is_part(place: Place, larger: City | Locality) -> bool:
    """Whether a place is a part or a suburb of a city, or of the locality that is its parent."""
    if isinstance(place, Area) or place.country not in {"", larger.country}:
        return False
    if isinstance(larger, Locality):
        smaller = isinstance(place, Locality) and _key_of(place.parent) == _key_of(larger.name)
    else:
        smaller = place.population < larger.population
    return smaller and distance_m(place, larger) <= _SUBURB_RADII * larger.radius_m


def _key(tokens: Sequence[Token], first: int, last: int) -> str:
    return " ".join(token.form for token in tokens[first:last])


@lru_cache(maxsize=4096)
def _key_of(name: str) -> str:
    return " ".join(token.form for token in words(name)).translate(layout.PLAIN_LETTERS)


def _letters(name: str) -> str:
    return _key_of(name).replace(" ", "")

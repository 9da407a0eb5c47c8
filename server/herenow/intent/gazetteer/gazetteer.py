"""Reading the places of the world in a text.

A reading begins at a word: the longest name that stands there, resolved through the parts that follow it
(``hierarchy``). Words that are also other things are read as places only where the text supports it
(``guards``). Among several of a name the catalogue, population and the device's country decide
(``settling``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from herenow.intent.gazetteer import guards
from herenow.intent.gazetteer.codes import read_code
from herenow.intent.gazetteer.hierarchy import larger_city, narrowed
from herenow.intent.gazetteer.localities import LoadedLocalities, Localities, PackReader
from herenow.intent.gazetteer.names import key_of, key_of_name
from herenow.intent.gazetteer.place import City, Place
from herenow.intent.gazetteer.reading import BY_LARGER_CITY, PlaceReading, Served, distinction, support
from herenow.intent.gazetteer.settling import settle
from herenow.intent.gazetteer.table import PlaceTable
from herenow.intent.gazetteer.world import World, packaged_table
from herenow.intent.normalise import Token, words

ALTERNATIVES = 5
"""Other places of the name that a reading reports."""

_CORRECTED = 0.7
"""How much of its confidence a corrected reading keeps."""
_WORDS_CORRECTED = 3


class Gazetteer:
    """The world's cities, regions and countries by the names people type. Safe for threads."""

    def __init__(self, table: PlaceTable | None = None, localities: Localities | None = None) -> None:
        self._world = World(table or packaged_table(), localities)

    def lookup(self, key: str) -> tuple[City, ...]:
        """The cities of a name, as ``fold`` leaves its words, joined by blanks; the most prominent first.

        Prominence is population; a city weighs less under a name that is not its own.
        """
        return tuple(place for place in self._world.places(key) if isinstance(place, City))

    def places(self, key: str) -> tuple[Place, ...]:
        """As ``lookup``, with regions and countries, and with localities behind them."""
        return self._world.places(key)

    def knows(self, key: str) -> bool:
        """Whether any place has the name: half a microsecond for most words that are none.

        For cutting runs of scripts without spaces, whose names of one character are none.
        """
        return len(key) > 1 and self._world.knows(key)

    def nearest(self, key: str) -> tuple[City, ...]:
        """The cities whose own name is one letter away; blanks do not count ("sanfrancisco")."""
        return self._world.nearest(key)

    def load_localities(self, path: Path) -> LoadedLocalities:
        """The localities of a CSV file, for ``with_localities``. Raises ``Invalid``."""
        return PackReader(self._named).read(path)

    def with_localities(self, localities: Localities) -> Gazetteer:
        """The same world with these localities in it."""
        return Gazetteer(self._world.table, localities)

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
        keys = self._world.reach(tokens, first)
        for last in range(first + len(keys), first, -1):
            key = keys[last - first - 1]
            if guards.is_never(key) or not (candidates := self._world.places(key)):
                continue
            reading = self._resolved(candidates, tokens, first, last, served, country)
            if reading and _is_supported(reading, key, tokens, last):
                return reading
        return read_code(self._world, tokens, first, country)

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
            key = key_of(tokens, first, last)
            if guards.is_word(key) or not (candidates := self._world.nearest(key)):
                continue
            if reading := self._resolved(candidates, tokens, first, last, served, country):
                sure = round(reading.confidence * _CORRECTED, 2)
                return replace(reading, confidence=sure)
        return None

    def _resolved(
        self,
        candidates: tuple[Place, ...],
        tokens: Sequence[Token],
        first: int,
        last: int,
        served: Served | None,
        country: str | None,
    ) -> PlaceReading | None:
        """The likeliest of the candidates, by the parts that follow."""
        inside, end = narrowed(self._world, candidates, tokens, last)
        if end == last:
            if larger := larger_city(self._world, candidates[0], tokens, first, last):
                return PlaceReading(larger[0], first, larger[1], BY_LARGER_CITY)
            if guards.is_word(key_of(tokens, first, last)) and not _is_announced(tokens, first, last):
                return None
        settled = settle(inside, served, country)
        if settled is None:
            return None
        sure = support(settled.place, tokens, first, last, end) * distinction(settled)
        others = settled.alternatives[:ALTERNATIVES]
        return PlaceReading(settled.place, first, end, round(sure, 2), others)

    def _named(self, text: str) -> tuple[Place, ...]:
        """All that a text may name when it names nothing else."""
        tokens = words(text)
        reading = self.read(tokens, 0) if tokens else None
        if reading is None or reading.last < len(tokens):
            return self._world.places(key_of(tokens, 0, len(tokens)))
        return reading.place, *reading.alternatives


def _is_announced(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether an everyday word may be a place at all: the cheap half of what ``guards.is_supported`` asks."""
    return (first, last) == (0, len(tokens)) or (first > 0 and tokens[first - 1].form in guards.ANNOUNCING)


def _is_supported(reading: PlaceReading, key: str, tokens: Sequence[Token], last: int) -> bool:
    own = key_of_name(reading.place.name)
    if guards.is_alias(key, reading.place, own) and guards.is_word(key):
        return False
    if reading.last > last or not guards.needs_support(key, reading.place, own):
        return True
    before = tokens[reading.first - 1].form if reading.first else None
    return guards.is_supported(key, reading.place, own, before, ends=last == len(tokens))

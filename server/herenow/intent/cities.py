"""The places of the world in a text, for catalogues whose items are somewhere.

A place of the catalogue or of the app goes before one of the gazetteer, which may name more of the world than
anybody means; among places of one name the one where the catalogue has items is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.intent.gazetteer import Gazetteer, Place, PlaceReading
from herenow.intent.matching import PhraseMatch
from herenow.intent.model import Source
from herenow.intent.normalise import Token
from herenow.intent.phrases import PlacePhrase
from herenow.intent.places import KnownPlace

CITY_WEIGHT: Final = 0.9
"""The most that a place of the world counts; the catalogue's own count for more."""
LITTLE_KNOWN: Final = 0.99
_STYLES: Final = frozenset({"style", "styled", "estilo", "stil"})
_WELL_KNOWN: Final = 50_000
_MOST_MISSPELT: Final = 2
"""A misspelt name costs a tenth of a millisecond to look for."""
_MOST_ASKED: Final = 16
"""Words at which a place is looked for; a search names one, and only nonsense has more words to ask about."""
_REMEMBERED: Final = 4096
_METRES_PER_MICRODEGREE: Final = 0.111195


@dataclass(frozen=True, slots=True, repr=False)
class Cities:
    """A gazetteer, and where the catalogue has items: ``middles`` in microdegrees, ``items`` how many."""

    gazetteer: Gazetteer
    middles: NDArray[np.float64]
    items: NDArray[np.int64]
    _counted: dict[Place, int] = field(default_factory=dict)

    @classmethod
    def around(cls, gazetteer: Gazetteer, places: Sequence[KnownPlace]) -> Cities:
        """For the places that a catalogue serves."""
        located = [place for place in places if place.lat_e6 is not None]
        middles = np.array([(place.lat_e6, place.lon_e6) for place in located], np.float64).reshape(-1, 2)
        return cls(gazetteer, middles, np.array([place.items for place in located], np.int64))

    def find(
        self, tokens: Sequence[Token], positions: Sequence[int], country: str | None
    ) -> Iterator[PhraseMatch]:
        """Every place that is read at one of the positions, overlapping ones too."""
        for first in positions[:_MOST_ASKED]:
            # "new york style pizza" is a pizza, wherever it is sold.
            reading = self.gazetteer.read(tokens, first, served=self.served, country=country)
            if reading is not None and not _is_a_style(tokens, reading.last):
                yield PhraseMatch(reading.first, reading.last, (_named(reading),), _certainty(reading.place))

    def misspelt(
        self, tokens: Sequence[Token], positions: Sequence[int], country: str | None
    ) -> Iterator[PhraseMatch]:
        """Places with one letter wrong, at positions where nothing else explains the words.

        At the start only a place that is the whole text: "patty lane" is nowhere near Patti.
        """
        for first in positions[:_MOST_MISSPELT]:
            reading = self.gazetteer.read_misspelt(tokens, first, served=self.served, country=country)
            if reading is not None and (first > 0 or reading.last == len(tokens)):
                name = reading.place.name
                yield PhraseMatch(reading.first, reading.last, (_named(reading),), LITTLE_KNOWN, name)

    def knows(self, form: str) -> bool:
        """Whether a word is the name of a city that many live in."""
        return any(city.population >= _WELL_KNOWN for city in self.gazetteer.lookup(form)[:1])

    def served(self, place: Place) -> int:
        """How many items the catalogue has within a place's circle."""
        if not len(self.items):
            return 0
        known = self._counted.get(place)
        if known is None:
            if len(self._counted) >= _REMEMBERED:
                self._counted.clear()
            known = self._counted[place] = self._count(place)
        return known

    def _count(self, place: Place) -> int:
        north, east = (self.middles - (place.lat_e6, place.lon_e6)).T * _METRES_PER_MICRODEGREE
        away = north**2 + (east * np.cos(np.radians(place.lat_e6 / 1e6))) ** 2
        return int(self.items[away <= place.radius_m**2].sum())


def _is_a_style(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].form in _STYLES


def _certainty(place: Place) -> float:
    """Below 1 for a place that few know: its name may as well be a slip of another word."""
    return 1.0 if getattr(place, "population", 0) >= _WELL_KNOWN else LITTLE_KNOWN


def _named(reading: PlaceReading) -> PlacePhrase:
    weight = round(CITY_WEIGHT * reading.confidence, 3)
    others = tuple(map(_known, reading.alternatives))
    return PlacePhrase(_known(reading.place), weight, Source.CITY, others)


def _known(place: Place) -> KnownPlace:
    return KnownPlace(
        place.name,
        None,
        (),
        place.lat_e6,
        place.lon_e6,
        place.radius_m,
        parent=place.region_name or None,
        country=place.country,
    )

"""Places that only an online geocoder knows, asked for beside the request.

A request never waits for a geocoder: what is not known yet is asked for in the background, and whoever
searches for it next is served by the answer. Few lookups wait at a time, so nonsense cannot pile up.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final

from herenow.intent import grammar
from herenow.intent.geocoding import GeocodedPlace, Geocoder
from herenow.intent.languages import Language
from herenow.intent.matching import PhraseMatch
from herenow.intent.model import Source
from herenow.intent.normalise import Token
from herenow.intent.phrases import PlacePhrase
from herenow.intent.places import KnownPlace

GEOCODED_WEIGHT: Final = 0.6
_MOST_WAITING: Final = 32
_REMEMBERED: Final = 10_000


class LaterGeocoder:
    """A ``Geocoder`` that answers at once: what it knows, else ``None``, and asks for it meanwhile."""

    def __init__(self, geocoder: Geocoder) -> None:
        self._geocoder = geocoder
        self._known: OrderedDict[tuple[str, str | None], GeocodedPlace | None] = OrderedDict()
        self._waiting: set[tuple[str, str | None]] = set()
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="geocoder")

    def locate(self, text: str, country: str | None = None) -> GeocodedPlace | None:
        """See ``Geocoder``."""
        key = text, country
        with self._lock:
            if key in self._known:
                return self._known[key]
            if key in self._waiting or len(self._waiting) >= _MOST_WAITING:
                return None
            self._waiting.add(key)
        self._threads.submit(self._ask, key)
        return None

    def close(self) -> None:
        """End the background thread; what waits is not asked for."""
        self._threads.shutdown(cancel_futures=True)

    def _ask(self, key: tuple[str, str | None]) -> None:
        found = self._geocoder.locate(*key)
        with self._lock:
            self._waiting.discard(key)
            if found is not None:  # a service that rests knows nothing; it is asked again another time
                self._known[key] = found
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)


def located(
    tokens: Sequence[Token],
    found: Sequence[PhraseMatch],
    language: Language,
    geocoder: Geocoder,
    country: str | None,
) -> list[PhraseMatch]:
    """The first place that the text names, nothing here knows, and the geocoder does."""
    taken = {at for match in found for at in range(match.first, match.last)}
    for named in grammar.places_named(tokens, language.grammar, taken):
        name = " ".join(token.form for token in tokens[named.first : named.last])
        place = geocoder.locate(name, country)
        if place is not None:
            known = KnownPlace(place.name, None, (), place.lat_e6, place.lon_e6, place.radius_m)
            meaning = PlacePhrase(known, GEOCODED_WEIGHT, Source.GEOCODER)
            return [PhraseMatch(named.first, named.last, (meaning,))]
    return []

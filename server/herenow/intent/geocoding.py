"""An online geocoder as a last resort: for the words of a place that neither catalogue nor gazetteer knows.

Off unless an operator names a service. It must never harm a parse: a lookup answers at once or not at all.
Answers, also empty ones, are cached for a limited time in a limited number; requests beyond the service's
rate are not made rather than waited for (Nominatim allows one a second); after a failure the service is left
alone for a while. Only the words of the place leave the server, never the whole search.

Services are those of geopy, which the ``geo`` extra installs.
"""

from __future__ import annotations

import importlib
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from herenow.clock import Clock
from herenow.errors import Invalid
from herenow.intent.normalise import fold
from herenow.text import clean_text

DEFAULT_RADIUS_M: Final = 2_000
"""For an answer without an extent."""
LARGEST_RADIUS_M: Final = 2_000_000

_METRES_A_DEGREE: Final = 111_195
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GeocodedPlace:
    """What a geocoder found. Coordinates in microdegrees; ``radius_m`` reaches the corners of its extent."""

    name: str
    lat_e6: int
    lon_e6: int
    radius_m: int


class Geocoder(Protocol):
    """Finds a place by its words; ``None`` when there is none or when it cannot tell now."""

    def locate(self, text: str, country: str | None = None) -> GeocodedPlace | None:
        """``country`` (ISO 3166-1 alpha-2) narrows the search where the service can do that."""
        ...


@dataclass(frozen=True, slots=True)
class GeocodingOptions:
    """Which service, and how gently it is used.

    ``service`` is geopy's name ("nominatim", "photon", …), empty for none; ``url`` the server if it is not
    the service's public one; ``user_agent`` names the operator, which Nominatim asks for. Times in seconds.
    """

    service: str = ""
    url: str = ""
    user_agent: str = "herenow"
    api_key: str = ""
    timeout_s: float = 1.0
    per_second: float = 1.0
    cached: int = 10_000
    cache_s: float = 30 * 86_400
    empty_cache_s: float = 86_400
    rest_s: float = 30.0
    """How long a service that failed is left alone."""


class Failed(Exception):
    """The service could not be asked or did not answer; nothing is known about the place."""


class OnlineGeocoder:
    """One of geopy's services. Unlike a ``Geocoder`` it may raise: ``LimitedGeocoder`` goes around it."""

    def __init__(self, options: GeocodingOptions) -> None:
        """Raises ``Invalid`` (``GEOCODER_UNKNOWN``, ``GEOCODER_NOT_INSTALLED``)."""
        self._options = options
        self._service = _service(options)

    def ask(self, text: str, country: str | None = None) -> GeocodedPlace | None:
        """Raises ``Failed`` on whatever goes wrong."""
        narrowed = {"country_codes": [country.lower()]} if country and self._narrows else {}
        try:
            found = self._service.geocode(text, exactly_one=True, **narrowed)
        except Exception as error:  # a foreign library over a network: its failures are not ours
            raise Failed(type(error).__name__) from error
        return None if found is None else _place(found)

    @property
    def _narrows(self) -> bool:
        return self._options.service.lower() == "nominatim"


class LimitedGeocoder:
    """A ``Geocoder`` that caches, keeps the rate, rests after failures, never raises. Safe for threads."""

    def __init__(self, online: OnlineGeocoder, options: GeocodingOptions, clock: Clock) -> None:
        self._online, self._options, self._clock = online, options, clock
        self._known: OrderedDict[tuple[str, str | None], tuple[float, GeocodedPlace | None]] = OrderedDict()
        self._not_before = 0.0
        self._lock = Lock()

    def locate(self, text: str, country: str | None = None) -> GeocodedPlace | None:
        """See ``Geocoder``. Takes at most the timeout, and no time at all beyond the rate."""
        cleaned = clean_text(text)
        if not cleaned:
            return None
        key = fold(cleaned), country
        with self._lock:
            if (known := self._known.get(key)) and known[0] > self._clock():
                self._known.move_to_end(key)
                return known[1]
            if self._clock() < self._not_before:
                return None
            self._not_before = self._clock() + 1 / self._options.per_second
        return self._asked(key, cleaned, country)

    def _asked(self, key: tuple[str, str | None], text: str, country: str | None) -> GeocodedPlace | None:
        try:
            found = self._online.ask(text, country)
        except Failed as failure:
            _log.warning("geocoder rests for %s s after %s", self._options.rest_s, failure)
            with self._lock:
                self._not_before = self._clock() + self._options.rest_s
            return None
        self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, str | None], found: GeocodedPlace | None) -> None:
        lasts = self._options.cache_s if found else self._options.empty_cache_s
        with self._lock:
            self._known[key] = self._clock() + lasts, found
            self._known.move_to_end(key)
            while len(self._known) > self._options.cached:
                self._known.popitem(last=False)


def geocoder(options: GeocodingOptions, clock: Clock) -> Geocoder | None:
    """What the options ask for; ``None`` when they name no service. Raises ``Invalid``."""
    if not options.service:
        return None
    if not options.per_second > 0:
        raise Invalid(
            f"A geocoder cannot be asked {options.per_second} times a second",
            code="GEOCODER_RATE",
            detail="Give a rate above 0; Nominatim allows 1.",
        )
    return LimitedGeocoder(OnlineGeocoder(options), options, clock)


def _service(options: GeocodingOptions) -> Any:
    try:
        geocoders = importlib.import_module("geopy.geocoders")
    except ImportError as error:
        raise Invalid(
            "An online geocoder needs the package geopy",
            code="GEOCODER_NOT_INSTALLED",
            detail="Install herenow[geo], or name no geocoder.",
        ) from error
    try:
        make = geocoders.get_geocoder_for_service(options.service)
        return make(**_arguments(options))
    except Exception as error:  # geopy tells unknown names and missing keys by several classes
        raise Invalid(
            f"The geocoder '{options.service}' cannot be used: {error}",
            code="GEOCODER_UNKNOWN",
            detail="Name one of geopy's services, such as nominatim or photon, with what it needs.",
        ) from error


def _arguments(options: GeocodingOptions) -> Mapping[str, Any]:
    url = urlsplit(options.url)
    told = {
        "domain": f"{url.netloc}{url.path}".rstrip("/"),
        "scheme": url.scheme,
        "api_key": options.api_key,
    }
    given = {name: value for name, value in told.items() if value}
    return {"user_agent": options.user_agent, "timeout": options.timeout_s, **given}


def _place(found: Any) -> GeocodedPlace:
    """A geopy ``Location``. Raises ``Failed`` when it holds no place on the earth."""
    try:
        lat, lon = float(found.latitude), float(found.longitude)
        name = clean_text(found.raw.get("name")) or clean_text(found.address).partition(",")[0]
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise Failed("coordinates out of range")
        return GeocodedPlace(name, round(lat * 1e6), round(lon * 1e6), _radius_m(found.raw))
    except (AttributeError, TypeError, ValueError) as error:
        raise Failed("an answer of another shape") from error


def _radius_m(raw: Mapping[str, Any]) -> int:
    """Half the diagonal of Nominatim's ``boundingbox`` or Photon's ``extent``, as on a flat map."""
    box = raw.get("boundingbox")
    if box is None:
        west, north, east, south = raw.get("properties", {}).get("extent") or (0, 0, 0, 0)
    else:
        south, north, west, east = box
    height, width = float(north) - float(south), float(east) - float(west)
    half = round((height**2 + width**2) ** 0.5 / 2 * _METRES_A_DEGREE)
    return min(LARGEST_RADIUS_M, half) if half else DEFAULT_RADIUS_M

"""Places of the world: localities, cities, regions and countries, each in the next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AreaKind(StrEnum):
    """What an area is."""

    REGION = "region"
    """The first division of a country: a state, a province, a Land (GeoNames' admin1)."""
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class City:
    """A settlement of GeoNames' ``cities15000``.

    Coordinates in microdegrees; ``country`` ISO 3166-1 alpha-2; ``region`` the code that people of the
    country use for its region ("IL", "NSW"), else GeoNames' own; ``radius_m`` is estimated by population.
    """

    geonameid: int
    name: str
    lat_e6: int
    lon_e6: int
    population: int
    country: str
    region: str
    region_name: str
    radius_m: int


@dataclass(frozen=True, slots=True)
class Area:
    """A region or a country.

    The point is the middle of its cities; within ``radius_m`` of it lie nine of ten of them. A country
    has no ``region``.
    """

    geonameid: int
    name: str
    lat_e6: int
    lon_e6: int
    population: int
    country: str
    region: str
    region_name: str
    radius_m: int
    kind: AreaKind

    def holds(self, place: Place) -> bool:
        """Whether the other lies in this one; nothing lies in itself."""
        if place.country != self.country or place == self:
            return False
        return self.kind is AreaKind.COUNTRY or place.region == self.region


@dataclass(frozen=True, slots=True)
class Locality:
    """A part of a city, or a village, out of a country pack.

    ``parent`` is the name of what it lies in as the pack says; ``country`` and ``region`` are that one's,
    empty where the pack names no parent. How many live there is not known.
    """

    name: str
    lat_e6: int
    lon_e6: int
    parent: str
    country: str
    region: str
    region_name: str
    radius_m: int

    @property
    def population(self) -> int:
        """0: next to a city of the same name a locality needs its parent."""
        return 0


Place = City | Area | Locality

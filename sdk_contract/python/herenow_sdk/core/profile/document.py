"""The profile as a device keeps it: at most 4,096 bytes of JSON, the strongest of what was learned.

``{"v": 1, "affinity": {facet: {value: [for, against, day]}}, "events": {name: {"d": [[day, n]], "h": [[hour,
n]]}},
"places": {id: [c, day, {cell: n}]}, "weeks": {"at": week, "first": week, "cells": {cell: mask}}}``. Members
that we do
not know are kept. Specification: 12.7 and 12.8.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow_sdk.core.profile.decay import HALF_LIVES, LIMIT, LONG, MEDIUM, UNIT, decayed
from herenow_sdk.core.profile.tallies import MAX_TALLY, Tally, read_tally
from herenow_sdk.core.values import is_array, is_whole, utf16_key

VERSION: Final = 1
MAX_BYTES: Final = 4096
MAX_KEY: Final = 120
MAX_DAY: Final = 2**31
"""Days, hours and weeks beyond this are no dates."""
KEEP_DAYS: Final = 90
KEEP_HOURS: Final = 48
WEEKS: Final = 16
CELLS: Final = 48
WEEK_CELLS: Final = 168

Taste = tuple[int, int, int]
"""For, against (1024ths of an event), local day."""
Visits = tuple[int, int, Mapping[int, int]]
"""Counter, its day, and how often in each of the 48 cells."""
_FRAME: Final = 64
"""More than the names, brackets and commas around an entry take."""
_OWN: Final = frozenset({"v", "affinity", "events", "places", "weeks"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What one installation taught. ``day`` is the latest local day that anything in it names."""

    affinity: Mapping[str, Mapping[str, Taste]] = field(default_factory=dict)
    days: Mapping[str, Tally] = field(default_factory=dict)
    hours: Mapping[str, Tally] = field(default_factory=dict)
    places: Mapping[str, Visits] = field(default_factory=dict)
    week: int = 0
    first_week: int = 0
    cells: Mapping[int, int] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
    version: int = VERSION

    @property
    def knows_weeks(self) -> bool:
        """Whether anything was ever learned of weeks, though no bit of it may be left."""
        return bool(self.cells) or self.week != 0

    def as_json(self) -> dict[str, Any]:
        """The document; members that hold nothing are left out."""
        told: dict[str, Any] = {**self.unknown, "v": self.version}
        told |= {
            "affinity": {facet: {v: list(t) for v, t in ts.items()} for facet, ts in self.affinity.items()}
        }
        told["events"] = {name: self._event(name) for name in {**self.days, **self.hours}}
        told["places"] = {
            place: [count, day, {str(cell): n for cell, n in cells.items()}]
            for place, (count, day, cells) in self.places.items()
        }
        if self.knows_weeks:
            cells = {str(cell): mask for cell, mask in self.cells.items()}
            told["weeks"] = {"at": self.week, "first": self.first_week, "cells": cells}
        return {name: value for name, value in told.items() if value != {} or name in self.unknown}

    def _event(self, name: str) -> dict[str, Any]:
        tallies = {"d": self.days.get(name, ()), "h": self.hours.get(name, ())}
        return {kind: list(tally) for kind, tally in tallies.items() if tally}


def read_profile(raw: Any) -> Profile:
    """The profile of a document, whatever JSON it is: what cannot be read is left out alone.

    A document of another version is not understood: its members count as unknown, and learning begins anew.
    """
    source = raw if isinstance(raw, Mapping) else {}
    version = source.get("v", VERSION)
    if version != VERSION or isinstance(version, bool):
        return Profile(unknown={"kept": dict(source)} if source else {})
    weeks = _object(source.get("weeks"))
    week, first = _date(weeks.get("at")), _date(weeks.get("first"))
    first = None if week is None else first
    masks = _cells(weeks.get("cells"), WEEK_CELLS, 2**WEEKS - 1) if week is not None else {}
    events = {name: _object(value) for name, value in _named(source.get("events"))}
    return Profile(
        affinity=_affinity(source.get("affinity")),
        days=_tallies(events, "d", KEEP_DAYS),
        hours=_tallies(events, "h", KEEP_HOURS),
        places=dict(filter(None, (_visits(name, value) for name, value in _named(source.get("places"))))),
        week=week or 0,
        first_week=(week or 0) if first is None else min(first, week or 0),
        cells=masks,
        unknown={name: value for name, value in source.items() if name not in _OWN},
    )


def size(profile: Profile) -> int:
    """Bytes of the document as compact JSON in UTF-8, without escapes that are not needed."""
    return len(_text(profile.as_json()))


def bounded(profile: Profile) -> Profile:
    """The profile within its size: the weakest entries leave first, then the members we do not know."""
    excess = size(profile) - MAX_BYTES
    if excess <= 0:
        return profile
    for _, _, kind, key, most in sorted(_entries(profile)):
        profile = _without(profile, kind, key)
        excess -= most
        if excess <= 0:
            excess = size(profile) - MAX_BYTES
        if excess <= 0:
            return profile
    return replace(profile, unknown={})


def latest_day(profile: Profile) -> int:
    """The latest local day named in it, 0 when there is none."""
    tastes = (taste[2] for values in profile.affinity.values() for taste in values.values())
    visits = (visit[1] for visit in profile.places.values())
    return max((*tastes, *visits, *(tally[0] for tally in profile.days.values())), default=0)


Entry = tuple[int, bytes, str, tuple[str, ...], int]


def _entries(profile: Profile) -> Iterator[Entry]:
    """Everything that can be evicted: strength, tie-break, kind, key, most bytes it can free."""
    today = latest_day(profile)
    for facet, tastes in profile.affinity.items():
        for value, (liked, disliked, day) in tastes.items():
            strength = decayed(min(liked + disliked, LIMIT), today - day, HALF_LIVES[MEDIUM])
            yield _entry(strength, "affinity", (facet, value), [liked, disliked, day])
    for place, (count, day, cells) in profile.places.items():
        yield _entry(decayed(count, today - day, HALF_LIVES[LONG]), "places", (place,), [count, day, cells])
    for cell, mask in profile.cells.items():
        yield _entry(mask.bit_count() * UNIT, "weeks", (str(cell),), mask)
    for name in {**profile.days, **profile.hours}:
        tally = profile.days.get(name, ())
        yield _entry(sum(tally[1:]) * UNIT, "events", (name,), [tally, profile.hours.get(name)])


def _entry(strength: int, kind: str, key: tuple[str, ...], value: Any) -> Entry:
    tie = utf16_key("\0".join((kind, *key)))
    return strength, tie, kind, key, len(_text(value)) + len(_text(key)) + _FRAME


def _without(profile: Profile, kind: str, key: tuple[str, ...]) -> Profile:
    if kind == "affinity":
        facet, value = key
        tastes = {name: taste for name, taste in profile.affinity[facet].items() if name != value}
        rest = {name: each for name, each in profile.affinity.items() if name != facet}
        return replace(profile, affinity={**rest, facet: tastes} if tastes else rest)
    if kind == "places":
        return replace(profile, places=_but(profile.places, key[0]))
    if kind == "weeks":
        return replace(profile, cells={cell: m for cell, m in profile.cells.items() if cell != int(key[0])})
    return replace(profile, days=_but(profile.days, key[0]), hours=_but(profile.hours, key[0]))


def _but(source: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in source.items() if each != name}


def _text(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode("utf-8", "surrogatepass")


def _affinity(raw: Any) -> dict[str, dict[str, Taste]]:
    read = {
        facet: {value: taste for value, found in _named(values) if (taste := _taste(found)) is not None}
        for facet, values in _named(raw)
    }
    return {facet: tastes for facet, tastes in read.items() if tastes}


def _taste(raw: Any) -> Taste | None:
    if not is_array(raw) or len(raw) != 3:
        return None
    liked, disliked, day = _count(raw[0]), _count(raw[1]), _date(raw[2])
    return None if liked is None or disliked is None or day is None else (liked, disliked, day)


def _visits(name: str, raw: Any) -> tuple[str, Visits] | None:
    if not is_array(raw) or len(raw) != 3:
        return None
    count, day = _count(raw[0]), _date(raw[1])
    return None if count is None or day is None else (name, (count, day, _cells(raw[2], CELLS, MAX_TALLY)))


def _tallies(events: Mapping[str, Mapping[str, Any]], kind: str, keep: int) -> dict[str, Tally]:
    read = ((name, read_tally(members.get(kind), keep)) for name, members in events.items())
    return {name: tally for name, tally in read if tally is not None}


def _cells(raw: Any, cells: int, most: int) -> dict[int, int]:
    read: Iterable[tuple[str, Any]] = _named(raw)
    return {
        int(cell): min(int(n), most)
        for cell, n in read
        if cell.isascii() and cell.isdecimal() and str(int(cell[:4])) == cell and int(cell) < cells
        if is_whole(n) and n > 0
    }


def _named(raw: Any) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in _object(raw).items()
        if isinstance(name, str) and 0 < len(name) <= MAX_KEY
    ]


def _object(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _count(raw: Any) -> int | None:
    return min(int(raw), LIMIT) if is_whole(raw) and raw >= 0 else None


def _date(raw: Any) -> int | None:
    return int(raw) if is_whole(raw) and -MAX_DAY < raw < MAX_DAY else None

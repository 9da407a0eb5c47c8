"""What the server learned of somebody, read where it keeps it and put into the terms of the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import orjson

from herenow.cli.simulate.staging import Stage
from herenow.learning.offers import Level, beliefs
from herenow.learning.places import Places
from herenow.profiles.learned.document import APP, Learned
from herenow.profiles.learned.stated import is_stated
from herenow.profiles.learned.store import SORT
from herenow.simulation.learned import Known, StatedHabit
from herenow.simulation.lives import Life
from herenow.simulation.scenery import Scenery, Where
from herenow.storage.ports import Key
from herenow_sdk.core.geo import geohash
from herenow_sdk.core.profile.habits import weeks_of
from herenow_sdk.core.profile.tastes import affinities

_SCALE: Final = 1024
_E6: Final = 1_000_000
_DAY_S: Final = 86_400
_WEEK_CELLS: Final = 168
_MONDAY_SHIFT: Final = 3
_LEAST_FORMS: Final = 2
_LEAST_WEEKS: Final = 3
_MOSTLY: Final = 0.75
"""So much of three weeks or more counts as stated here, though people are told of five or more alone."""
_CELL: Final = 6
"""Characters of the geohash that a coarse place is kept as."""


def known_of(stage: Stage, life: Life, at: float, evidence: int) -> Known:
    """Everything known of somebody at an instant; nothing of whom nothing may be known."""
    scope, services = stage.seeded.scope, stage.services
    devices = [services.installations.get(scope, phone.id) for phone in life.phones if not phone.erased]
    present = [each for each in devices if each is not None]
    if not present:
        return Known(evidence=evidence)
    learned = services.profiles.read(scope, present[0])
    if not learned.knows:
        return Known(evidence=evidence)
    day = _local_day(at, life.person.zone)
    facet = stage.around.scenery.facet
    liked = affinities(learned.taught, day).get(facet, {})
    return Known(
        tastes={value: affinity / _SCALE for value, affinity in liked.items()},
        habits=tuple(_habits(learned, day)),
        hours=_smoothed(learned.engaged.get(APP, {})),
        places=_likeliest(learned.places, _names(stage.around.scenery, life.person.places)),
        form=best_form(learned.offers),
        stored=tuple(_stored_bytes(stage, each.id) for each in present),
        evidence=evidence,
    )


def _stored_bytes(stage: Stage, installation_id: str) -> int:
    """Bytes of one device's profile, as it lies in the store."""
    partition = stage.seeded.scope.partition(f"installation#{installation_id}")
    held = stage.services.documents.get(Key(partition, SORT))
    return len(orjson.dumps(held.value)) if held else 0


def _local_day(at: float, zone: str) -> int:
    offset = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
    return int((at + (offset.total_seconds() if offset else 0)) // _DAY_S)


def _habits(learned: Learned, day: int) -> Iterable[StatedHabit]:
    week = (day + _MONDAY_SHIFT) // 7
    for cell in range(_WEEK_CELLS):
        held, of = weeks_of(learned.taught, cell, week)
        if is_stated(held, of) or (held >= _LEAST_WEEKS and held >= _MOSTLY * of):
            yield StatedHabit(cell, held, of)


def _smoothed(cells: Mapping[int, int]) -> dict[int, float]:
    """Sessions by hour of the week, each lending a third to the hours beside it."""
    smooth: dict[int, float] = {}
    for cell, times in cells.items():
        for apart, weight in ((0, 1.0), (-1, 1 / 3), (1, 1 / 3)):
            beside = (cell + apart) % _WEEK_CELLS
            smooth[beside] = smooth.get(beside, 0.0) + times * weight
    return smooth


def _names(scenery: Scenery, places: Mapping[str, Where]) -> dict[str, frozenset[str]]:
    """A person's places by what the server may call them: the cell, or the fence or item that is there."""
    names: dict[str, frozenset[str]] = {}
    for name, where in places.items():
        fence = scenery.fence_at(where)
        cell = geohash(round(where[0] * _E6), round(where[1] * _E6), _CELL)
        for called in (cell, (fence.item or fence.id) if fence else cell):
            names[called] = names.get(called, frozenset()) | {name}
    return names


def _likeliest(places: Places, names: Mapping[str, frozenset[str]]) -> dict[int, frozenset[str]]:
    """The place visited most in each of the 48 cells that has any."""
    cells: dict[int, dict[str, int]] = {}
    for place, found in places.places.items():
        for cell, times in found.cells.items():
            cells.setdefault(cell, {})[place] = times
    most = {cell: max(counts, key=lambda place: (counts[place], place)) for cell, counts in cells.items()}
    return {cell: names.get(place, frozenset()) for cell, place in most.items()}


def best_form(offers: Level) -> str | None:
    """The form that is believed to be answered best, once two were shown: of one nothing can be said."""
    forms: dict[str, tuple[float, float]] = {}
    for (form, _), (shown, answered) in offers.items():
        held = forms.get(form, (0.0, 0.0))
        forms[form] = (held[0] + shown, held[1] + answered)
    if len(forms) < _LEAST_FORMS:
        return None
    believed = beliefs([(form, "") for form in forms], [{(form, ""): tally for form, tally in forms.items()}])
    return max(believed, key=lambda arm: (believed[arm].mean, arm))[0]

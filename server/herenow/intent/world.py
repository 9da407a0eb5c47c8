"""The places beyond an app's own, shared by all apps of a process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from herenow.intent.gazetteer import Gazetteer
from herenow.intent.geocoding import Geocoder

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """A gazetteer, and perhaps an online geocoder."""

    gazetteer: Gazetteer
    geocoder: Geocoder | None = None


EARTH: Final = World(Gazetteer())
"""The packaged gazetteer alone; it opens when it is first asked."""


def world(localities: str, geocoder: Geocoder | None) -> World:
    """With the localities of a CSV file, if one is named. Raises ``Invalid`` when it cannot be read."""
    gazetteer = EARTH.gazetteer
    if localities:
        loaded = gazetteer.load_localities(Path(localities))
        if loaded.dropped:
            _log.warning("localities dropped", file=localities, rows=len(loaded.dropped))
        gazetteer = gazetteer.with_localities(loaded.localities)
    return World(gazetteer, geocoder)

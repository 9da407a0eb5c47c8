"""The check-ins of the development data, by person in the order of time."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FILE = "checkins/nyc.csv.gz"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in: when (UTC text, local day number, weekday, hour), which venue, where it lies."""

    at: str
    day: int
    weekday: int
    hour: int
    venue: str
    lat: float
    lon: float


def read_checkins(data: Path) -> dict[str, list[CheckIn]]:
    """Everybody's check-ins. Raises ``FileNotFoundError`` without the file."""
    people: dict[str, list[CheckIn]] = {}
    with gzip.open(data / FILE, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            people.setdefault(row["user"], []).append(_checkin(row))
    return {user: sorted(visits, key=lambda visit: visit.at) for user, visits in people.items()}


def _checkin(row: dict[str, str]) -> CheckIn:
    local = datetime.fromisoformat(row["local_iso"])
    day, where = local.toordinal(), (float(row["lat"]), float(row["lon"]))
    return CheckIn(row["utc_iso"], day, local.weekday(), local.hour, row["venue"], *where)

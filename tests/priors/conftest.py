"""A small app and people with habits, for what is learned of them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from herenow.scope import Scope
from herenow.storage.ports import Append
from herenow.storage.sqlite.eventlog import SqliteEventLog

SCOPE = Scope("small", "production")
FIRST_DAY = 20_765  # 2026-11-08
DAYS = 15
_DAY_MS = 86_400_000
KINDS = {"burger": [f"burger-{n}" for n in range(12)], "dosa": [f"dosa-{n}" for n in range(12)]}

Record = dict[str, Any]


def facets_of(item: str) -> dict[str, tuple[str, ...]]:
    """The catalogue: the kind stands in the id."""
    return {"category": (item.partition("-")[0],)}


def record(who: str, day: int, hour: int, name: str, type: str = "behavior", **properties: Any) -> Record:  # noqa: A002
    """A beacon as the log holds it, told in UTC."""
    at_ms = (FIRST_DAY + day) * _DAY_MS + hour * 3_600_000
    at = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {"id": f"{who}-{day}-{hour}-{name}-{properties.get('item', '')}", "type": type, "name": name}
    return {**told, "at": at, "properties": properties, "at_ms": at_ms, "received_ms": at_ms + 1000}


def life(number: int) -> list[Record]:
    """Three of four like burgers, at noon; the others dosas, at eight. Both go from home to work and back.

    Every three days they find something new in their half of the kind.
    """
    burgers = number % 4 != 0
    kind, hour = ("burger", 12) if burgers else ("dosa", 8)
    who = f"person-{number:03d}"
    told = []
    for day in range(DAYS):
        half = KINDS[kind][:6] if number % 2 else KINDS[kind][6:]
        item = half[(number // 2 + day // 3) % 6]
        told += [record(who, day, 7, "fence_entered", "geo", fence="home")]
        told += [record(who, day, 9, "fence_entered", "geo", fence="work")]
        told += [record(who, day, hour, "item_tap", item=item)]
        if day % 4 == number % 4:
            told += [record(who, day, hour, "purchase", items=[item], value=200, place="work")]
            told += [record(who, day, 10, "shown", "message", offer="half", campaign="c", channel="push")]
            if number % 3 == 0:
                told += [record(who, day, 11, "acted", "message", offer="half", campaign="c", channel="push")]
    return sorted(told, key=lambda each: each["at_ms"])


@pytest.fixture(scope="session")
def lives() -> Callable[[int], dict[str, list[Record]]]:
    """The records of so many people, by person; the same at every call."""

    def made(people: int) -> dict[str, list[Record]]:
        return {f"person-{number:03d}": life(number) for number in range(people)}

    return made


@pytest.fixture(scope="session")
def logged(lives, tmp_path_factory) -> Iterator[Callable[[int], SqliteEventLog]]:
    """Makes a log with so many people in it."""
    opened = []

    def made(people: int) -> SqliteEventLog:
        log = SqliteEventLog(tmp_path_factory.mktemp("log") / "events.sqlite")
        opened.append(log)
        log.append_each(
            [Append(SCOPE.partition(f"beacons#{who}"), records) for who, records in lives(people).items()]
        )
        return log

    yield made
    for log in opened:
        log.close()

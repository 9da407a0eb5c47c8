"""A synthetic city: a catalogue of any size that is the same for everybody who makes it.

120 places on a grid (60 neighbourhoods, each with two sides), 100 tags of which few are common and many
are rare, numbers with the shapes such numbers have. It carries the columns of ``examples/bites`` and the
values that its documents name, so that these documents are published as they are.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from typing import Any, Final

SEED: Final = 20_261_120
TAGS: Final = 100
NEIGHBOURHOODS: Final = 60
SIDES: Final = ("West", "East")

_NAMED_TAGS: Final = ("burger", "fast food", "pizza", "desserts", "ice cream", "bakery", "biryani", "chinese")
_NAMED_PLACES: Final = ("Kandivali", "Bandra", "Khar")
_PINNED: Final = "anniversary-special"
_COLUMNS: Final = (
    *("id", "name", "name@hi", "area", "cuisines", "locality", "city", "price_for_two", "rating"),
    *("votes", "opened", "photo", "lat", "lon"),
)
_ONSETS: Final = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "sh", "tr")
_VOWELS: Final = ("a", "e", "i", "o", "u")
_SOUTH, _WEST = 18.90, 72.80
_STEP: Final = 0.025
"""Degrees between neighbouring places, about 2.7 km."""


def tags() -> tuple[str, ...]:
    """The tags, the commonest first."""
    return _NAMED_TAGS + tuple(_words(TAGS - len(_NAMED_TAGS), syllables=3))


def places() -> tuple[str, ...]:
    """The places, two sides of each neighbourhood after each other."""
    made = (word.title() for word in _words(NEIGHBOURHOODS - len(_NAMED_PLACES), syllables=2))
    return tuple(f"{name} {side}" for name in (*_NAMED_PLACES, *made) for side in SIDES)


def middle_of(place: int) -> tuple[float, float]:
    """Latitude and longitude of a place, by its number."""
    row, column = divmod(place, 10)
    return _SOUTH + row * _STEP, _WEST + column * _STEP


def catalog_csv(items: int) -> bytes:
    """A CSV file of ``items`` rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_rows(items))
    return text.getvalue().encode()


def _rows(items: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(SEED)
    all_tags, all_places = tags(), places()
    popularity = [1 / (rank + 1) ** 0.7 for rank in range(len(all_tags))]
    for number in range(items):
        place = chance.randrange(len(all_places))
        south, west = middle_of(place)
        chosen = dict.fromkeys(chance.choices(all_tags, popularity, k=chance.randint(1, 4)))
        yield (
            _PINNED if number == 0 else f"item-{number:06d}",
            f"Item {number} of {all_places[place]}",
            "",
            all_places[place],
            ";".join(chosen),
            all_places[place],
            "Grid",
            chance.choice((0, 150, 250, 350, 450, 600, 800, 1200, 2000)),
            round(chance.triangular(2.0, 5.0, 3.9), 1),
            int(chance.paretovariate(0.9)) % 20_000,
            f"20{chance.randint(10, 25)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            f"https://images.example/item-{number:06d}.jpg",
            f"{south + chance.gauss(0, 0.005):.6f}",
            f"{west + chance.gauss(0, 0.005):.6f}",
        )


def _words(count: int, *, syllables: int) -> list[str]:
    chance = random.Random(SEED + syllables)
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(syllables))] = None
    return list(found)


def beacons_of_a_person(count: int, person: str = "person") -> list[dict[str, Any]]:
    """Records of a log as an eager person makes them over a hundred days; everybody's are others."""
    chance = random.Random(person)
    at_s, records = 1_760_000_000, []
    for _ in range(count):
        at_s += int(chance.expovariate(count / (100 * 86_400)))
        records.append(_told(chance) | {"at": "2026-01-01T12:00:00+05:30", "at_ms": at_s * 1000})
    return records


def _told(chance: random.Random) -> dict[str, Any]:
    kind, name = chance.choices(list(_MIX), list(_MIX.values()))[0]
    item = f"item-{int(chance.paretovariate(0.7)) % 3000:06d}"
    told: dict[str, Any] = {"type": kind, "name": name, "properties": {}}
    if kind == "geo":
        fence, cell = f"place-{int(chance.paretovariate(0.8)) % 300}", chance.choice(("te7u6c", "te7s1x"))
        return told | {"properties": {"fence": fence} if name == "fence_entered" else {"cell": cell}}
    if kind == "message":
        sent = {"channel": "push", "campaign": f"campaign-{chance.randrange(40)}"}
        return told | {"properties": sent, "form": chance.choice(("percent", "amount"))}
    if name == "session_start":
        return told
    category = f"tag-{int(chance.paretovariate(1)) % 40}"
    facets = {
        "category": [category],
        "price": [chance.choice(("cheap", "mid"))],
        "district": [f"d{len(category)}"],
    }
    if name == "purchase":
        bought = {"items": [{"item": item}], "value": chance.randrange(90, 900)}
        return told | {"properties": bought, "facets": facets, "categories": [category]}
    return told | {"properties": {"item": item}, "facets": facets}


_MIX = {
    ("behavior", "item_impression"): 35,
    ("behavior", "item_tap"): 12,
    ("behavior", "item_view"): 10,
    ("behavior", "cart_add"): 3,
    ("behavior", "item_hide"): 1,
    ("behavior", "session_start"): 10,
    ("behavior", "purchase"): 3,
    ("geo", "fence_entered"): 12,
    ("geo", "location"): 6,
    ("message", "shown"): 5,
    ("message", "opened"): 3,
}
"""Type and name by how often, per cent."""

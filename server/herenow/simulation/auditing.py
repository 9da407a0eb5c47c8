"""Whether what people do not allow was kept all the same: read out of their own export, beacon by beacon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.simulation.people import Person
from herenow.simulation.phones import Phone

PURPOSES: Final = ("analytics", "personalization", "location")
"""Those that say what may be kept."""
_WHEREABOUTS: Final = frozenset({"cell", "lat", "lon"})
_NEEDS: Final = {"geo": "location", "behavior": "analytics", "exposure": "analytics"}


@dataclass(frozen=True, slots=True)
class Audited:
    """Of ``people`` who deny something: how many beacons are kept, and how many should not be."""

    people: int
    beacons: int
    violations: int


def audit(phones: Iterable[Phone]) -> Audited:
    """Look at everything kept of those who deny anything. A phone must hold a token that is valid."""
    people: set[int] = set()
    kept = wrong = 0
    for phone in phones:
        if all(phone.person.consent[purpose] == "granted" for purpose in PURPOSES):
            continue
        people.add(phone.person.number)
        for beacon in exported(phone):
            kept += 1
            wrong += not allowed(phone.person, beacon)
    return Audited(len(people), kept, wrong)


def exported(phone: Phone) -> Iterable[Mapping[str, Any]]:
    """Every beacon in the export of a phone, page by page."""
    page = phone.me(format="json")
    while True:
        yield from (each["beacon"] for each in page["beacons"])
        if page["next"] is None:
            return
        page = phone.me(format="json", cursor=page["next"])


def allowed(person: Person, beacon: Mapping[str, Any]) -> bool:
    """Whether a person's consent lets this beacon be kept as it is."""
    needs = _NEEDS.get(beacon["type"])
    if needs is not None and person.consent[needs] != "granted":
        return False
    if _WHEREABOUTS & beacon["properties"].keys() and person.consent["location"] != "granted":
        return False
    return "query" not in beacon["properties"] or person.consent["personalization"] == "granted"

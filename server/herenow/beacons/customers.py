"""People whom the app knew before herenow, told by its own backend: consent, tastes, purchases.

Row by row: what is wrong with one row, or one purchase in it, is reported and costs nothing else. The same
rows again add nothing, so an import that was interrupted is simply made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.beacons.foreign import ForeignBeacons, Told, beacon_id
from herenow.beacons.model import DoorFault, Outcome, Rejection
from herenow.beacons.people import People, Tastes
from herenow.beacons.properties import Choice, Fault, Number, Text
from herenow.identity.subjects import Subjects
from herenow.scope import Scope
from herenow_sdk.core.attributes import CONSENT_STATUSES
from herenow_sdk.core.device.consent import PURPOSES

MAX_ROWS: Final = 500
"""Customers in one request."""
MAX_PURCHASES: Final = 500
"""Purchases of one customer in one row."""
MAX_USER_ID: Final = 200

_MAX_FACETS: Final = 40
_MAX_VALUES: Final = 100
_USER_ID: Final = Text(MAX_USER_ID)
_STATUS: Final = Choice(tuple(sorted(CONSENT_STATUSES)))
_TASTE: Final = Number(-1, 1)
_FACET: Final = Text(40)
_VALUE: Final = Text(200)
_NO_TASTES: Final[Tastes] = {}
_KNOWN: Final = ("user_id", "consent", "tastes", "purchases")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of rows: customers taken, purchases that are new or had come before, and faults."""

    customers: int = 0
    purchases: int = 0
    duplicates: int = 0
    rejected: tuple[Rejection, ...] = ()

    def __add__(self, other: Report) -> Report:
        return Report(
            self.customers + other.customers,
            self.purchases + other.purchases,
            self.duplicates + other.duplicates,
            self.rejected + other.rejected,
        )

    def as_json(self) -> dict[str, Any]:
        """As the answer tells it."""
        rejected = [each.as_json() for each in self.rejected]
        counts = {"customers": self.customers, "purchases": self.purchases, "duplicates": self.duplicates}
        return {**counts, "rejected": rejected}


@dataclass(frozen=True, slots=True)
class _Bought:
    """A purchase: its row, its place in that row, whose it is, and the beacon."""

    row: int
    at: int
    subject: str
    beacon: Any

    def rejection(self, why: Rejection) -> Rejection:
        """Why it does not count, told by its row."""
        return Rejection(self.row, why.id, why.code, f"/purchases/{self.at}: {why.detail}")


Liking = Callable[[Scope, Tastes], tuple[Tastes, Fault | None]]
"""Writes tastes as the live catalogue does, or tells what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Customers:
    """Takes what the customer's backend tells of people and their events.

    ``said_of`` is told of which purposes of whom a status was brought, once that is stored.
    """

    subjects: Subjects
    people: People
    foreign: ForeignBeacons = field(repr=False)
    said_of: Callable[[Scope, Mapping[str, frozenset[str]]], object] = lambda _, __: None
    liking: Liking = lambda _, tastes: (tastes, None)

    def take(self, scope: Scope, rows: Sequence[Any]) -> Report:
        """Store rows ``{"user_id", "consent"?, "tastes"?, "purchases"?}``; durable when this returns."""
        report = Report()
        bought: list[_Bought] = []
        said: dict[str, frozenset[str]] = {}
        for index, row in enumerate(rows):
            taken = self._row(scope, index, row)
            if isinstance(taken, Rejection):
                report += Report(rejected=(taken,))
            else:
                report += Report(customers=1)
                bought += [_Bought(index, at, taken, each) for at, each in enumerate(_purchases(row))]
                for subject in (taken, *self._claims(scope, row)):
                    said[subject] = said.get(subject, frozenset()).union(row.get("consent") or ())
        self._heard(scope, {subject: purposes for subject, purposes in said.items() if purposes})
        return report + self._bought(scope, bought)

    def told(self, scope: Scope, events: Sequence[Any]) -> list[Told]:
        """Whose events these are that happened at a till, in a shop, at a support desk, as beacons."""
        return [self._event(scope, index, event) for index, event in enumerate(events)]

    def events(self, scope: Scope, told: Sequence[Told], sent_at: Any = None) -> Outcome:
        """Store them; durable when this returns."""
        return self.foreign.accept(scope, told, sent_at)

    def _row(self, scope: Scope, index: int, row: Any) -> str | Rejection:
        """Whose row it is, once consent and tastes in it are stored; or why it is none."""
        fault, tastes = _fault(row), _NO_TASTES
        if fault is None:
            tastes, fault = self.liking(scope, _tastes(row.get("tastes") or {}))
        if fault is not None:
            detail = f"{fault[0]}: expected {fault[1]}."
            return Rejection(index, None, DoorFault.INVALID_PROPERTIES.value, detail)
        subject = self.subjects.of(scope, "proven", row["user_id"])
        if self.people.read(scope, subject).erased:
            return Rejection(index, None, DoorFault.ERASED.value, "Erased on request.")
        self.people.change(scope, subject, row.get("consent") or {}, tastes)
        return subject

    def _claims(self, scope: Scope, row: Mapping[str, Any]) -> Iterator[str]:
        """Under which names clients speak of them that prove nobody, once a denial holds there too.

        A yes makes nothing known of who merely claims to be somebody; it takes back a denial.
        """
        consent: Mapping[str, str] = row.get("consent") or {}
        for claim in self.subjects.claims(scope, row["user_id"]) if consent else ():
            denies = any(status != "granted" for status in consent.values())
            if denies or self.people.read(scope, claim).told.consent:
                self.people.change(scope, claim, consent, {})
                yield claim

    def _heard(self, scope: Scope, said: Mapping[str, frozenset[str]]) -> None:
        """What may no longer be kept of them, or be known, goes at once."""
        self.said_of(scope, said)
        for subject in said:
            self.foreign.taken(scope, subject)

    def _bought(self, scope: Scope, bought: Sequence[_Bought]) -> Report:
        told = [Told(at, each.subject, each.beacon) for at, each in enumerate(bought)]
        outcome = self.foreign.accept(scope, told, history=True)
        rejected = tuple(bought[each.index].rejection(each) for each in outcome.rejected)
        return Report(0, outcome.accepted, outcome.duplicates, rejected)

    def _event(self, scope: Scope, index: int, event: Any) -> Told:
        if not isinstance(event, Mapping):
            return Told(index, "", event)
        user_id = event.get("user_id")
        subject = None if _USER_ID.fault(user_id) else self.subjects.of(scope, "proven", str(user_id))
        beacon = {name: event[name] for name in ("name", "at", "properties") if name in event}
        identifier = beacon_id(event.get("id"), [subject, beacon, event.get("type")])
        return Told(index, subject, {"id": identifier, "type": event.get("type", "behavior"), **beacon})


def _purchases(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_purchase(each) for each in row.get("purchases") or ()]


def _purchase(told: Mapping[str, Any]) -> dict[str, Any]:
    properties = {
        name: value for name, value in told.items() if name not in ("id", "at") and value is not None
    }
    identifier = beacon_id(told.get("id"), dict(told))
    at = {"at": told["at"]} if "at" in told else {}
    return {"id": identifier, "type": "behavior", "name": "purchase", **at, "properties": properties}


def _tastes(told: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Values listed without a strength are liked in full."""
    return {
        facet: dict(values) if isinstance(values, Mapping) else dict.fromkeys(values, 1.0)
        for facet, values in told.items()
    }


def _fault(row: Any) -> Fault | None:
    """What is wrong with a row as a whole; its purchases are judged as beacons."""
    if not isinstance(row, Mapping):
        return "", "an object"
    unknown = next((name for name in row if name not in _KNOWN), None)
    if unknown is not None:
        return f"/{str(unknown)[:40]}", f"only: {', '.join(_KNOWN)}"
    if wrong := _USER_ID.fault(row.get("user_id")):
        return "/user_id", wrong[1]
    return (
        _consent_fault(_said(row, "consent", {}))
        or _tastes_fault(_said(row, "tastes", {}))
        or _purchases_fault(_said(row, "purchases", []))
    )


def _said(row: Mapping[str, Any], name: str, otherwise: Any) -> Any:
    said = row.get(name)
    return otherwise if said is None else said


def _consent_fault(told: Any) -> Fault | None:
    if not isinstance(told, Mapping):
        return "/consent", "an object"
    for purpose, status in told.items():
        if purpose not in PURPOSES:
            return f"/consent/{str(purpose)[:40]}", f"a purpose: {', '.join(PURPOSES)}"
        if wrong := _STATUS.fault(status):
            return f"/consent/{purpose}", wrong[1]
    return None


def _tastes_fault(told: Any) -> Fault | None:
    if not isinstance(told, Mapping) or len(told) > _MAX_FACETS:
        return "/tastes", f"an object of at most {_MAX_FACETS} facets"
    faults = (_facet_fault(facet, values) for facet, values in told.items())
    return next((each for each in faults if each), None)


def _facet_fault(facet: Any, values: Any) -> Fault | None:
    where = f"/tastes/{str(facet)[:40]}"
    if _FACET.fault(facet) or not isinstance(values, (Mapping, list)) or len(values) > _MAX_VALUES:
        return where, f"at most {_MAX_VALUES} values, as a list or with a number from -1 to 1 each"
    if any(_VALUE.fault(value) for value in values):
        return where, "values of 1 to 200 characters"
    strengths: Iterable[Any] = values.values() if isinstance(values, Mapping) else ()
    return (where, "numbers from -1 to 1") if any(_TASTE.fault(each) for each in strengths) else None


def _purchases_fault(told: Any) -> Fault | None:
    if not isinstance(told, list) or len(told) > MAX_PURCHASES:
        return "/purchases", f"a list of at most {MAX_PURCHASES}"
    wrong = next((index for index, each in enumerate(told) if not isinstance(each, Mapping)), None)
    return None if wrong is None else (f"/purchases/{wrong}", "an object")

"""What the ledger says of everybody's messages by campaign, and the counters of their goals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.cli.simulate.staging import Stage
from herenow.messaging.people import Person
from herenow.messaging.records import Record, records_of
from herenow.simulation.days import World

WAITED: Final = "waited"
_OWN_WAIT: Final = frozenset({"AWAITING_EVENT", "DELAYED"})
"""A wait that the campaign itself asks for holds nothing back."""
Trigger = tuple[str, int, str | None]
"""Whose, when, where: what a campaign began to wait for."""


@dataclass(slots=True)
class Campaign:
    """One campaign: triggers by what became of them, and why, each trigger once.

    ``began`` are all that began to wait; ``channels`` how they were said; ``outcomes`` is by outcome and
    reason; ``measured`` the report of its measures, as its marketer reads it.
    """

    began: set[Trigger] = field(default_factory=set)
    channels: Counter[str] = field(default_factory=Counter)
    outcomes: dict[tuple[str, str], set[Trigger]] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)

    def count(self, outcome: str) -> int:
        """How many triggers came out so at any time, for whatever reason."""
        return len(set().union(*(of for (named, _), of in self.outcomes.items() if named == outcome)))

    def reasons(self, outcome: str) -> list[tuple[str, int]]:
        """Why, the most frequent first."""
        told = [(reason, len(of)) for (named, reason), of in self.outcomes.items() if named == outcome]
        return sorted(told, key=lambda each: (-each[1], each[0]))

    def add(self, whose: str, record: Record) -> None:
        """Count a decision in."""
        told = record.as_json()
        trigger = (whose, int(told.get("at", record.decided_at)), told.get("place"))
        outcome = (str(told["outcome"]), str(told["reason"]))
        if outcome[1] in _OWN_WAIT:
            outcome = (WAITED, outcome[1])
        fresh = trigger not in self.outcomes.setdefault(outcome, set())
        self.began.add(trigger)
        self.outcomes[outcome].add(trigger)
        if outcome[0] == "show" and fresh:
            self.channels[str(told.get("channel"))] += 1


Ledger = Mapping[str, Campaign]


def ledger_of(stage: Stage, world: World) -> Ledger:
    """The records of everybody who is still there, and what the report says of each campaign."""
    scope, services = stage.seeded.scope, stage.services
    told = services.reports.all(scope, world.date(0), None)["campaigns"]
    known = {each["campaign"]: Campaign(measured=each) for each in told}
    for _, person in people_of(stage, world):
        for record in records_of(services.documents, person):
            known.setdefault(record.campaign, Campaign()).add(person.seed, record)
    return dict(sorted(known.items()))


def people_of(stage: Stage, world: World) -> Iterator[tuple[int, Person]]:
    """Everybody that a ledger is kept of, by number: users with all their phones, each phone alone.

    What was decided before a phone was known to be a user's stays with the phone.
    """
    scope, services = stage.seeded.scope, stage.services
    told: dict[Person, int] = {}
    for life in world.lives:
        for phone in life.phones:
            found = None if phone.erased else services.installations.get(scope, phone.id)
            if found is not None:
                told.setdefault(Person.of(scope, found), life.person.number)
                told.setdefault(Person.alone(scope, found.id), life.person.number)
    for person, number in told.items():
        yield number, person

"""What the ledger says of everybody's messages: outcomes of each campaign, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from herenow.cli.simulate.staging import Stage
from herenow.messaging.people import Person
from herenow.messaging.records import records_of
from herenow.simulation.days import World

Ledger = Mapping[str, Mapping[tuple[str, str], int]]
"""By campaign: how often it came out so, for this reason."""


def ledger_of(stage: Stage, world: World) -> Ledger:
    """The ledger's records of everybody who is still there."""
    scope, services = stage.seeded.scope, stage.services
    counted: dict[str, Counter[tuple[str, str]]] = {}
    for person in _people(stage, world):
        for record in records_of(services.documents, person):
            told = record.as_json()
            outcome = (str(told["outcome"]), str(told["reason"]))
            counted.setdefault(record.campaign, Counter())[outcome] += 1
    known = services.serving.current(scope).bundle.messages.campaigns
    return {name: counted.get(name, Counter()) for name in sorted({*known, *counted})}


def _people(stage: Stage, world: World) -> list[Person]:
    """Everybody once: a person who is known with all devices, anybody else by their one."""
    scope, services = stage.seeded.scope, stage.services
    ids = [phone.id for life in world.lives for phone in life.phones if not phone.erased]
    found = [services.installations.get(scope, each) for each in ids]
    return list(dict.fromkeys(Person.of(scope, each) for each in found if each is not None))

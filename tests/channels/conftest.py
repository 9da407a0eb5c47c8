"""An app with one person, two phones, and what is sent to them."""

from dataclasses import dataclass
from typing import Any

import pytest

from herenow.channels.addresses import Addresses, Registration
from herenow.channels.model import Address, Handed, Notice, Outcome
from herenow.profiles.installation import Installation
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments

NOW = 1_795_317_000.0
SCOPE = Scope("bites", "production")


@dataclass
class Scripted:
    """A courier that answers what it was told to, by address, and keeps what it was handed."""

    answers: dict[str, Handed]
    handed: list[tuple[Address, Notice]]

    def hand_off(self, scope: Scope, address: Address, notice: Notice, now: float) -> Handed:  # noqa: ARG002
        """See ``Courier.hand_off``."""
        self.handed.append((address, notice))
        return self.answers.get(address.value, Handed(Outcome.HANDED, provider_id="p"))


@dataclass
class World:
    """Stores, and addresses over them."""

    documents: MemoryDocuments
    installations: Installations
    persons: Persons
    addresses: Addresses

    def phone(self, name: str, token: str | None = None, **others: str) -> Installation:
        """An installation with a push token and other addresses."""
        made = self.installations.create(SCOPE, Installation(name, int(NOW), "hash", {}, {}))
        if token:
            self.addresses.register(SCOPE, made, "push", Registration(token, "ios"))
        for channel, value in others.items():
            self.addresses.register(SCOPE, made, channel, Registration(value))
        return made


@pytest.fixture
def world() -> World:
    """Empty stores."""
    documents = MemoryDocuments(lambda: NOW)
    installations = Installations(documents, pepper=b"p", clock=lambda: NOW)
    persons = Persons(documents, installations, clock=lambda: NOW)
    addresses = Addresses(documents, installations, persons, pepper=b"a", clock=lambda: NOW)
    return World(documents, installations, persons, addresses)


def notice(channel: str = "push", **changes: Any) -> Notice:
    """Lunch, for another hour."""
    told: dict[str, Any] = {
        "message_id": "m-1",
        "campaign": "lunch",
        "channel": channel,
        "title": "Lunch?",
        "body": "Round the corner",
        "expires_at": int(NOW) + 3600,
    }
    return Notice(**{**told, **changes})


def address(channel: str = "push", value: str = "ab" * 32, **changes: Any) -> Address:
    """Where somebody is reached, by default an iPhone."""
    told: dict[str, Any] = {"installation": "i-1", "created_at": int(NOW)}
    if channel == "push":
        told["platform"] = "ios"
    return Address(channel, value, **{**told, **changes})

"""Whose messages these are: a person with all their devices, or a lone installation."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow.storage.ports import Key

STATE: Final = "messages"
_INSTALLATION: Final = "installation#"
_SUBJECT: Final = "subject#"


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """Somebody in an app and environment; ``room`` is the room of their partition, which erasure covers."""

    scope: Scope
    room: str

    @classmethod
    def of(cls, scope: Scope, installation: Installation) -> Person:
        """Whom an installation belongs to, itself while nobody is known."""
        theirs = installation.belongs_to
        return cls(scope, f"{_SUBJECT}{theirs.subject}") if theirs else cls.alone(scope, installation.id)

    @classmethod
    def alone(cls, scope: Scope, installation_id: str) -> Person:
        """An installation by itself, whoever it belongs to."""
        return cls(scope, f"{_INSTALLATION}{installation_id}")

    @classmethod
    def of_log(cls, scope: Scope, source: str) -> Person:
        """Whose log it is: an installation's id is a UUID with hyphens, a pseudonym has none."""
        return cls.alone(scope, source) if "-" in source else cls(scope, f"{_SUBJECT}{source}")

    @property
    def subject(self) -> str | None:
        """The pseudonym of a person who is known."""
        return self.room.removeprefix(_SUBJECT) if self.room.startswith(_SUBJECT) else None

    @property
    def installation_id(self) -> str | None:
        """The id of a lone installation."""
        return self.room.removeprefix(_INSTALLATION) if self.subject is None else None

    @property
    def partition(self) -> str:
        """Where everything of them lies."""
        return self.scope.partition(self.room)

    @property
    def seed(self) -> str:
        """What the ids of their messages are made of (SPEC 11.11.5): it tells a device no pseudonym."""
        return sha256(self.partition.encode()).hexdigest()[:32]

    @property
    def state(self) -> Key:
        """What waits for them."""
        return Key(self.partition, STATE)

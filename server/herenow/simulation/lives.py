"""One person as they live: their chance, their phones with their tokens, where they are reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from herenow.simulation.chance import Chance
from herenow.simulation.letters import Letter
from herenow.simulation.people import Fate, Person
from herenow.simulation.phones import Door, Phone
from herenow.simulation.scenery import Scenery, Where

_SECOND_PHONE: Final = 0.3
"""How often somebody with two devices takes the second one."""
_TOKEN_LIVES_S: Final = 80_000


@dataclass(slots=True)
class MovedClock:
    """The server's clock, moved from one thing that happens to the next."""

    now: float

    def __call__(self) -> float:
        """The instant it stands at, epoch seconds."""
        return self.now


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where people live: the app, the door to its server, its publishable key, and how users are proven.

    ``sign`` makes a user token for somebody's id, at an instant; ``post`` what left for phones and mailboxes
    since it was last asked; ``secret`` is the key by which the app's own systems tell of the time before.
    """

    scenery: Scenery
    door: Door
    key: str
    clock: MovedClock
    begins: date
    sign: Callable[[str, float], str]
    post: Callable[[], Sequence[Letter]] = lambda: ()
    secret: str = field(default="", repr=False)


@dataclass(slots=True)
class Life:
    """One person as they live. ``known_since`` tells when each installation was first known to be theirs.

    ``denied`` are channels that they took back, with when; ``back`` whether somebody who had left came again.
    """

    person: Person
    chance: Chance
    phones: list[Phone] = field(default_factory=list)
    tokens_at: dict[str, float] = field(default_factory=dict)
    known_since: dict[str, float] = field(default_factory=dict)
    denied: dict[str, float] = field(default_factory=dict)
    back: bool = False
    erased_at: float | None = None

    @property
    def erased(self) -> bool:
        """Whether they had themselves forgotten."""
        return self.erased_at is not None

    @property
    def user(self) -> str:
        """Their id in the app's own systems."""
        return user_id(self.person)

    def away(self, day: int) -> bool:
        """Whether they use the app no more on a day."""
        return self.person.fate is not Fate.STAYS and day >= self.person.until and not self.back

    def opened(
        self, around: Surroundings, at: float, here: Where | None
    ) -> tuple[Phone, dict[str, Any], dict[str, str]]:
        """The phone that is taken, what the server says to it, and the addresses it registers when new."""
        several = len(self.phones) > 0 and self.person.devices > 1
        second = several and self.chance.phones.random() < _SECOND_PHONE
        if len(self.phones) <= second:
            return self._new_phone(around, at, here)
        phone = self.phones[int(second)]
        self.renew(phone, at)
        return phone, phone.config(at, here), {}

    def renew(self, phone: Phone, at: float) -> None:
        """See to it that a phone's token is valid."""
        if at - self.tokens_at[phone.id] > _TOKEN_LIVES_S:
            phone.renew()
            self.tokens_at[phone.id] = at

    def deny(self, channel: str, at: float) -> None:
        """Take back what was allowed, on every phone."""
        for phone in self.phones:
            self.renew(phone, at)
            phone.deny(channel)
        self.denied[channel] = at

    def erase(self, at: float) -> list[dict[str, Any]]:
        """Have every phone of theirs forgotten; the receipts."""
        self.erased_at = at
        for phone in self.phones:
            self.renew(phone, at)
        return [phone.erase() for phone in self.phones]

    def _new_phone(
        self, around: Surroundings, at: float, here: Where | None
    ) -> tuple[Phone, dict[str, Any], dict[str, str]]:
        phone = Phone(self.person, around.door, around.key, self.chance.phones)
        self.phones.append(phone)
        config = phone.launch(at, here)
        self.tokens_at[phone.id] = at
        if self.person.signs_in:
            phone.identify(around.sign(self.user, at))
            self.known_since[phone.id] = at
        for channel, since in self.denied.items():
            if since <= at:
                phone.deny(channel)
        return phone, config, phone.register()


def user_id(person: Person) -> str:
    """Somebody's id in the app's own systems."""
    return f"user-{person.number:05}"

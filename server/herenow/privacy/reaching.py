"""By which channels somebody may be reached, when several devices and a backend speak for them.

An e-mail address and a phone number are the person's: the latest word of any source holds. What a device
shows is the device's: it shows what was allowed on it, unless the backend denied the channel since. A push
goes to the devices that allow it, and to no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.beacons.people import People
from herenow.identity.statements import Statement, persons_consent
from herenow.profiles.installation import Installation
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.scope import Scope

GRANTED: Final = "granted"
_OF_DEVICE: Final = ("in_app", "local_notification")
_OF_PERSON: Final = ("email", "sms")
_PUSH: Final = "push"


@dataclass(frozen=True, slots=True)
class Reaching:
    """Tells what a person allows of each channel."""

    installations: Installations
    persons: Persons
    people: People
    policy_of: Callable[[Scope], Mapping[str, Any]]

    def consent(self, scope: Scope, asking: Installation) -> dict[str, str]:
        """Every purpose with its status for the person who has this installation.

        Purposes that are no channels are as on this installation.
        """
        policy = self.policy_of(scope).get("consent", {})
        theirs = asking.belongs_to
        if theirs is None:
            return dict(asking.consent)
        told = self.people.told(scope, theirs.subject)
        devices = list(self._devices(scope, theirs.subject))
        persons = persons_consent((told, *(each.statement for each in devices)), policy)
        pushed = any(_allows(each, told, _PUSH, policy) for each in devices if not each.signed_out)
        return {
            **asking.consent,
            **{each: persons[each] for each in _OF_PERSON},
            **{each: _on(asking, told, each, policy) for each in _OF_DEVICE},
            _PUSH: GRANTED if pushed else _on(asking, told, _PUSH, policy),
        }

    def pushes_to(self, scope: Scope, installation: Installation) -> bool:
        """Whether a push may go to this device."""
        theirs = installation.belongs_to
        told = Statement() if theirs is None else self.people.told(scope, theirs.subject)
        return _allows(installation, told, _PUSH, self.policy_of(scope).get("consent", {}))

    def _devices(self, scope: Scope, subject: str) -> Iterator[Installation]:
        found = (
            self.installations.get(scope, each) for each in self.persons.installations_of(scope, subject)
        )
        return (each for each in found if each is not None)


def _allows(device: Installation, told: Statement, channel: str, policy: Mapping[str, Any]) -> bool:
    return _on(device, told, channel, policy) == GRANTED


def _on(device: Installation, told: Statement, channel: str, policy: Mapping[str, Any]) -> str:
    """What holds of a channel on a device: its own word, but for a yes that the backend took back since."""
    own = device.consent[channel]
    if own != GRANTED:
        return own
    return persons_consent((device.statement, told), policy)[channel] if channel in told.stated_at else own

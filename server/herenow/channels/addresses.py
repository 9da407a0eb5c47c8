"""Where people are reached: one address a channel, in the partition of whose it is.

A push token is a device's, so it is kept with the installation; an e-mail address and a phone number are the
person's once the person is known, else the installation's. That makes erasure and export those of the
partition. Values are stored as they are: whoever runs the store encrypts it at rest.

One token is one device's. By a keyed hash of it stands which installation holds it; when another registers
it (a restored backup, a person who left and somebody else who came) it moves, in the same transaction.
Registering an address allows nothing: consent by channel is said on its own.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.channels.model import Address, Channel, Platform, Recipient, TokenEnvironment, spoiled
from herenow.channels.normalising import normalised
from herenow.clock import Clock
from herenow.errors import Conflict, Forbidden
from herenow.identity.subjects import subject_mark, subject_partition
from herenow.profiles.installation import Installation, require_signed_in
from herenow.profiles.persons import Persons
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Check, Delete, Document, Documents, Key, Put, VersionConflict, Write

_SORT: Final = "channel#"
_HOLDER: Final = "holder"
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Registration:
    """What an app says of an address."""

    value: str
    platform: Platform | None = None
    environment: TokenEnvironment = "production"
    locale: str | None = None
    zone: str | None = None


class Addresses:
    """Registers, finds and forgets addresses. ``pepper`` keys the hashes of push tokens.

    ``pushes_to`` says of an installation whether a push may go to it.
    """

    def __init__(
        self,
        documents: Documents,
        installations: Installations,
        persons: Persons,
        *,
        pepper: bytes,
        clock: Clock,
        pushes_to: Callable[[Scope, Installation], bool] = lambda *_: True,
    ) -> None:
        self._documents = documents
        self._installations = installations
        self._persons = persons
        self._pepper = pepper
        self._clock = clock
        self._pushes_to = pushes_to

    def register(
        self, scope: Scope, installation: Installation, channel: Channel, told: Registration
    ) -> Address:
        """Reach somebody there from now on, in place of where it was; saying it again writes nothing.

        Raises ``Invalid`` (INVALID_ADDRESS), ``Forbidden`` (SUPPRESSED), ``Gone`` when the installation is
        erased meanwhile, ``Conflict`` when its person leaves meanwhile or others keep changing it.
        """
        value = normalised(channel, told.value, told.platform)
        for _ in range(_ATTEMPTS):
            _refuse_suppressed(installation)
            require_signed_in(installation)
            wanted = _wanted(installation, channel, value, told, int(self._clock()))
            stood = self._documents.get(_key(scope, wanted))
            held = _decoded(stood, scope) if stood else None
            if held is not None and held.reaches and replace(held, created_at=wanted.created_at) == wanted:
                return held
            writes = [Put(_key(scope, wanted), _encoded(wanted), stood.version if stood else ABSENT)]
            with suppress(VersionConflict):
                self._documents.transact([*writes, *self._conditions(scope, installation, wanted, held)])
                return wanted
            installation = self._installations.reread(scope, installation.id)
        raise Conflict("the address is being changed by other requests", detail="Try again.")

    def remove(self, scope: Scope, installation: Installation, channel: Channel) -> None:
        """Reach them there no more: the device by push, the person by the others, wherever it was said."""
        if channel == "push":
            self.release(scope, installation.id)
            return
        theirs = installation.belongs_to
        ids = {installation.id}
        if theirs is not None and not theirs.signed_out:
            self._documents.delete_if(_person_key(scope, theirs.subject, channel))
            ids.update(self._persons.installations_of(scope, theirs.subject))
        for each in sorted(ids):
            self._documents.delete_if(_device_key(scope, each, channel))

    def release(self, scope: Scope, installation_id: str) -> None:
        """Push nothing to this installation any more: its person left, or it is erased."""
        for _ in range(_ATTEMPTS):
            key = _device_key(scope, installation_id, "push")
            stood = self._documents.get(key)
            if stood is None:
                return
            with suppress(VersionConflict):
                freed = self._freed(scope, installation_id, _decoded(stood, scope))
                self._documents.transact([Delete(key, stood.version), *freed])
                return
        raise Conflict("the address is being changed by other requests", detail="Try again.")

    def of(self, scope: Scope, recipient: Recipient, channel: Channel) -> Sequence[Address]:
        """Where a notice goes: push to each device that allows it, the others to one address, or nowhere."""
        if channel == "push":
            found = [self._push(scope, each) for each in self._devices(scope, recipient)]
            return [each for each in found if each is not None and each.reaches]
        for key in self._candidates(scope, recipient, channel):
            stood = self._documents.get(key)
            if stood is not None:
                address = _decoded(stood, scope)
                return [address] if address.reaches else []
        return []

    def spoil(self, scope: Scope, address: Address) -> None:
        """A provider says that it reaches nobody: a token goes, the others stay marked until said anew.

        Nothing happens when another address stands there by now.
        """
        key = _key(scope, address)
        stood = self._documents.get(key)
        if stood is None or _decoded(stood, scope) != address:
            return
        with suppress(VersionConflict):
            if address.channel == "push":
                freed = self._freed(scope, address.installation, address)
                self._documents.transact([Delete(key, stood.version), *freed])
            else:
                marked = _encoded(spoiled(address, self._clock()))
                self._documents.put_if(key, marked, version=stood.version)

    def _conditions(
        self, scope: Scope, installation: Installation, wanted: Address, held: Address | None
    ) -> Sequence[Write]:
        """What else is written or must hold for ``wanted`` to stand in place of ``held``."""
        conditions: list[Write] = [self._installations.check(scope, installation)]
        if wanted.subject is not None:
            conditions.append(Check(subject_mark(scope, wanted.subject), ABSENT))
        if wanted.channel != "push":
            return conditions
        if held is not None and held.value != wanted.value:
            conditions += self._freed(scope, wanted.installation, held)
        return [*conditions, *self._taken(scope, wanted)]

    def _taken(self, scope: Scope, wanted: Address) -> Iterator[Write]:
        """Have ``wanted`` hold its token, and nobody else."""
        index = self._index(scope, wanted)
        holder = self._documents.get(index)
        yield Put(index, {"installation": wanted.installation}, holder.version if holder else ABSENT)
        other = holder.value["installation"] if holder else wanted.installation
        if other != wanted.installation:
            theirs = self._documents.get(_device_key(scope, other, "push"))
            if theirs is not None and theirs.value["value"] == wanted.value:
                yield Delete(theirs.key, theirs.version)

    def _freed(self, scope: Scope, installation_id: str, held: Address) -> Sequence[Write]:
        """Let nobody hold the token that this installation held."""
        holder = self._documents.get(index := self._index(scope, held))
        theirs = holder is not None and holder.value["installation"] == installation_id
        return [Delete(index, holder.version)] if holder is not None and theirs else []

    def _index(self, scope: Scope, address: Address) -> Key:
        told = f"{scope}:{address.platform}:{address.value}".encode()
        hashed = hmac.new(self._pepper, told, hashlib.sha256).hexdigest()
        return Key(scope.partition(f"token#{hashed[:40]}"), _HOLDER)

    def _push(self, scope: Scope, installation_id: str) -> Address | None:
        """An installation's token, unless its person has left, wants no push there, or it is erased."""
        known = self._installations.get(scope, installation_id)
        stood = self._documents.get(_device_key(scope, installation_id, "push"))
        if known is None or known.signed_out or stood is None or not self._pushes_to(scope, known):
            return None
        return _decoded(stood, scope)

    def _devices(self, scope: Scope, recipient: Recipient) -> Sequence[str]:
        if recipient.installation is not None:
            return [recipient.installation]
        return self._persons.installations_of(scope, recipient.subject) if recipient.subject else []

    def _candidates(self, scope: Scope, recipient: Recipient, channel: Channel) -> Iterator[Key]:
        """The person's own address comes first, then what was said before it was known who they are."""
        if recipient.subject is not None:
            yield _person_key(scope, recipient.subject, channel)
        if recipient.installation is not None:
            yield _device_key(scope, recipient.installation, channel)
        if recipient.subject is not None:
            for each in self._persons.installations_of(scope, recipient.subject):
                if each != recipient.installation:
                    yield _device_key(scope, each, channel)


def _refuse_suppressed(installation: Installation) -> None:
    if installation.suppressed:
        raise Forbidden(
            "nothing is kept of this user",
            code="SUPPRESSED",
            detail="Your backend suppressed the user and can lift that.",
        )


def _wanted(
    installation: Installation, channel: Channel, value: str, told: Registration, now: int
) -> Address:
    theirs = installation.belongs_to
    return Address(
        channel,
        value,
        installation.id,
        now,
        subject=theirs.subject if theirs and channel != "push" else None,
        platform=told.platform if channel == "push" else None,
        environment=told.environment if channel == "push" else "production",
        locale=told.locale,
        zone=told.zone,
    )


def _key(scope: Scope, address: Address) -> Key:
    if address.subject is not None:
        return _person_key(scope, address.subject, address.channel)
    return _device_key(scope, address.installation, address.channel)


def _device_key(scope: Scope, installation_id: str, channel: Channel) -> Key:
    return Key(scope.partition(f"installation#{installation_id}"), f"{_SORT}{channel}")


def _person_key(scope: Scope, subject: str, channel: Channel) -> Key:
    return Key(subject_partition(scope, subject), f"{_SORT}{channel}")


def _encoded(address: Address) -> dict[str, Any]:
    """As it is stored and exported; what the key says is not repeated."""
    told = {
        "value": address.value,
        "installation": address.installation,
        "created_at": address.created_at,
        "platform": address.platform,
        "environment": address.environment if address.platform else None,
        "locale": address.locale,
        "zone": address.zone,
        "verified": address.verified or None,
        "invalid_at": address.invalid_at or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _decoded(document: Document, scope: Scope) -> Address:
    value: Mapping[str, Any] = document.value
    room = document.key.partition
    person = scope.partition("subject#")
    channel: Any = document.key.sort.removeprefix(_SORT)
    return Address(channel, subject=room.removeprefix(person) if room.startswith(person) else None, **value)

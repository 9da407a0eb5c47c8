"""Persons: which installations belong to one, on several devices.

A person is known by a pseudonym and never by the customer's id. An installation joins a person once and for
good: what was done with it before and after is that person's, and of nobody else (contract, chapter 15). So
joining has no order and no merging in it: it is a link each, and a person is the sum of what is linked.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from herenow.clock import Clock
from herenow.errors import Conflict, Forbidden
from herenow.identity.statements import Statement
from herenow.identity.subjects import subject_mark, subject_partition
from herenow.profiles.installation import Belonging, Installation
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Check, Delete, Document, Documents, Key, Put, VersionConflict, walk

_PERSON: Final = "person"
_LINK: Final = "installation#"
_ATTEMPTS: Final = 5


class Persons:
    """Joins installations to people and takes them off."""

    def __init__(self, documents: Documents, installations: Installations, *, clock: Clock) -> None:
        self._documents = documents
        self._installations = installations
        self._clock = clock

    def join(self, scope: Scope, installation: Installation, subject: str) -> Installation:
        """The installation as one of this person's; joining again changes nothing.

        Raises ``Conflict`` when it is another's (ANOTHER_PERSON), ``Forbidden`` when the person was erased
        or is suppressed (SUPPRESSED), ``Gone`` when the installation was erased meanwhile.
        """
        for _ in range(_ATTEMPTS):
            if _joined(installation, subject):
                return installation
            person = self._documents.get(_key(scope, subject, _PERSON))
            with suppress(VersionConflict):
                return self._join(scope, installation, subject, person)
            self._refuse_suppressed(scope, subject)
            installation = self._installations.reread(scope, installation.id)
        raise Conflict("the person is being changed by other requests", detail="Try again.")

    def leave(self, scope: Scope, installation: Installation) -> Installation:
        """Let nobody see through this installation any more what was its person's; they keep it.

        Nothing happens to one that belongs to nobody known.
        """

        def left(held: Installation) -> Installation:
            theirs = held.belongs_to
            return held if theirs is None else replace(held, belongs_to=replace(theirs, signed_out=True))

        return self._installations.change(scope, installation, left)

    def installations_of(self, scope: Scope, subject: str) -> Sequence[str]:
        """The ids of a person's installations, in the order of their ids."""
        links = walk(self._documents, subject_partition(scope, subject), prefix=_LINK)
        return [each.key.sort.removeprefix(_LINK) for each in links]

    def statements_of(self, scope: Scope, subject: str) -> Sequence[Statement]:
        """What was said about consent on each of a person's devices, also on one that they have left."""
        found = (self._installations.get(scope, each) for each in self.installations_of(scope, subject))
        return [each.statement for each in found if each is not None]

    def _join(
        self, scope: Scope, installation: Installation, subject: str, person: Document | None
    ) -> Installation:
        now = int(self._clock())
        told: dict[str, Any] = {"bucketing_id": installation.id, "known_since": now}
        if person is not None:
            told = person.value
        joined = replace(installation, belongs_to=Belonging(subject, told["bucketing_id"]))
        # the person is written in any case: whoever deletes them meanwhile must meet a conflict
        self._documents.transact(
            [
                self._installations.put(scope, joined),
                Put(_key(scope, subject, _PERSON), told, person.version if person else ABSENT),
                Put(_key(scope, subject, f"{_LINK}{installation.id}"), {"joined_at": now}),
                Check(subject_mark(scope, subject), ABSENT),
            ]
        )
        return replace(joined, version=installation.version + 1)

    def unlink(self, scope: Scope, subject: str, installation_id: str) -> None:
        """Take an erased installation off its person; with the last one nothing of the joining is left."""
        address = _key(scope, subject, _PERSON)
        for _ in range(_ATTEMPTS):
            person = self._documents.get(address)
            others = [each for each in self.installations_of(scope, subject) if each != installation_id]
            link = Delete(_key(scope, subject, f"{_LINK}{installation_id}"))
            with suppress(VersionConflict):
                last = [] if person is None or others else [Delete(address, person.version)]
                self._documents.transact([link, *last])
                return
        raise Conflict("the person is being changed by other requests", detail="Try again.")

    def _refuse_suppressed(self, scope: Scope, subject: str) -> None:
        if self._documents.get(subject_mark(scope, subject)) is not None:
            raise Forbidden(
                "nothing is kept of this user",
                code="SUPPRESSED",
                detail="Erased or suppressed: the device stays anonymous. Your backend can lift it.",
            )


def _joined(installation: Installation, subject: str) -> bool:
    """Whether it is this person's already. Raises ``Conflict`` (ANOTHER_PERSON)."""
    held = installation.belongs_to
    if held is not None and held.subject != subject:
        raise Conflict(
            "this installation belongs to another person",
            code="ANOTHER_PERSON",
            detail="Make a new installation id and secret, launch, and identify there.",
        )
    return held is not None and not held.signed_out


def _key(scope: Scope, subject: str, sort: str) -> Key:
    return Key(subject_partition(scope, subject), sort)

"""People whom a customer's backend told about: what they allow, what they like, and whether they were erased.

What they allow is the latest word of any of their devices or the backend; what the backend said lies here.

Everything of a person lies in one partition under the pseudonym, so that erasing is one walk. The mark of an
erasure lies outside it, blocks what comes later, and holds no more than when it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.clock import Clock
from herenow.errors import Conflict
from herenow.identity.statements import Statement, persons_consent
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Document, Documents, Key, VersionConflict

_SORT: Final = "customer"
_ATTEMPTS: Final = 5

Tastes = Mapping[str, Mapping[str, float]]
"""By facet and value, from -1 (not at all) to 1."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept of somebody; ``version`` of the document.

    ``consent`` is what holds of the person, ``told`` what the backend said; ``liked_at`` when the tastes of a
    facet last changed.
    """

    consent: Mapping[str, str]
    told: Statement = field(default_factory=Statement)
    tastes: Tastes = field(default_factory=dict)
    liked_at: Mapping[str, int] = field(default_factory=dict)
    erased: bool = False
    version: int = ABSENT


class People:
    """Reads, changes and erases people.

    ``policy_of`` tells the live policy of a scope, or an empty one; ``devices_of`` what was said on the
    devices of a person.
    """

    def __init__(
        self,
        documents: Documents,
        *,
        clock: Clock,
        policy_of: Callable[[Scope], Mapping[str, Any]] = lambda _: {},
        devices_of: Callable[[Scope, str], Sequence[Statement]] = lambda _, __: (),
    ) -> None:
        self._documents = documents
        self._clock = clock
        self._policy_of = policy_of
        self._devices_of = devices_of

    def read(self, scope: Scope, subject: str) -> Person:
        """The person, with every purpose by the latest word of theirs, else as the policy says."""
        address, mark = subject_key(scope, subject, _SORT), _mark(scope, subject)
        found = self._documents.batch_get([address, mark])
        stored = found.get(address)
        told = _told(stored)
        return Person(
            consent=self._holding(scope, subject, told),
            told=told,
            tastes=stored.value.get("tastes", {}) if stored else {},
            liked_at=liked_at(stored.value) if stored else {},
            erased=mark in found,
            version=stored.version if stored else ABSENT,
        )

    def consent(self, scope: Scope, subject: str) -> dict[str, str]:
        """What the person allows, by the latest word of any of their devices or the backend."""
        return self._holding(scope, subject, self.told(scope, subject))

    def told(self, scope: Scope, subject: str) -> Statement:
        """What the backend said the person allows."""
        return _told(self._documents.get(subject_key(scope, subject, _SORT)))

    def change(self, scope: Scope, subject: str, consent: Mapping[str, str], tastes: Tastes) -> Person:
        """Add what is told of a person; what is not mentioned stays. Tastes need ``personalization``.

        Told again, a taste is as old as it was: it fades from the day on which it was told first.
        Raises ``Conflict`` when others keep changing the person.
        """
        for _ in range(_ATTEMPTS):
            held = self.read(scope, subject)
            now = int(self._clock())
            told = held.told.saying(consent, now)
            allowed = self._holding(scope, subject, told)
            liked = {**held.tastes, **tastes} if allowed["personalization"] == "granted" else {}
            if held.version != ABSENT and not consent and liked == held.tastes:
                return held
            since = {
                facet: held.liked_at[facet] if held.tastes.get(facet) == values else now
                for facet, values in liked.items()
            }
            value = {
                "consent": dict(told.consent),
                "stated_at": dict(told.stated_at),
                "tastes": liked,
                "liked_at": since,
                "updated_at": now,
            }
            try:
                version = self._documents.put_if(
                    subject_key(scope, subject, _SORT), value, version=held.version
                )
            except VersionConflict:
                continue
            return Person(allowed, told, liked, since, held.erased, version)
        raise Conflict("the person is being changed by other requests", detail="Try again.")

    def _holding(self, scope: Scope, subject: str, told: Statement) -> dict[str, str]:
        statements = (told, *self._devices_of(scope, subject))
        return persons_consent(statements, self._policy_of(scope).get("consent", {}))


def liked_at(value: Mapping[str, Any]) -> dict[str, int]:
    """When the tastes of each facet last changed; earlier documents tell only when they did themselves."""
    told = value.get("liked_at", {})
    return {facet: told.get(facet, value["updated_at"]) for facet in value.get("tastes", {})}


def _told(stored: Document | None) -> Statement:
    return Statement.kept(stored.value, stored.value["updated_at"]) if stored else Statement()


def subject_key(scope: Scope, subject: str, sort: str) -> Key:
    """A document in the person's own partition."""
    return Key(_partition(scope, subject), sort)


def _partition(scope: Scope, subject: str) -> str:
    return scope.partition(f"subject#{subject}")


def _mark(scope: Scope, subject: str) -> Key:
    return Key(scope.partition(f"erased#{subject}"), "receipt")

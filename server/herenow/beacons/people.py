"""People whom a customer's backend told about: what they allow, what they like, and whether they were erased.

Everything of a person lies in one partition under the pseudonym, so that erasing is one walk. The mark of an
erasure lies outside it, blocks what comes later, and holds no more than when it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.clock import Clock
from herenow.errors import Conflict
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Documents, Key, VersionConflict
from herenow_sdk.core.device.consent import change_consent, effective_consent

_SORT: Final = "customer"
_ATTEMPTS: Final = 5

Tastes = Mapping[str, Mapping[str, float]]
"""By facet and value, from -1 (not at all) to 1."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept of somebody: consent as stated, tastes, whether erased; ``version`` of the document."""

    consent: Mapping[str, str]
    tastes: Tastes = field(default_factory=dict)
    erased: bool = False
    version: int = ABSENT


class People:
    """Reads, changes and erases people. ``policy_of`` tells the live policy of a scope, or an empty one."""

    def __init__(
        self,
        documents: Documents,
        *,
        clock: Clock,
        policy_of: Callable[[Scope], Mapping[str, Any]] = lambda _: {},
    ) -> None:
        self._documents = documents
        self._clock = clock
        self._policy_of = policy_of

    def read(self, scope: Scope, subject: str) -> Person:
        """The person, with every purpose as stated, else as the policy says."""
        address, mark = subject_key(scope, subject, _SORT), _mark(scope, subject)
        found = self._documents.batch_get([address, mark])
        stored = found.get(address)
        told: Mapping[str, Any] = stored.value if stored else {}
        return Person(
            consent=effective_consent(
                told.get("consent", {}), policy=self._policy_of(scope).get("consent", {})
            ),
            tastes=told.get("tastes", {}),
            erased=mark in found,
            version=stored.version if stored else ABSENT,
        )

    def change(self, scope: Scope, subject: str, consent: Mapping[str, str], tastes: Tastes) -> Person:
        """Add what is told of a person; what is not mentioned stays. Tastes need ``personalization``.

        Raises ``Conflict`` when others keep changing the person.
        """
        for _ in range(_ATTEMPTS):
            held = self.read(scope, subject)
            allowed = change_consent(held.consent, consent).consent
            liked = {**held.tastes, **tastes} if allowed["personalization"] == "granted" else {}
            value = {"consent": dict(allowed), "tastes": liked, "updated_at": int(self._clock())}
            try:
                version = self._documents.put_if(
                    subject_key(scope, subject, _SORT), value, version=held.version
                )
            except VersionConflict:
                continue
            return Person(allowed, liked, held.erased, version)
        raise Conflict("the person is being changed by other requests", detail="Try again.")


def subject_key(scope: Scope, subject: str, sort: str) -> Key:
    """A document in the person's own partition."""
    return Key(_partition(scope, subject), sort)


def _partition(scope: Scope, subject: str) -> str:
    return scope.partition(f"subject#{subject}")


def _mark(scope: Scope, subject: str) -> Key:
    return Key(scope.partition(f"erased#{subject}"), "receipt")

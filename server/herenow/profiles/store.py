"""Where installations are kept, changed and forgotten.

Everything of one installation lies in one partition, so that export and erasure are one query. A
change is read, applied, written under the version read; when another request was faster it is applied
again to what that one left.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.acquisition.adservices import PendingToken
from herenow.acquisition.model import from_touch
from herenow.clock import Clock
from herenow.errors import Conflict, Gone, NotFound
from herenow.identity.statements import Statement
from herenow.intent.model import Intent
from herenow.profiles.consent import effective_consent
from herenow.profiles.installation import Belonging, Installation
from herenow.profiles.roll import enlisted, struck
from herenow.scope import Scope
from herenow.storage.ports import (
    ABSENT,
    MAX_TRANSACTION,
    Check,
    Delete,
    Document,
    Documents,
    Key,
    Put,
    VersionConflict,
    Write,
    walk,
)

_SORT: Final = "installation"
_ATTEMPTS: Final = 5
_REMEMBERED: Final = 4096
"""Installations kept as they were read, so that one which asks again is not decoded again."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an installation was erased: when, and how many records went."""

    id: str
    erased_at: int
    records: int


class Installations:
    """Read, create, change and erase installations.

    ``policy_of`` tells the live policy of a scope: what nobody said on the device is as its defaults are now,
    not as they were at the first launch. Without one it stays as it was stored.
    """

    def __init__(
        self,
        documents: Documents,
        *,
        pepper: bytes,
        clock: Clock,
        policy_of: Callable[[Scope], Mapping[str, Any]] | None = None,
    ) -> None:
        self._documents = documents
        self._policy_of = policy_of
        self._pepper = pepper
        self._clock = clock
        self._known: dict[str, tuple[Installation, Mapping[str, Any] | None]] = {}

    def get(self, scope: Scope, installation_id: str) -> Installation | None:
        """The installation as last written, or ``None``."""
        stored = self._documents.get(_address(scope, installation_id))
        return self._read(scope, stored) if stored else None

    def hash_secret(self, secret: str) -> str:
        """The keyed hash under which an installation's secret is kept."""
        return hmac.new(self._pepper, secret.encode(), hashlib.sha256).hexdigest()

    def secret_matches(self, installation: Installation, secret: str) -> bool:
        """Whether ``secret`` is the one the installation was created with (constant time)."""
        return hmac.compare_digest(installation.secret_hash, self.hash_secret(secret))

    def refuse_erased(self, scope: Scope, installation_id: str) -> None:
        """Raises ``Gone`` when this id was erased: what was forgotten does not come back."""
        if self._documents.get(self._tombstone(scope, installation_id)) is not None:
            raise Gone(
                "this installation was erased",
                code="ERASED",
                detail="Make a new installation id and secret.",
            )

    def create(self, scope: Scope, installation: Installation) -> Installation:
        """Store a new installation, unless its id was erased: one transaction, so no erasure slips between.

        Raises ``Conflict`` when the id was taken meanwhile, ``Gone`` (ERASED).
        """
        stored = Put(_address(scope, installation.id), _encoded(installation), version=ABSENT)
        try:
            self._documents.transact(
                [
                    stored,
                    enlisted(scope, installation.id, installation.created_at),
                    Check(self._tombstone(scope, installation.id), ABSENT),
                ]
            )
        except VersionConflict as error:
            self.refuse_erased(scope, installation.id)
            raise Conflict("this installation id is in use", code="INSTALLATION_EXISTS") from error
        return replace(installation, version=ABSENT + 1)

    def change(
        self, scope: Scope, installation: Installation, change: Callable[[Installation], Installation]
    ) -> Installation:
        """Apply ``change`` and store the result; nothing is written when it changes nothing.

        Raises ``Gone`` when the installation was erased meanwhile, ``Conflict`` after several losses.
        """
        for _ in range(_ATTEMPTS):
            changed = change(installation)
            if changed == installation or _encoded(changed) == _encoded(installation):
                return installation  # also when it differs in what is not kept
            try:
                version = self._documents.put_if(
                    _address(scope, installation.id), _encoded(changed), version=installation.version
                )
            except VersionConflict:
                installation = self.reread(scope, installation.id)
            else:
                return replace(changed, version=version)
        raise Conflict("the installation is being changed by other requests", detail="Try again.")

    def reread(self, scope: Scope, installation_id: str) -> Installation:
        """The installation as it is now. Raises ``Gone`` (ERASED)."""
        current = self.get(scope, installation_id)
        if current is None:
            raise Gone("this installation was erased", code="ERASED")
        return current

    def put(self, scope: Scope, installation: Installation) -> Put:
        """The write that stores ``installation`` at the version it was read, for a transaction."""
        return Put(_address(scope, installation.id), _encoded(installation), installation.version)

    def check(self, scope: Scope, installation: Installation) -> Check:
        """The condition that ``installation`` is as it was read, for a transaction."""
        return Check(_address(scope, installation.id), installation.version)

    def erase(self, scope: Scope, installation_id: str) -> Receipt:
        """Delete every record of the installation and block its id; repeating it is safe."""
        now = int(self._clock())
        tombstone = self._tombstone(scope, installation_id)
        self._documents.put_if(tombstone, {"erased_at": now, "records": 0})
        self._documents.transact([struck(scope, installation_id)])
        records = [each.key for each in walk(self._documents, _partition(scope, installation_id))]
        for batch in _batches(records, MAX_TRANSACTION - 1):
            receipt = {"erased_at": now, "records": len(records)}
            writes: list[Write] = [Delete(key) for key in batch]
            self._documents.transact([*writes, Put(tombstone, receipt)])
        return Receipt(tombstone.partition.rpartition("#")[2][:16], now, len(records))

    def revoke_tokens(self, scope: Scope, installation_id: str) -> Installation:
        """End every token of the installation; its secret still earns new ones. Raises ``NotFound``."""
        known = self.get(scope, installation_id)
        if known is None:
            raise NotFound(f"no installation '{installation_id[:64]}' in {scope}")
        return self.change(scope, known, lambda held: replace(held, epoch=held.epoch + 1))

    def _read(self, scope: Scope, stored: Document) -> Installation:
        """The installation in ``stored``; what was read before and has not changed since is kept."""
        defaults = None if self._policy_of is None else self._policy_of(scope).get("consent", {})
        known, under = self._known.get(stored.key.partition, (None, None))
        life = (stored.version, stored.value["created_at"], stored.value["secret_hash"], defaults)
        if known is not None and (known.version, known.created_at, known.secret_hash, under) == life:
            return known
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        fresh = _decoded(stored)
        if defaults is not None:
            said = {each: status for each, status in fresh.consent.items() if each in fresh.stated_at}
            fresh = replace(fresh, consent=effective_consent(said, defaults))
        self._known[stored.key.partition] = fresh, defaults
        return fresh

    def _tombstone(self, scope: Scope, installation_id: str) -> Key:
        hashed = hmac.new(
            self._pepper, f"erased:{scope}:{installation_id}".encode(), hashlib.sha256
        ).hexdigest()
        return Key(scope.partition(f"erased#{hashed[:40]}"), "receipt")


def _batches(keys: list[Key], size: int) -> Iterator[list[Key]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _partition(scope: Scope, installation_id: str) -> str:
    return scope.partition(f"installation#{installation_id}")


def _address(scope: Scope, installation_id: str) -> Key:
    return Key(_partition(scope, installation_id), _SORT)


def _encoded(installation: Installation) -> dict[str, Any]:
    keep = installation.keeps_searches
    return {
        "created_at": installation.created_at,
        "secret_hash": installation.secret_hash,
        "consent": dict(installation.consent),
        "context": dict(installation.context),
        "epoch": installation.epoch,
        "acquisition": installation.acquisition.as_touch(keep_text=keep)
        if installation.acquisition
        else None,
        "intent": installation.intent.as_json() if installation.intent and keep else None,
        "touches": [dict(each) for each in installation.touches],
        "pending": installation.pending.as_json() if installation.pending else None,
        **({"sticky": installation.sticky} if installation.sticky else {}),
        "stated_at": dict(installation.stated_at),
        **({"reconsidered": sorted(installation.reconsidered)} if installation.reconsidered else {}),
        **({"belongs_to": installation.belongs_to.as_json()} if installation.belongs_to else {}),
    }


def _decoded(document: Document) -> Installation:
    value: Mapping[str, Any] = document.value
    return Installation(
        id=document.key.partition.rpartition("#")[2],
        created_at=value["created_at"],
        secret_hash=value["secret_hash"],
        consent=value["consent"],
        context=value["context"],
        epoch=value["epoch"],
        acquisition=from_touch(value["acquisition"]) if value["acquisition"] else None,
        intent=Intent.from_json(value["intent"]) if value["intent"] else None,
        touches=tuple(value["touches"]),
        pending=PendingToken.from_json(value["pending"]) if value["pending"] else None,
        sticky=value.get("sticky", {}),
        belongs_to=Belonging(**value["belongs_to"]) if "belongs_to" in value else None,
        stated_at=Statement.kept(value, value["created_at"]).stated_at,
        reconsidered=frozenset(value.get("reconsidered", ())),
        version=document.version,
    )

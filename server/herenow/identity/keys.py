"""API keys: ``pk_<app>_<environment>_…`` in apps, ``sk_<app>_<environment>_…`` on customers' servers.

Beside them lie the keys by which a customer's backend signs who its users are (``user_tokens``): listed and
revoked alike, told apart by their kind.

A key names the pair it belongs to, so that finding it is one read of that pair's own partition. The
store holds a keyed hash, never a secret key; a publishable key is public and kept readable, because
a developer must be able to look it up.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any, Final, Literal

from herenow.clock import Clock
from herenow.errors import Invalid, NotFound, Unauthenticated
from herenow.scope import NAME_PATTERN, Scope
from herenow.storage.ports import ABSENT, Document, Documents, Key, VersionConflict, walk

TextKind = Literal["publishable", "secret"]
KeyKind = Literal[TextKind, "user_token"]
PREFIXES: Final[dict[str, TextKind]] = {"pk": "publishable", "sk": "secret"}
MAX_LABEL: Final = 80

_SHAPE = re.compile(rf"(pk|sk)_({NAME_PATTERN})_({NAME_PATTERN})_([A-Za-z0-9_-]{{32}})")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A stored key. ``shown`` is the key itself when publishable, else a hint of its beginning and end."""

    id: str
    scope: Scope
    kind: KeyKind
    label: str
    shown: str
    created_at: int
    created_by: str
    revoked_at: int | None = None
    public_key: str | None = None
    """The customer's own, in PEM, of a key of kind ``user_token`` whose private half is theirs alone."""

    def as_json(self) -> dict[str, Any]:
        """What an admin sees."""
        return {
            "id": self.id,
            "kind": self.kind,
            "label": self.label,
            "key": self.shown,
            "created_at": self.created_at,
            "created_by": self.created_by,
            "revoked_at": self.revoked_at,
            **({"public_key": self.public_key} if self.public_key else {}),
        }


class ApiKeys:
    """Create, list, revoke and recognise the keys of every app and environment."""

    def __init__(self, documents: Documents, *, pepper: bytes, clock: Clock) -> None:
        self._documents = documents
        self._pepper = pepper
        self._clock = clock

    def create(self, scope: Scope, kind: TextKind, *, label: str, by: str) -> tuple[ApiKey, str]:
        """A new key and its text, which for a secret key is shown this once.

        Raises ``Invalid`` for a label longer than ``MAX_LABEL``.
        """
        prefix = {held: each for each, held in PREFIXES.items()}[kind]
        text = f"{prefix}_{scope.app}_{scope.environment}_{secrets.token_urlsafe(24)}"
        shown = text if kind == "publishable" else f"{text[:-32]}…{text[-4:]}"
        key = ApiKey(self._id(text), scope, kind, label, shown, int(self._clock()), by)
        self.keep(key)
        return key, text

    def keep(self, key: ApiKey) -> None:
        """Store a new key. Raises ``Invalid`` for a label longer than ``MAX_LABEL``."""
        if len(key.label) > MAX_LABEL:
            raise Invalid(f"a key's label has at most {MAX_LABEL} characters")
        self._documents.put_if(_address(key.scope, key.id), _value(key), version=ABSENT)

    def get(self, scope: Scope, key_id: str) -> ApiKey | None:
        """The key of this id, revoked or not."""
        stored = self._documents.get(_address(scope, key_id)) if key_id else None
        return _key(scope, stored) if stored else None

    def list(self, scope: Scope) -> tuple[ApiKey, ...]:
        """Every key of the pair, revoked ones included, oldest first."""
        stored = walk(self._documents, scope.partition("keys"))
        return tuple(sorted((_key(scope, each) for each in stored), key=lambda key: key.created_at))

    def revoke(self, scope: Scope, key_id: str) -> ApiKey:
        """End a key; the next request that shows it is refused. Raises ``NotFound``."""
        stored = self._documents.get(_address(scope, key_id)) if key_id else None
        if stored is None:
            raise NotFound(f"no key '{key_id[:64]}' in {scope}")
        if stored.value["revoked_at"] is not None:
            return _key(scope, stored)
        value = {**stored.value, "revoked_at": int(self._clock())}
        try:
            self._documents.put_if(stored.key, value, version=stored.version)
        except VersionConflict:
            return self.revoke(scope, key_id)  # the only other change of a key is its revocation
        return _key(scope, Document(stored.key, value, stored.version + 1))

    def authenticate(self, text: str, kind: KeyKind) -> Scope:
        """The pair a key belongs to. Raises ``Unauthenticated`` when unknown, revoked or of another kind."""
        shape = _SHAPE.fullmatch(text)
        if shape and PREFIXES[shape[1]] == kind:
            scope = Scope(shape[2], shape[3])
            stored = self._documents.get(_address(scope, self._id(text)))
            if stored is not None and stored.value["revoked_at"] is None:
                return scope
        raise Unauthenticated(
            "the key is unknown or revoked",
            code="INVALID_KEY",
            detail=f"Send a {kind} key of this app and environment; `herenow keys list` shows them.",
        )

    def _id(self, text: str) -> str:
        return hmac.new(self._pepper, text.encode(), hashlib.sha256).hexdigest()[:32]


def _address(scope: Scope, key_id: str) -> Key:
    return Key(scope.partition("keys"), key_id)


def _value(key: ApiKey) -> dict[str, Any]:
    return {
        "kind": key.kind,
        "label": key.label,
        "shown": key.shown,
        "created_at": key.created_at,
        "created_by": key.created_by,
        "revoked_at": key.revoked_at,
        **({"public_key": key.public_key} if key.public_key else {}),
    }


def _key(scope: Scope, document: Document) -> ApiKey:
    return ApiKey(id=document.key.sort, scope=scope, **document.value)

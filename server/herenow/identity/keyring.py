"""The key ring: the server's own keys, made at first start and kept in the documents port.

Three purposes. ``manifest`` signs what devices trust (ES256), ``token`` signs bearer tokens (HS256),
``mac`` is the root of every keyed hash (validators, kept hashes of secrets, erasure marks).

The ring is one document, so a change is one conditional write: of two processes that start at once
one creates it and the other reads it. Private material in it is sealed with AES-256-GCM under a key
derived from the master secret and bound to its key id and purpose; the store alone gives nothing away.

Rotation announces a key before it is used: a new key becomes current ``announce_s`` after it was
written, longer than any process keeps its copy of the ring, so nobody ever meets a signature by a key
unknown to it. For ``manifest`` the announcement is also the devices' chance to learn the new key from
a manifest signed by the old one; give it as long as devices stay away. The old key verifies until
``retire_at``. The ``mac`` key is not rotated: what it hashed is stored and could never be matched again.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from herenow.clock import Clock
from herenow.errors import Conflict, Invalid, Unavailable
from herenow.identity import jws
from herenow.storage.ports import ABSENT, Document, Documents, Key, VersionConflict

Purpose = Literal["manifest", "token", "mac"]
RandomBytes = Callable[[int], bytes]

KEYRING: Final = Key("herenow#system#keys", "keyring")
MASTER_BYTES: Final = 32
SECRET_BYTES: Final = 32
RELOAD_S: Final = 2.0
"""How long a process uses its copy of the ring before it looks again."""
ANNOUNCE_S: Final = 10
"""Default seconds between writing a key and using it; well above ``RELOAD_S``."""
OVERLAP_S: Final = 30 * 86_400
"""Default seconds for which a replaced key still verifies."""

_NONCE_BYTES: Final = 12
_KID_BYTES: Final = 6
_ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key. ``secret`` is the HMAC secret, or for ``manifest`` the private scalar of P-256.

    ``active_at`` and ``retire_at`` are epoch seconds; ``retire_at`` is ``None`` until a successor exists.
    """

    kid: str
    purpose: Purpose
    secret: bytes = field(repr=False)
    created_at: int
    active_at: int
    retire_at: int | None = None

    def verifies_at(self, now: float) -> bool:
        """Whether signatures by this key still count."""
        return self.retire_at is None or now < self.retire_at


@dataclass(frozen=True, slots=True)
class _Ring:
    keys: tuple[RingKey, ...]
    version: int
    read_at: float


class KeyRing:
    """The keys in force, by purpose. Safe to share between threads.

    ``master_secret`` is ``MASTER_BYTES`` long and must stay the same for the life of the store.
    The first use creates the ring when there is none. Raises ``Unavailable`` (MASTER_SECRET_MISMATCH)
    when the ring was sealed under another master secret.
    """

    def __init__(
        self,
        documents: Documents,
        master_secret: bytes,
        *,
        clock: Clock,
        random_bytes: RandomBytes = secrets.token_bytes,
        reload_s: float = RELOAD_S,
    ) -> None:
        if len(master_secret) != MASTER_BYTES:
            raise Invalid(f"the master secret is not {MASTER_BYTES} bytes long", code="INVALID_SETTING")
        self._documents = documents
        self._sealing = AESGCM(_hkdf(master_secret, "seal"))
        self._clock = clock
        self._random_bytes = random_bytes
        self._reload_s = reload_s
        self._ring: _Ring | None = None

    def current(self, purpose: Purpose) -> RingKey:
        """The key to sign with now: the newest whose announcement is over."""
        now = self._clock()
        active = [key for key in self._of(purpose) if key.active_at <= now]
        return max(active or self._of(purpose)[:1], key=lambda key: key.active_at)

    def verification(self, purpose: Purpose, kid: str) -> RingKey | None:
        """The key that made a signature, or ``None`` when unknown or retired."""
        return next((key for key in self.verifying(purpose) if key.kid == kid), None)

    def verifying(self, purpose: Purpose) -> list[RingKey]:
        """Every key whose signatures count now or will, oldest first."""
        now = self._clock()
        return [key for key in self._of(purpose) if key.verifies_at(now)]

    def rotate(
        self, purpose: Purpose, now: int, *, announce_s: int = ANNOUNCE_S, overlap_s: int = OVERLAP_S
    ) -> RingKey:
        """Add a key that becomes current at ``now + announce_s`` and let the others retire.

        A replaced key verifies for ``overlap_s`` more; keys whose time is over are removed. Raises
        ``Conflict`` for ``mac``.
        """
        if purpose == "mac":
            raise Conflict(
                "the mac key is not rotated",
                code="KEY_NOT_ROTATABLE",
                detail="Stored hashes of secrets and erasure marks depend on it.",
            )
        fresh = self._make(purpose, now, active_at=now + announce_s)
        for _ in range(_ATTEMPTS):
            ring = self._read()
            kept = [_succeeded(key, fresh, overlap_s) for key in ring.keys if key.verifies_at(now)]
            if self._write([*kept, fresh], ring.version):
                return fresh
        raise Conflict("other processes keep changing the key ring", detail="Try again.")

    def public_jwks(self) -> list[dict[str, str]]:
        """The public manifest keys that verify now or will (RFC 7517), oldest first."""
        return [jws.public_jwk(key.secret, key.kid) for key in self.verifying("manifest")]

    def derive(self, label: str) -> bytes:
        """32 bytes for one use, named by ``label``; the same on every process, for ever (HKDF-SHA256)."""
        return _hkdf(self.current("mac").secret, f"derive:{label}")

    def _of(self, purpose: Purpose) -> list[RingKey]:
        ring = self._ring
        if ring is None or self._clock() - ring.read_at >= self._reload_s:
            ring = self._read()
        return [key for key in ring.keys if key.purpose == purpose]

    def _read(self) -> _Ring:
        stored = self._documents.get(KEYRING)
        if stored is None:
            self._create()
            stored = self._documents.get(KEYRING)
        if stored is None:
            raise Unavailable("the key ring was removed while it was read", code="KEYRING_MISSING")
        keys = self._keys(stored)
        self._ring = _Ring(keys, stored.version, self._clock())
        return self._ring

    def _keys(self, stored: Document) -> tuple[RingKey, ...]:
        known = self._ring
        if known is not None and known.version == stored.version:
            return known.keys
        return tuple(self._opened(record) for record in stored.value["keys"])

    def _create(self) -> None:
        now = int(self._clock())
        self._write([self._make(purpose, now, active_at=now) for purpose in get_args(Purpose)], ABSENT)

    def _make(self, purpose: Purpose, now: int, *, active_at: int) -> RingKey:
        if purpose == "manifest":
            secret = jws.scalar_from(self._random_bytes(jws.SEED_BYTES))
        else:
            secret = self._random_bytes(SECRET_BYTES)
        kid = jws.base64url(self._random_bytes(_KID_BYTES))
        return RingKey(kid, purpose, secret, created_at=now, active_at=active_at)

    def _write(self, keys: list[RingKey], version: int) -> bool:
        try:
            self._documents.put_if(KEYRING, {"keys": [self._sealed(key) for key in keys]}, version=version)
        except VersionConflict:
            return False
        self._ring = None
        return True

    def _sealed(self, key: RingKey) -> dict[str, Any]:
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = nonce + self._sealing.encrypt(nonce, key.secret, _binding(key.kid, key.purpose))
        return {
            "kid": key.kid,
            "purpose": key.purpose,
            "created_at": key.created_at,
            "active_at": key.active_at,
            "retire_at": key.retire_at,
            "sealed": b64encode(sealed).decode("ascii"),
        }

    def _opened(self, record: dict[str, Any]) -> RingKey:
        values = dict(record)
        sealed = b64decode(values.pop("sealed"))
        binding = _binding(values["kid"], values["purpose"])
        try:
            secret = self._sealing.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], binding)
        except InvalidTag as error:
            raise Unavailable(
                "the master secret does not open the key ring",
                code="MASTER_SECRET_MISMATCH",
                detail="Start with the master secret that this store was first used with.",
            ) from error
        return RingKey(secret=secret, **values)


def _succeeded(key: RingKey, successor: RingKey, overlap_s: int) -> RingKey:
    """``key`` as it stands once ``successor`` is announced."""
    if key.purpose != successor.purpose or key.retire_at is not None:
        return key
    return replace(key, retire_at=successor.active_at + overlap_s)


def _binding(kid: str, purpose: str) -> bytes:
    return f"{purpose}/{kid}".encode()


def _hkdf(secret: bytes, label: str) -> bytes:
    info = f"herenow/{label}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)

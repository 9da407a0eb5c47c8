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

A ``manifest`` key whose secret got out is revoked: it is gone from the ring, and its id stays in it for
ever, for devices to be told (contract, 3.4.4).
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from herenow.clock import Clock
from herenow.errors import Conflict, Invalid, NotFound, Unavailable
from herenow.identity import jws
from herenow.identity.ring import Purpose, Revocation, RingKey, with_successor, without_key
from herenow.storage.ports import ABSENT, Document, Documents, Key, VersionConflict

__all__ = ["KeyRing", "Purpose", "RingKey"]

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
_KID_BYTES: Final = 6  # told in hexadecimal: base64url may begin with "-", which a shell takes for an option
_ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class _Ring:
    keys: tuple[RingKey, ...]
    revoked: tuple[Revocation, ...]
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
            keys = with_successor(ring.keys, fresh, now=now, overlap_s=overlap_s)
            if self._write(keys, ring.revoked, ring.version):
                return fresh
        raise _contended()

    def revoke(self, kid: str, now: int) -> Revocation:
        """End a manifest key at once and for ever; doing it again is safe.

        When it was the one that signs, the next one announced signs from now on. Raises ``NotFound``
        (UNKNOWN_KID), ``Conflict`` for a key of another purpose (KEY_NOT_REVOCABLE) and for the only one
        there is (LAST_KEY).
        """
        for _ in range(_ATTEMPTS):
            ring = self._read()
            known = next((each for each in ring.revoked if each.kid == kid), None)
            if known is not None:
                return known
            fresh = Revocation(kid, now)
            if self._write(_keys_without(ring.keys, kid, now), (*ring.revoked, fresh), ring.version):
                return fresh
        raise _contended()

    def revocations(self) -> list[Revocation]:
        """The manifest keys never to be trusted again, oldest first."""
        return list(self._held().revoked)

    def as_json(self) -> dict[str, Any]:
        """What may be told of the ring: keys that count now or will, and those revoked, oldest first."""
        ring, now = self._held(), self._clock()
        return {
            "keys": [key.as_json() for key in ring.keys if key.verifies_at(now)],
            "revoked": [each.as_json() for each in ring.revoked],
        }

    def public_jwks(self) -> list[dict[str, str]]:
        """The public manifest keys that verify now or will (RFC 7517), oldest first."""
        return [jws.public_jwk(key.secret, key.kid) for key in self.verifying("manifest")]

    def derive(self, label: str) -> bytes:
        """32 bytes for one use, named by ``label``; the same on every process, for ever (HKDF-SHA256)."""
        return _hkdf(self.current("mac").secret, f"derive:{label}")

    def _of(self, purpose: Purpose) -> list[RingKey]:
        return [key for key in self._held().keys if key.purpose == purpose]

    def _held(self) -> _Ring:
        ring = self._ring
        if ring is None or self._clock() - ring.read_at >= self._reload_s:
            ring = self._read()
        return ring

    def _read(self) -> _Ring:
        stored = self._documents.get(KEYRING)
        if stored is None:
            self._create()
            stored = self._documents.get(KEYRING)
        if stored is None:
            raise Unavailable("the key ring was removed while it was read", code="KEYRING_MISSING")
        # a ring written before there were revocations has no such member
        revoked = tuple(Revocation(**each) for each in stored.value.get("revoked", ()))
        ring = _Ring(self._keys(stored), revoked, stored.version, self._clock())
        self._ring = ring
        return ring

    def _keys(self, stored: Document) -> tuple[RingKey, ...]:
        known = self._ring
        if known is not None and known.version == stored.version:
            return known.keys
        return tuple(self._opened(record) for record in stored.value["keys"])

    def _create(self) -> None:
        now = int(self._clock())
        self._write([self._make(purpose, now, active_at=now) for purpose in get_args(Purpose)], (), ABSENT)

    def _make(self, purpose: Purpose, now: int, *, active_at: int) -> RingKey:
        if purpose == "manifest":
            secret = jws.scalar_from(self._random_bytes(jws.SEED_BYTES))
        else:
            secret = self._random_bytes(SECRET_BYTES)
        kid = self._random_bytes(_KID_BYTES).hex()
        return RingKey(kid, purpose, secret, created_at=now, active_at=active_at)

    def _write(self, keys: Sequence[RingKey], revoked: Sequence[Revocation], version: int) -> bool:
        document = {
            "keys": [self._sealed(key) for key in keys],
            "revoked": [each.as_json() for each in revoked],
        }
        try:
            self._documents.put_if(KEYRING, document, version=version)
        except VersionConflict:
            return False
        self._ring = None
        return True

    def _sealed(self, key: RingKey) -> dict[str, Any]:
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = nonce + self._sealing.encrypt(nonce, key.secret, _binding(key.kid, key.purpose))
        return {**key.as_json(), "sealed": b64encode(sealed).decode("ascii")}

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


def _keys_without(keys: Sequence[RingKey], kid: str, now: int) -> Sequence[RingKey]:
    """The keys without a manifest key. Raises as ``KeyRing.revoke``."""
    named = next((key for key in keys if key.kid == kid), None)
    if named is None:
        raise NotFound(
            f"no key '{kid[:64]}' in the key ring", code="UNKNOWN_KID", detail="See `herenow keyring list`."
        )
    if named.purpose != "manifest":
        raise Conflict(
            f"a {named.purpose} key is not revoked",
            code="KEY_NOT_REVOCABLE",
            detail="Rotate it; of single installations and people, end the tokens.",
        )
    left = without_key(keys, named, now=now)
    if left is None:
        raise Conflict(
            "this is the only manifest key",
            code="LAST_KEY",
            detail="Devices would have no key left to learn of it by. Announce another one first, and give "
            "them time to fetch a manifest: `herenow keyring rotate manifest`.",
        )
    return left


def _contended() -> Conflict:
    return Conflict("other processes keep changing the key ring", detail="Try again.")


def _binding(kid: str, purpose: str) -> bytes:
    return f"{purpose}/{kid}".encode()


def _hkdf(secret: bytes, label: str) -> bytes:
    info = f"herenow/{label}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)

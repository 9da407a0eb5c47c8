"""Bearer tokens: HS256 JWTs with a rotating ``kid``.

An *installation* token says which installation of which pair speaks, and the token epoch it was made
in; raising the stored epoch revokes every older token. An *admin* token names a person; what the
person may do is read from the store, so a withdrawn role counts at once. Verified tokens are kept in
a bounded cache: a signature is checked once; expiry, epoch and whether its key still counts every time.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import jwt

from herenow.clock import Clock
from herenow.errors import Unauthenticated
from herenow.identity.keyring import KeyRing, RingKey
from herenow.scope import Scope

ISSUER: Final = "herenow"
INSTALLATION: Final = "installation"
ADMIN: Final = "admin"
MAX_TOKEN_CHARS: Final = 2048
_CACHE_SIZE: Final = 20_000
_REQUIRED: Final = ["exp", "iat", "sub", "aud", "iss", "ep"]


@dataclass(frozen=True, slots=True)
class InstallationClaims:
    """Which installation speaks; ``epoch`` must equal the stored one."""

    scope: Scope
    installation_id: str
    epoch: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class AdminClaims:
    """Which person speaks; ``epoch`` must equal the stored one."""

    admin_id: str
    epoch: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class _Verified:
    """The claims of a token whose signature by the key ``kid`` was right."""

    kid: str
    claims: dict[str, Any]


class Tokens:
    """Issue and verify."""

    def __init__(self, keyring: KeyRing, *, clock: Clock) -> None:
        self._keyring = keyring
        self._clock = clock
        self._verified: OrderedDict[tuple[str, str], _Verified] = OrderedDict()
        self._lock = Lock()

    def for_installation(self, scope: Scope, installation_id: str, epoch: int, *, ttl_s: int) -> str:
        """A token for one installation, valid ``ttl_s`` seconds."""
        extra = {"app": scope.app, "env": scope.environment}
        return self._issue(INSTALLATION, installation_id, epoch, ttl_s, extra)

    def for_admin(self, admin_id: str, epoch: int, *, ttl_s: int) -> str:
        """A token for one person, valid ``ttl_s`` seconds."""
        return self._issue(ADMIN, admin_id, epoch, ttl_s, {})

    def installation(self, token: str) -> InstallationClaims:
        """Who speaks. Raises ``Unauthenticated`` (codes INVALID_TOKEN, EXPIRED_TOKEN)."""
        claims = self._verify(INSTALLATION, token)
        scope = Scope(claims["app"], claims["env"])
        return InstallationClaims(scope, claims["sub"], claims["ep"], claims["exp"])

    def admin(self, token: str) -> AdminClaims:
        """Who speaks. Raises ``Unauthenticated`` (codes INVALID_TOKEN, EXPIRED_TOKEN)."""
        claims = self._verify(ADMIN, token)
        return AdminClaims(claims["sub"], claims["ep"], claims["exp"])

    def _issue(self, audience: str, subject: str, epoch: int, ttl_s: int, extra: dict[str, Any]) -> str:
        now = int(self._clock())
        key = self._keyring.current("token")
        claims = {"iss": ISSUER, "aud": audience, "sub": subject, "ep": epoch, "iat": now, "exp": now + ttl_s}
        return jwt.encode(claims | extra, key.secret, algorithm="HS256", headers={"kid": key.kid})

    def _verify(self, audience: str, token: str) -> dict[str, Any]:
        verified = self._verified.get((audience, token))
        if verified is None or not self._still_signs(verified.kid):
            verified = self._decode(audience, token)
            self._remember((audience, token), verified)
        if verified.claims["exp"] <= self._clock():
            raise Unauthenticated("the token has expired", code="EXPIRED_TOKEN", detail="Ask for a new one.")
        return verified.claims

    def _still_signs(self, kid: str) -> bool:
        """Whether the key has not been retired since the signature was checked."""
        return self._keyring.verification("token", kid) is not None

    def _decode(self, audience: str, token: str) -> _Verified:
        try:
            key = self._key_of(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.secret,
                algorithms=["HS256"],
                audience=audience,
                issuer=ISSUER,
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("the token is not valid", code="INVALID_TOKEN") from error
        return _Verified(key.kid, claims)

    def _key_of(self, token: str) -> RingKey:
        if len(token) > MAX_TOKEN_CHARS:
            raise jwt.InvalidTokenError("too long")
        key = self._keyring.verification("token", str(jwt.get_unverified_header(token).get("kid", "")))
        if key is None:
            raise jwt.InvalidTokenError("unknown key")
        return key

    def _remember(self, key: tuple[str, str], verified: _Verified) -> None:
        with self._lock:
            self._verified[key] = verified
            while len(self._verified) > _CACHE_SIZE:
                self._verified.popitem(last=False)

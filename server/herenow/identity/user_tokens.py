"""User tokens: how a customer's backend proves to us who somebody is.

The backend signs a JWT for a user it has just recognised; the app hands it over. Two kinds of keys sign: a
shared secret that we make (HS256), or a key pair whose private half never leaves the backend (ES256, P-256).
A key fixes its algorithm, so a token cannot choose how it is checked (RFC 8725 §3.1). Several keys may count
at once: rotating is making one, changing over, revoking the other.

A shared secret is not stored: it is derived from the key's id, so the store alone signs nothing.

Claims: ``sub`` the user's id, ``aud`` ``<app>/<environment>``, ``iat``, ``exp`` at most an hour later. The
header names the key by ``kid``.
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any, Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.types import Options

from herenow.clock import Clock
from herenow.errors import Invalid
from herenow.identity.keys import ApiKey, ApiKeys
from herenow.scope import Scope

MAX_USER_ID: Final = 200
MAX_TOKEN_CHARS: Final = 2048
MAX_LIFE_S: Final = 3600
"""Longest time from ``iat`` to ``exp``."""
SKEW_S: Final = 60
"""How far the backend's clock may be from ours."""
MAX_PEM_CHARS: Final = 1000

_KIND: Final = "user_token"
_HALF: Final = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which JSON can spell and UTF-8 cannot."""
_KEY_ID: Final = re.compile("[0-9a-f]{32}")
_UNTIMED: Final[Options] = {
    "require": ["exp", "iat", "sub", "aud"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}
_HINT: Final = "Have your backend sign a new one; see docs/identity.md."


class UserTokens:
    """Makes the keys of backends and reads what these sign.

    ``derive`` gives 32 bytes for a label, always the same for one label (``KeyRing.derive``).
    """

    def __init__(self, keys: ApiKeys, *, derive: Callable[[str], bytes], clock: Clock) -> None:
        self._keys = keys
        self._derive = derive
        self._clock = clock

    def create_key(
        self, scope: Scope, *, label: str, by: str, public_key: str | None = None
    ) -> tuple[ApiKey, str]:
        """A new key, and what the backend signs with: a secret shown this once, or the key's id alone.

        ``public_key`` is a P-256 key in PEM (SubjectPublicKeyInfo), for ES256. Raises ``Invalid``.
        """
        pem = _normal_pem(public_key) if public_key is not None else None
        key_id = secrets.token_hex(16)
        secret = self._secret(scope, key_id)
        shown = "ES256" if pem else f"HS256 …{secret[-4:]}"
        key = ApiKey(key_id, scope, _KIND, label, shown, int(self._clock()), by, public_key=pem)
        self._keys.keep(key)
        return key, shown if pem else secret

    def user(self, scope: Scope, token: str) -> str:
        """The user whom a token proves. Raises ``Invalid`` (INVALID_USER_TOKEN, EXPIRED_USER_TOKEN)."""
        try:
            claims = self._claims(scope, token)
        except (jwt.InvalidTokenError, jwt.InvalidKeyError) as error:
            raise _invalid("the user token is not valid") from error
        now = self._clock()
        issued, expires = _second(claims["iat"]), _second(claims["exp"])
        if max(issued, _second(claims.get("nbf", issued))) > now + SKEW_S:
            raise _invalid("the user token is not valid yet", "Set the clock of your backend.")
        if expires - issued > MAX_LIFE_S:
            raise _invalid("the user token lives longer than an hour")
        if expires <= now:
            raise Invalid("the user token has expired", code="EXPIRED_USER_TOKEN", detail=_HINT)
        return _user_id(claims["sub"])

    def _claims(self, scope: Scope, token: str) -> dict[str, Any]:
        if len(token) > MAX_TOKEN_CHARS:
            raise jwt.InvalidTokenError("too long")
        key = self._key_of(scope, token)
        by, algorithm = key.public_key, "ES256"
        if by is None:
            by, algorithm = self._secret(scope, key.id), "HS256"
        return jwt.decode(token, by, algorithms=[algorithm], audience=str(scope), options=_UNTIMED)

    def _key_of(self, scope: Scope, token: str) -> ApiKey:
        named = jwt.get_unverified_header(token).get("kid")
        key = self._keys.get(scope, named) if isinstance(named, str) and _KEY_ID.fullmatch(named) else None
        if key is None or key.kind != _KIND or key.revoked_at is not None:
            raise jwt.InvalidTokenError("unknown key")
        return key

    def _secret(self, scope: Scope, key_id: str) -> str:
        secret = self._derive(f"user-tokens/{scope}/{key_id}")
        return urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def _normal_pem(told: str) -> str:
    """The public key as we keep it. Raises ``Invalid`` for anything but one of P-256."""
    try:
        key = serialization.load_pem_public_key(told[:MAX_PEM_CHARS].encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Invalid(
            "this is no public key of the curve P-256",
            code="INVALID_PUBLIC_KEY",
            detail="Send PEM: openssl ecparam -name prime256v1 -genkey | openssl ec -pubout",
        )
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")


def _second(told: Any) -> float:
    if isinstance(told, bool) or not isinstance(told, (int, float)) or not 0 <= told < 2**53:
        raise _invalid("a time in the user token is no number of seconds since 1970")
    return told


def _user_id(told: Any) -> str:
    if not isinstance(told, str) or not 0 < len(told) <= MAX_USER_ID or _HALF.search(told):
        raise _invalid(f"sub of the user token is no text of 1 to {MAX_USER_ID} characters")
    return told


def _invalid(title: str, detail: str = _HINT) -> Invalid:
    return Invalid(title, code="INVALID_USER_TOKEN", detail=detail)

"""The manifest: the small signed list that a device trusts (D4).

Everything else a device fetches is checked against a digest in here. It is a compact JWS (ES256) whose
header names key and type; the payload names app and environment, so that a manifest of one never
passes for another's, and a sequence that only rises.

The issue time is quantised to ``WINDOW_S`` and signatures are deterministic, so within a window every
worker serves the same bytes under the same ETag, and a cache keeps them. ``keys`` lists the public keys
of the next manifests: a device that saw a key announced accepts it when it begins to sign. ``revoked`` lists
the keys never to be trusted again; the ring has none of them, so none signs or is announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from herenow.authoring.budgets import MANIFEST_BUDGET, travelling_size
from herenow.authoring.pointer import Pointer
from herenow.authoring.releases import Release
from herenow.canonical import digest
from herenow.clock import Clock
from herenow.errors import Invalid
from herenow.identity import jws
from herenow.identity.keyring import KeyRing
from herenow.scope import Scope
from herenow_sdk.core.device.jws import TYPE
from herenow_sdk.core.device.negotiation import SPEC

WINDOW_S: Final = 300
LIFETIME_S: Final = 86_400
"""After this a device asks before it trusts the manifest again."""
MAX_AGE_S: Final = 30 * 86_400
"""How long a device that reaches nobody keeps deciding by its last good manifest."""


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """A manifest as served. ``etag`` is unquoted and changes exactly when ``jws`` does."""

    jws: str
    etag: str
    payload: dict[str, Any]


class ManifestSigner:
    """Signs the manifest of a pointer. Keeps the last one of each scope; safe between threads."""

    def __init__(self, keyring: KeyRing, *, clock: Clock) -> None:
        self._keyring = keyring
        self._clock = clock
        self._last: dict[Scope, tuple[tuple[object, ...], SignedManifest]] = {}

    def sign(self, scope: Scope, pointer: Pointer, release: Release) -> SignedManifest:
        """The manifest of ``pointer``, which points at ``release``, for the present window.

        Raises ``Invalid`` (OVER_BUDGET) when it would exceed ``MANIFEST_BUDGET``.
        """
        issued_at = int(self._clock()) // WINDOW_S * WINDOW_S
        kid = self._keyring.current("manifest").kid
        keys = tuple(key.kid for key in self._keyring.verifying("manifest"))
        revoked = tuple(each.kid for each in self._keyring.revocations())
        wanted = (pointer, release.digest, issued_at, kid, keys, revoked)
        kept = self._last.get(scope)
        if kept is not None and kept[0] == wanted:
            return kept[1]
        signed = self._sign(self._payload(scope, pointer, release, issued_at))
        self._last[scope] = (wanted, signed)
        return signed

    def _payload(self, scope: Scope, pointer: Pointer, release: Release, issued_at: int) -> dict[str, Any]:
        return {
            "spec": SPEC,
            "app": scope.app,
            "environment": scope.environment,
            "sequence": pointer.sequence,
            "serving_set": pointer.serving_set,
            "issued_at": issued_at,
            "expires_at": issued_at + LIFETIME_S,
            "max_age_s": MAX_AGE_S,
            "parts": [
                {"name": name, "capability": part.capability, "sha256": part.sha256, "size": part.size}
                for name, part in sorted(release.parts.items())
            ],
            "keys": self._keyring.public_jwks(),
            "revoked": [each.kid for each in self._keyring.revocations()],
            "kill": list(pointer.kill),
        }

    def _sign(self, payload: dict[str, Any]) -> SignedManifest:
        key = self._keyring.current("manifest")
        content = jws.signing_input(payload, kid=key.kid, typ=TYPE)
        signed = jws.sign(content, key.secret)
        size = travelling_size(signed.encode())
        if size > MANIFEST_BUDGET:
            raise Invalid(
                f"the manifest is {size:,} bytes gzip'ed; at most {MANIFEST_BUDGET:,} are allowed",
                code="OVER_BUDGET",
                detail=_culprit(payload),
            )
        return SignedManifest(signed, digest(content.encode()), payload)


def _culprit(payload: dict[str, Any]) -> str:
    counted = {name: len(payload[name]) for name in ("parts", "keys", "revoked", "kill")}
    largest = max(counted, key=lambda name: counted[name])
    return f"It lists {counted[largest]} {largest}; that is what makes it large."

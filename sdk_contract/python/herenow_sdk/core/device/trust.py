"""Whom a device believes, and how that changes from one manifest to the next.

The keys pinned in the app are the beginning. Each manifest accepted may announce further keys, which then
count, and revoke keys, which never count again. The sequence only rises. What is kept between starts is JSON
(``Trust.kept``); the manifests in it are the texts themselves, verified anew whenever they are read.

Two manifests are held. The *accepted* one is the newest that was verified: its keys, its revocations and its
kill switch count at once. The *active* one is the newest whose parts were all there (``parts``): it is what
decisions are made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow_sdk.core.device.jws import (
    SIGNATURE_BYTES,
    Jwk,
    Refused,
    Verifier,
    is_kid,
    is_public_key,
    read_jws,
)
from herenow_sdk.core.device.manifest import Manifest, read_manifest
from herenow_sdk.core.device.strict_json import is_count
from herenow_sdk.core.reasons import ManifestRefusal

FUTURE_S: Final = 300
"""How far the server that signs may be ahead of the one that tells the time."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What a device believes about one environment of one app.

    ``pinned`` comes with the app and is not kept; ``announced`` are keys learned, both by kid; ``sequence``
    is the highest one accepted; ``accepted`` and ``active`` are compact JWS.
    """

    app: str
    environment: str
    pinned: Mapping[str, Jwk] = field(default_factory=dict)
    announced: Mapping[str, Jwk] = field(default_factory=dict)
    revoked: frozenset[str] = frozenset()
    sequence: int = 0
    accepted: str | None = None
    active: str | None = None

    def key(self, kid: str) -> Jwk | None:
        """The key of that name, if it is trusted; a pinned one before an announced one."""
        return None if kid in self.revoked else self.pinned.get(kid) or self.announced.get(kid)

    def kept(self) -> dict[str, Any]:
        """The JSON to keep on disk, for ``read_trust``."""
        return {
            "app": self.app,
            "environment": self.environment,
            "announced": [dict(key) for _, key in sorted(self.announced.items())],
            "revoked": sorted(self.revoked),
            "sequence": self.sequence,
            "accepted": self.accepted,
            "active": self.active,
        }


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of an offered manifest: accepted or refused, and what is believed from now on."""

    trust: Trust
    manifest: Manifest | None = None
    refusal: ManifestRefusal | None = None


def read_trust(kept: Any, app: str, environment: str, pinned: Any) -> Trust:
    """Trust as it was kept, for the keys pinned in the app (JWKs). Never raises.

    What was kept for another app or environment, or cannot be read, is as if nothing had been kept.
    """
    fresh = Trust(app, environment, _by_kid(pinned))
    if not isinstance(kept, Mapping) or (kept.get("app"), kept.get("environment")) != (app, environment):
        return fresh
    sequence = kept.get("sequence")
    return replace(
        fresh,
        announced=_by_kid(kept.get("announced")),
        revoked=frozenset(filter(is_kid, _list(kept.get("revoked")))),
        sequence=sequence if is_count(sequence) else 0,
        accepted=_text(kept.get("accepted")),
        active=_text(kept.get("active")),
    )


def accept(text: Any, trust: Trust, verify: Verifier, now: int) -> Acceptance:
    """Judge a manifest that was offered at ``now``, by the server's clock. Never raises.

    When refused, everything stays as it was.
    """
    try:
        manifest = _verified(text, trust, verify)
        _require_newer(manifest, trust, verify)
        _require_current(manifest, now)
    except Refused as refused:
        return Acceptance(trust, refusal=refused.code)
    return Acceptance(_taught(trust, manifest, str(text)), manifest)


def reopen(text: str | None, trust: Trust, verify: Verifier) -> Manifest | None:
    """A manifest held from earlier, verified anew; ``None`` when it cannot be trusted (any more).

    Neither its sequence nor its age is asked about: it was accepted once.
    """
    if text is None:
        return None
    try:
        return _verified(text, trust, verify)
    except Refused:
        return None


def activated(trust: Trust, manifest: Manifest) -> Trust:
    """Trust once the parts of the accepted manifest are all there: keys that it does not list retire."""
    signer = trust.key(manifest.kid)
    listed = dict(manifest.keys)
    if signer is not None:
        listed.setdefault(manifest.kid, signer)
    return replace(trust, announced=listed, active=trust.accepted)


def with_floor(trust: Trust, packaged: Manifest) -> Trust:
    """Trust that accepts nothing older than what the app was packaged with."""
    return replace(trust, sequence=max(trust.sequence, packaged.sequence))


def _verified(text: Any, trust: Trust, verify: Verifier) -> Manifest:
    jws = read_jws(text)
    if jws.kid in trust.revoked:
        raise Refused(ManifestRefusal.REVOKED_KEY)
    key = trust.key(jws.kid)
    if key is None:
        raise Refused(ManifestRefusal.UNKNOWN_KEY)
    if len(jws.signature) != SIGNATURE_BYTES or verify(key, jws.signed, jws.signature) is not True:
        raise Refused(ManifestRefusal.BAD_SIGNATURE)
    manifest = read_manifest(jws.kid, jws.payload)
    if jws.kid in manifest.revoked:
        raise Refused(ManifestRefusal.REVOKED_KEY)
    if manifest.app != trust.app:
        raise Refused(ManifestRefusal.WRONG_APP)
    if manifest.environment != trust.environment:
        raise Refused(ManifestRefusal.WRONG_ENVIRONMENT)
    return manifest


def _require_newer(manifest: Manifest, trust: Trust, verify: Verifier) -> None:
    if manifest.sequence < trust.sequence:
        raise Refused(ManifestRefusal.OLDER_SEQUENCE)
    held = reopen(trust.accepted, trust, verify)
    if held is None or manifest.sequence > held.sequence:
        return
    if manifest.content != held.content:
        raise Refused(ManifestRefusal.CONFLICTING_SEQUENCE)
    if manifest.issued_at < held.issued_at:
        raise Refused(ManifestRefusal.OLDER_ISSUE)


def _require_current(manifest: Manifest, now: int) -> None:
    if manifest.issued_at > now + FUTURE_S:
        raise Refused(ManifestRefusal.ISSUED_IN_FUTURE)
    if now >= min(manifest.expires_at, manifest.issued_at + manifest.max_age_s):
        raise Refused(ManifestRefusal.EXPIRED)


def _taught(trust: Trust, manifest: Manifest, text: str) -> Trust:
    revoked = trust.revoked.union(manifest.revoked)
    known = {**trust.announced, **manifest.keys}
    return replace(
        trust,
        announced={kid: key for kid, key in known.items() if kid not in revoked},
        revoked=revoked,
        sequence=manifest.sequence,
        accepted=text,
    )


def _by_kid(keys: Any) -> dict[str, Jwk]:
    return {key["kid"]: key for key in _list(keys) if is_public_key(key)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None

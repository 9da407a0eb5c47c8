"""Manifests really signed, as a server signs them, with keys that belong to tests."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from herenow.identity import jws
from herenow_sdk.core.device.trust import Trust

ISSUED = 1_795_319_100
DAY = 86_400
SCALARS = {kid: jws.scalar_from(kid.encode().ljust(jws.SEED_BYTES, b"-")) for kid in ("k1", "k2", "thief")}
JWKS = {kid: jws.public_jwk(scalar, kid) for kid, scalar in SCALARS.items()}


def payload(**changes):
    """A manifest of the app bites, production."""
    return {
        "spec": "1.0",
        "app": "bites",
        "environment": "production",
        "sequence": 7,
        "serving_set": {"release": 4, "catalog": "c-1", "model": "m-0"},
        "issued_at": ISSUED,
        "expires_at": ISSUED + DAY,
        "max_age_s": 30 * DAY,
        "parts": [{"name": "features", "capability": "features", "sha256": "a" * 64, "size": 10}],
        "keys": [],
        "kill": [],
    } | changes


def sign(kid="k1", by=None, **changes):
    """The compact JWS of a manifest."""
    content = jws.signing_input(payload(**changes), kid=kid, typ="herenow-manifest+jws")
    return jws.sign(content, SCALARS[by or kid])


def verify(key, signed, signature):
    """ES256 by a real library: what a host injects."""
    public = ec.EllipticCurvePublicNumbers(
        *(int.from_bytes(urlsafe_b64decode(key[axis] + "=")) for axis in ("x", "y")), ec.SECP256R1()
    ).public_key()
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def pinned(**changes):
    """Trust in the key k1."""
    return Trust("bites", "production", {"k1": JWKS["k1"]}, **changes)


def as_text(value):
    """JSON as a careless forger writes it."""
    return json.dumps(value).encode()

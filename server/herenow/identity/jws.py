"""Compact JWS with ES256 (RFC 7515, RFC 7518 §3.4) and the P-256 keys behind it.

Signatures are deterministic (RFC 6979): every server process produces the same bytes for the same
content, so a strong ETag over a signed document holds across workers and caches. Reading is left to
any JOSE library; nothing on the server needs to.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from herenow.canonical import canonical_json

SCALAR_BYTES: Final = 32
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the base point of P-256 (SEC 2, §2.4.2)."""
SEED_BYTES: Final = SCALAR_BYTES + 8
"""Random bytes for one key: 64 bits more than the order, FIPS 186-5 appendix A.2.1."""


def scalar_from(seed: bytes) -> bytes:
    """The private scalar made from ``SEED_BYTES`` random bytes, big endian (FIPS 186-5 A.2.1)."""
    return (int.from_bytes(seed) % (_ORDER - 1) + 1).to_bytes(SCALAR_BYTES)


def public_jwk(scalar: bytes, kid: str) -> dict[str, str]:
    """The public half as a JWK (RFC 7517) that names its use."""
    numbers = _private_key(scalar).public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": base64url(numbers.x.to_bytes(SCALAR_BYTES)),
        "y": base64url(numbers.y.to_bytes(SCALAR_BYTES)),
        "kid": kid,
        "alg": "ES256",
        "use": "sig",
    }


def signing_input(payload: Mapping[str, Any], *, kid: str, typ: str) -> str:
    """``header.payload``, each canonical JSON in base64url: what a signature covers."""
    header = {"alg": "ES256", "kid": kid, "typ": typ}
    return f"{base64url(canonical_json(header))}.{base64url(canonical_json(payload))}"


def sign(content: str, scalar: bytes) -> str:
    """The compact JWS of a ``signing_input``."""
    algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(_private_key(scalar).sign(content.encode(), algorithm))
    return f"{content}.{base64url(r.to_bytes(SCALAR_BYTES) + s.to_bytes(SCALAR_BYTES))}"


def base64url(content: bytes) -> str:
    """Base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _private_key(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1())

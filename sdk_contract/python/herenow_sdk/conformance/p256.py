"""Verification of ES256 signatures in plain Python: an aid for running vectors, and nothing else.

Vectors hold manifests with real signatures, and the reference has no dependencies. So the conformance
runner brings this verifier. It is slow and untested against side channels; a product takes its platform's.
Source: SEC 1 version 2, section 4.1.4; the curve P-256 from SEC 2 version 2, section 2.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from herenow_sdk.core.device.jws import SIGNATURE_BYTES, decode, is_public_key

Point = tuple[int, int] | None
"""Affine coordinates; ``None`` is the point at infinity."""

_P: Final = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BASE: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def verify(key: Mapping[str, Any], signed: bytes, signature: bytes) -> bool:
    """Whether ``signature`` (r‖s) over ``signed`` was made with the private half of the JWK."""
    public = _point(key)
    if public is None or len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        return False
    inverse = pow(s, -1, _ORDER)
    digest = int.from_bytes(sha256(signed).digest())
    point = _sum(_times(digest * inverse % _ORDER, _BASE), _times(r * inverse % _ORDER, public))
    return point is not None and point[0] % _ORDER == r


def _point(key: Mapping[str, Any]) -> Point:
    """The public point of a JWK, if it lies on the curve."""
    if not is_public_key(key):
        return None
    x, y = (int.from_bytes(decode(key[axis]) or b"") for axis in ("x", "y"))
    on_curve = x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
    return (x, y) if on_curve else None


def _sum(left: Point, right: Point) -> Point:
    if left is None or right is None:
        return left or right
    if left[0] == right[0]:
        if (left[1] + right[1]) % _P == 0:
            return None
        slope = (3 * left[0] * left[0] - 3) * pow(2 * left[1], -1, _P) % _P
    else:
        slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, _P) % _P
    x = (slope * slope - left[0] - right[0]) % _P
    return x, (slope * (left[0] - x) - left[1]) % _P


def _times(factor: int, point: Point) -> Point:
    """Double and add; every bit costs an inversion, which is what makes it slow."""
    total: Point = None
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        factor >>= 1
    return total

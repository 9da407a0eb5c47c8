"""Verification of ES256 signatures in plain Python: an aid for running vectors, and nothing else.

Vectors hold manifests with real signatures, and the reference has no dependencies. So the conformance
runner brings this verifier. It is slow and untested against side channels; a product takes its platform's.
Sources: SEC 1 version 2, section 4.1.4; the curve P-256 from SEC 2 version 2, section 2.4.2; Jacobian
coordinates from Hankerson, Menezes, Vanstone, Guide to Elliptic Curve Cryptography, section 3.2.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from herenow_sdk.core.device.jws import SIGNATURE_BYTES, decode, is_public_key

Point = tuple[int, int, int]
"""Jacobian coordinates (x/z², y/z³), which need no division on the way; z = 0 is the point at infinity."""

_P: Final = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_BASE: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    1,
)
_INFINITY: Final = (1, 1, 0)


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
    x, _, z = _combined(digest * inverse % _ORDER, r * inverse % _ORDER, public)
    return z != 0 and x * pow(z, -2, _P) % _P % _ORDER == r


def _point(key: Mapping[str, Any]) -> Point | None:
    """The public point of a JWK, if it lies on the curve."""
    if not is_public_key(key):
        return None
    x, y = (int.from_bytes(decode(key[axis]) or b"") for axis in ("x", "y"))
    on_curve = x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
    return (x, y, 1) if on_curve else None


def _combined(of_base: int, of_public: int, public: Point) -> Point:
    """``of_base`` times the base point plus ``of_public`` times the public one, a bit of both at a time."""
    addends = (_INFINITY, _BASE, public, _sum(_BASE, public))
    total = _INFINITY
    for bit in range(255, -1, -1):
        total = _double(total)
        total = _sum(total, addends[(of_base >> bit & 1) + 2 * (of_public >> bit & 1)])
    return total


def _double(point: Point) -> Point:
    x, y, z = point
    square = y * y % _P
    s = 4 * x * square % _P
    slope = 3 * (x - z * z) * (x + z * z) % _P
    doubled = (slope * slope - 2 * s) % _P
    return doubled, (slope * (s - doubled) - 8 * square * square) % _P, 2 * y * z % _P


def _sum(left: Point, right: Point) -> Point:
    (x1, y1, z1), (x2, y2, z2) = left, right
    if z1 == 0 or z2 == 0:
        return right if z1 == 0 else left
    u1, u2 = x1 * z2 * z2 % _P, x2 * z1 * z1 % _P
    s1, s2 = y1 * z2**3 % _P, y2 * z1**3 % _P
    if u1 == u2:
        return _double(left) if s1 == s2 else _INFINITY
    run, rise = u2 - u1, s2 - s1
    squared = run * run % _P
    cubed, shared = squared * run % _P, u1 * squared % _P
    x = (rise * rise - cubed - 2 * shared) % _P
    return x, (rise * (shared - x) - s1 * cubed) % _P, run * z1 * z2 % _P

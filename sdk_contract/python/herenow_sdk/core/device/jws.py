"""A compact JWS of one fixed kind (RFC 7515): read strictly, verified with what the host injects.

Nothing is negotiated. The header must say ES256 and our own type (RFC 8725 sections 3.1 and 3.11), the key is
found by ``kid`` among keys already trusted, and key material or addresses inside the header are never
looked at. The arithmetic of the curve belongs to the platform; it comes in as a ``Verifier``.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.device.strict_json import DuplicateMember, NotStrict, read_object
from herenow_sdk.core.reasons import ManifestRefusal

Jwk = Mapping[str, Any]
Verifier = Callable[[Jwk, bytes, bytes], bool]
"""``(public key, signed bytes, signature)``: whether the 64 bytes r‖s are its ES256 (RFC 7518 §3.4).

It answers ``False`` for whatever it cannot use, and raises nothing.
"""

TYPE: Final = "herenow-manifest+jws"
MAX_BYTES: Final = 65_536
"""Sixteen times the budget of a manifest (4 KiB compressed): no longer text is even looked at."""
SIGNATURE_BYTES: Final = 64
COORDINATE_BYTES: Final = 32
MAX_KID: Final = 64

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+")


class Refused(ValueError):
    """The text is not a manifest to trust; ``code`` says why."""

    def __init__(self, code: ManifestRefusal) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Jws:
    """The three segments of a compact JWS, of which only the header has been understood."""

    kid: str
    signed: bytes
    payload: bytes
    signature: bytes


def read_jws(text: Any) -> Jws:
    """A compact JWS with the header of a manifest; its signature is not yet verified. Raises ``Refused``."""
    if not isinstance(text, str):
        raise Refused(ManifestRefusal.MALFORMED)
    if len(text) > MAX_BYTES:
        raise Refused(ManifestRefusal.TOO_LARGE)
    segments = text.split(".")
    if len(segments) != 3:
        raise Refused(ManifestRefusal.MALFORMED)
    header, payload, signature = (_required(decode(segment)) for segment in segments)
    kid = _kid_of(object_of(header))
    return Jws(kid, f"{segments[0]}.{segments[1]}".encode("ascii"), payload, signature)


def object_of(content: bytes) -> dict[str, Any]:
    """The JSON object of a segment. Raises ``Refused``."""
    try:
        return read_object(content)
    except DuplicateMember as error:
        raise Refused(ManifestRefusal.DUPLICATE_MEMBER) from error
    except NotStrict as error:
        raise Refused(ManifestRefusal.MALFORMED) from error


def decode(text: str) -> bytes | None:
    """The bytes of base64url without padding, ``None`` for any other text.

    One text for one value: unused bits at the end must be zero (RFC 4648 section 3.5).
    """
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        return None
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    again = binascii.b2a_base64(content, newline=False).rstrip(b"=").translate(_TO_URL)
    return content if again == text.encode("ascii") else None


def is_public_key(value: Any) -> bool:
    """Whether the value is a public key of P-256 as JWK (RFC 7517), of use for signatures by ES256."""
    return (
        isinstance(value, Mapping)
        and (value.get("kty"), value.get("crv")) == ("EC", "P-256")
        and is_kid(value.get("kid"))
        and value.get("alg", "ES256") == "ES256"
        and value.get("use", "sig") == "sig"
        and all(_is_coordinate(value.get(axis)) for axis in ("x", "y"))
    )


def is_kid(value: Any) -> bool:
    """Whether the value can name a key: a text of 1 to ``MAX_KID`` characters."""
    return isinstance(value, str) and 0 < len(value) <= MAX_KID


_TO_URL: Final = bytes.maketrans(b"+/", b"-_")


def _required(content: bytes | None) -> bytes:
    if content is None:
        raise Refused(ManifestRefusal.MALFORMED)
    return content


def _kid_of(header: Mapping[str, Any]) -> str:
    if header.get("alg") != "ES256":
        raise Refused(ManifestRefusal.WRONG_ALGORITHM)
    if header.get("typ") != TYPE:
        raise Refused(ManifestRefusal.WRONG_TYPE)
    if "crit" in header or not is_kid(header.get("kid")):
        raise Refused(ManifestRefusal.MALFORMED)
    return str(header["kid"])


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, str) and len(decode(value) or b"") == COORDINATE_BYTES

"""Encrypted payloads: ``base64(iv).base64(ciphertext)``, AES in CBC mode with PKCS #7 padding.

The SDK has no cryptography of its own; whoever needs encrypted payloads hands in the cipher.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final

AesCbc = Callable[[bytes, bytes, bytes], bytes]
"""Takes key, initialisation vector and ciphertext; answers the plaintext with its padding, or raises."""

_BLOCK: Final = 16
_WHITESPACE: Final = "\t\n\f\r "
_ENCRYPTED: Final = {
    "encryptedFeatures": "features",
    "encryptedExperiments": "experiments",
    "encryptedSavedGroups": "savedGroups",
    "encryptedContextualBandits": "contextualBandits",
}


def decrypt(encrypted: str, key: str, aes_cbc: AesCbc) -> str | None:
    """The plaintext, or ``None`` for whatever cannot be decrypted. ``key`` is base64, too."""
    try:
        vector, ciphertext = map(_base64, encrypted.split(".", 2)[:2])
        if len(vector) != _BLOCK or not ciphertext or len(ciphertext) % _BLOCK:
            return None
        return _unpadded(aes_cbc(_base64(key), vector, ciphertext)).decode("utf-8")
    except Exception:  # noqa: BLE001 - a cipher from outside raises what it likes
        return None


def _base64(text: str) -> bytes:
    """As browsers read base64: whitespace is skipped, padding may be missing. Raises ``ValueError``."""
    text = text.translate(dict.fromkeys(map(ord, _WHITESPACE)))
    return b64decode(text + "=" * (-len(text) % 4), validate=True)


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= _BLOCK or padded[-count:] != bytes([count]) * count:
        raise ValueError("the padding is wrong")
    return padded[:-count]


def decrypted_payload(payload: Mapping[str, Any], key: str, aes_cbc: AesCbc) -> dict[str, Any]:
    """The payload with its encrypted members in the clear; one that cannot be read is left out."""
    clear = {name: value for name, value in payload.items() if name not in _ENCRYPTED}
    for encrypted, name in _ENCRYPTED.items():
        value = payload.get(encrypted)
        text = decrypt(value, key, aes_cbc) if isinstance(value, str) else None
        if text is not None:
            try:
                clear[name] = json.loads(text)
            except (ValueError, RecursionError):
                continue
    return clear

"""The cipher that tests hand to the SDK."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def aes_cbc(key: bytes, vector: bytes, ciphertext: bytes) -> bytes:
    """AES in CBC mode, padding left in place."""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(ciphertext) + decryptor.finalize()


def aes_cbc_encrypted(key: bytes, vector: bytes, plaintext: bytes) -> bytes:
    """The plaintext, padded and encrypted."""
    count = 16 - len(plaintext) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(plaintext + bytes([count]) * count) + encryptor.finalize()

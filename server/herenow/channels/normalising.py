"""Addresses as they are compared and stored: one spelling each, and nothing that no provider would take."""

from __future__ import annotations

import re
from typing import Final

from herenow.channels.model import Channel, Platform
from herenow.errors import Invalid

MAX_VALUE: Final = 4096
"""Characters of any address; push tokens are the longest."""

_APNS = re.compile(r"[0-9a-f]{64,200}")  # documented as of variable length, 32 bytes so far
_FCM = re.compile(r"[A-Za-z0-9_:.%-]{20,4096}")
_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
)  # RFC 5322 dot-atom
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1035 §2.3.1, digits first as RFC 1123 has it
_MAX_LOCAL: Final = 64
_MAX_DOMAIN: Final = 253
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")  # ITU-T E.164: at most 15 digits
_BETWEEN_DIGITS = str.maketrans("", "", " -.()/\u00a0")


def normalised(channel: Channel, text: str, platform: Platform | None = None) -> str:
    """``text`` as it is stored. Raises ``Invalid`` (INVALID_ADDRESS) for what can reach nobody."""
    stripped = text.strip()
    if channel == "push":
        return _token(stripped, platform)
    return _email(stripped) if channel == "email" else _phone(stripped)


def _token(text: str, platform: Platform | None) -> str:
    if platform == "ios":
        token = text.lower()
        if _APNS.fullmatch(token) and len(token) % 2 == 0:
            return token
        raise _invalid("an APNs device token", "Send its bytes in hexadecimal.")
    if platform == "android":
        if _FCM.fullmatch(text):
            return text
        raise _invalid("an FCM registration token", "Send it as Firebase gave it.")
    raise _invalid("a push token of a known platform", "Say `platform`: ios or android.")


def _email(text: str) -> str:
    local, _, domain = text.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    labels = ascii_domain.split(".")
    sound = (
        len(local) <= _MAX_LOCAL
        and _LOCAL.fullmatch(local) is not None
        and len(ascii_domain) <= _MAX_DOMAIN
        and len(labels) > 1
        and all(_LABEL.fullmatch(each) for each in labels)
        and not labels[-1].isdigit()
    )
    if not sound:
        raise _invalid("an e-mail address", "Send name@domain, without a display name.")
    return f"{local}@{ascii_domain}"


def _phone(text: str) -> str:
    digits = text.translate(_BETWEEN_DIGITS)
    if not _PHONE.fullmatch(digits):
        raise _invalid("a phone number", "Send it in E.164: + and country code, then the number.")
    return digits


def _invalid(what: str, detail: str) -> Invalid:
    return Invalid(f"this is not {what}", code="INVALID_ADDRESS", detail=detail)

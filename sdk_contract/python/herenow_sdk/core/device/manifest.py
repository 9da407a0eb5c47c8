"""The manifest: the small signed list of what a device may believe.

This module gives the bytes a meaning; whom to believe is ``trust``. A manifest that is no manifest is
refused whole. Inside one whose signature holds, an entry that cannot be read (a part, a key, a capability
to switch off) is dropped alone and told, so that one slip of a later server does not blank the app.

Instants are epoch seconds by the server's clock (``refresh.server_now``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from herenow_sdk.core.device.jws import Jwk, Refused, is_kid, is_public_key, object_of
from herenow_sdk.core.device.negotiation import is_usable, judge_spec
from herenow_sdk.core.device.strict_json import is_count
from herenow_sdk.core.reasons import ManifestRefusal

MAX_MAX_AGE_S: Final = 90 * 86_400
"""No manifest, whatever it says, serves for longer than this after it was issued."""
MAX_KEYS: Final = 16
MAX_NAME: Final = 64

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_Entry = TypeVar("_Entry")


class Standing(StrEnum):
    """How far a manifest still counts."""

    FRESH = "fresh"
    EXPIRED = "expired"
    """It serves, and the device asks for a new one before it does anything else."""
    OUTLIVED = "outlived"
    """It does not serve any more; the package does."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of content that the manifest names: ``size`` and ``sha256`` are of its decompressed bytes."""

    name: str
    capability: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The payload of a manifest whose signature was verified.

    ``keys`` are announced public keys by kid, ``revoked`` the kids never to be trusted again, ``kill`` the
    capabilities switched off; ``dropped`` are JSON pointers of entries that could not be read.
    """

    kid: str
    spec: str
    app: str
    environment: str
    sequence: int
    serving_set: Mapping[str, Any]
    issued_at: int
    expires_at: int
    max_age_s: int
    parts: tuple[Part, ...] = ()
    keys: Mapping[str, Jwk] = field(default_factory=dict)
    revoked: tuple[str, ...] = ()
    kill: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def content(self) -> tuple[Any, ...]:
        """What may not change without a new sequence."""
        return (self.serving_set, self.parts, self.kill)

    def standing(self, now: int) -> Standing:
        """How far it still counts at ``now``."""
        if now >= self.issued_at + self.max_age_s:
            return Standing.OUTLIVED
        return Standing.EXPIRED if now >= self.expires_at else Standing.FRESH


def read_manifest(kid: str, payload: bytes) -> Manifest:
    """The manifest in a payload that ``kid`` signed. Raises ``Refused``."""
    told = object_of(payload)
    if not is_usable(judge_spec(told.get("spec"))):
        raise Refused(ManifestRefusal.UNSUPPORTED_SPEC)
    issued_at, expires_at = _count(told, "issued_at"), _count(told, "expires_at")
    if expires_at <= issued_at or not isinstance(told.get("serving_set"), dict):
        raise Refused(ManifestRefusal.MALFORMED)
    parts, bad_parts = _entries(told, "parts", _part, lambda part: part.name)
    keys, bad_keys = _entries(told, "keys", _key, lambda key: str(key["kid"]))
    revoked, bad_revoked = _entries(told, "revoked", _kid, str)
    kill, bad_kill = _entries(told, "kill", _name, str)
    return Manifest(
        kid,
        str(told["spec"]),
        _text(told, "app"),
        _text(told, "environment"),
        _count(told, "sequence"),
        told["serving_set"],
        issued_at,
        expires_at,
        min(_count(told, "max_age_s"), MAX_MAX_AGE_S),
        tuple(parts.values()),
        dict(list(keys.items())[:MAX_KEYS]),
        tuple(revoked),
        tuple(kill),
        (*bad_parts, *bad_keys, *bad_revoked, *bad_kill),
    )


def _entries(
    told: Mapping[str, Any],
    member: str,
    read: Callable[[Any], _Entry | None],
    name_of: Callable[[_Entry], str],
) -> tuple[dict[str, _Entry], list[str]]:
    """The entries of a list by name, the first of a name, and pointers to those that are none."""
    entries: dict[str, _Entry] = {}
    dropped = []
    for pointer, value in _listed(told, member):
        entry = read(value)
        if entry is None or name_of(entry) in entries:
            dropped.append(pointer)
        else:
            entries[name_of(entry)] = entry
    return entries, dropped


def _listed(told: Mapping[str, Any], member: str) -> Iterator[tuple[str, Any]]:
    values = told.get(member)
    if values is None:
        return
    if not isinstance(values, list):
        raise Refused(ManifestRefusal.MALFORMED)
    for index, value in enumerate(values):
        yield f"/{member}/{index}", value


def _part(value: Any) -> Part | None:
    if not isinstance(value, dict):
        return None
    name, capability, sha256, size = (value.get(key) for key in ("name", "capability", "sha256", "size"))
    if not (_name(name) and _name(capability) and is_count(size)):
        return None
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        return None
    return Part(str(name), str(capability), sha256, size)


def _key(value: Any) -> Jwk | None:
    return value if is_public_key(value) else None


def _kid(value: Any) -> str | None:
    return value if is_kid(value) else None


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MAX_NAME else None


def _text(told: Mapping[str, Any], member: str) -> str:
    value = told.get(member)
    if not isinstance(value, str) or not value:
        raise Refused(ManifestRefusal.MALFORMED)
    return value


def _count(told: Mapping[str, Any], member: str) -> int:
    value = told.get(member)
    if not is_count(value):
        raise Refused(ManifestRefusal.MALFORMED)
    return value

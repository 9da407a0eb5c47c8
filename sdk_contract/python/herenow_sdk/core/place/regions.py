"""Beacon regions: what of a Bluetooth beacon's address has to match, and when one that fell silent is left.

Hearing a beacon is being there. No position and no accuracy comes with it, so nothing here goes through
the filters of positions; a region is entered with the first packet, and left after 30 s without one
(AltBeacon's constant).

Specification: section 10.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.values import is_whole

SILENCE_S: Final = 30
"""A region is left when its beacon was not heard for this long."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMESPACE: Final = re.compile(r"[0-9a-f]{20}")
_INSTANCE: Final = re.compile(r"[0-9a-f]{12}")
_PARTS: Final = {"ibeacon": ("uuid", "major", "minor"), "eddystone_uid": ("namespace", "instance")}
_PATTERNS: Final = {"uuid": _UUID, "namespace": _NAMESPACE, "instance": _INSTANCE}
_MAX_NUMBER: Final = 65_535


@dataclass(frozen=True, slots=True)
class Region:
    """A ``kind`` of beacon and the left parts of its address; what is to their right may be anything."""

    kind: str
    address: tuple[str | int, ...]

    def matches(self, beacon: Region) -> bool:
        """Whether a beacon, heard with its whole address, belongs to the region."""
        return self.kind == beacon.kind and self.address == beacon.address[: len(self.address)]


def read_region(raw: Any) -> Region | None:
    """The region of ``{"kind", "uuid", "major"?, "minor"?}`` or ``{"kind", "namespace", "instance"?}``.

    Hexadecimal digits in either case. ``None`` for another kind, for a part that is malformed, and for one
    whose left neighbour is missing: wildcards are on the right.
    """
    kind = raw.get("kind") if isinstance(raw, Mapping) else None
    if not isinstance(kind, str) or kind not in _PARTS:
        return None
    parts = [_part(name, raw.get(name)) for name in _PARTS[kind]]
    given = [raw.get(name) is not None for name in _PARTS[kind]]
    known = sum(given)
    if not known or not all(given[:known]) or None in parts[:known]:
        return None
    return Region(kind, tuple(part for part in parts[:known] if part is not None))


def _part(name: str, raw: Any) -> str | int | None:
    pattern = _PATTERNS.get(name)
    if pattern is None:
        return int(raw) if is_whole(raw) and 0 <= raw <= _MAX_NUMBER else None
    text = raw.lower() if isinstance(raw, str) and raw.isascii() else ""
    return text if pattern.fullmatch(text) else None


def heard_at(region: Region, packets: Iterable[Any], last: int | None, now: int) -> int | None:
    """When a beacon of the region was last heard, of ``packets`` (an address and ``at``) and ``last``.

    A packet that cannot be read, lies in the future or has an incomplete address is passed over.
    """
    heard = [] if last is None else [last]
    for packet in packets:
        beacon = read_region(packet)
        if beacon is None or len(beacon.address) < len(_PARTS[beacon.kind]) or not region.matches(beacon):
            continue
        at = packet.get("at")
        if is_whole(at) and at <= now:
            heard.append(int(at))
    return max(heard, default=None)


def is_near(heard: int | None, now: int) -> bool:
    """Whether a device is in a region whose beacon was last ``heard`` then."""
    return heard is not None and 0 <= now - heard < SILENCE_S

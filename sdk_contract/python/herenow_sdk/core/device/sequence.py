"""Recognising a beacon that came before, by its number alone.

A device numbers its beacons from 1, in the order of sending. Deliveries repeat and overtake each other, and
some numbers never come. So a receiver keeps the highest number seen and, of the ``WINDOW`` numbers up to it,
which were seen: a few hundred bytes for ever, instead of an id for each beacon.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.device.strict_json import is_count
from herenow_sdk.core.reasons import SeqVerdict

WINDOW: Final = 1024
"""Twice the largest batch: nothing that a device may still be sending is ever too old."""

_MASK: Final = (1 << WINDOW) - 1
_HEX: Final = re.compile(r"[0-9a-f]{1,256}")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one installation's numbers have been: bit k of ``bits`` is set when ``high - k`` was seen."""

    high: int = 0
    bits: int = 0

    def as_json(self) -> dict[str, Any]:
        """``{"high": …, "seen": …}``; the bits in lower-case hexadecimal, without leading zeros."""
        return {"high": self.high, "seen": f"{self.bits:x}"}


def read_seen(kept: Any) -> Seen:
    """What was kept as JSON; nothing seen when it cannot be read."""
    if not isinstance(kept, Mapping) or not is_count(kept.get("high")):
        return Seen()
    bits = kept.get("seen")
    if not isinstance(bits, str) or not _HEX.fullmatch(bits):
        return Seen()
    return Seen(kept["high"], int(bits, 16) & _MASK)


def recognise(seen: Seen, seq: Any) -> tuple[SeqVerdict, Seen]:
    """What to make of one number, and what has been seen afterwards."""
    if not is_count(seq) or seq == 0:
        return SeqVerdict.INVALID, seen
    if seq > seen.high:
        shift = min(seq - seen.high, WINDOW)
        return SeqVerdict.ACCEPTED, Seen(seq, (seen.bits << shift | 1) & _MASK)
    behind = seen.high - seq
    if behind >= WINDOW:
        return SeqVerdict.TOO_OLD, seen
    if seen.bits >> behind & 1:
        return SeqVerdict.DUPLICATE, seen
    return SeqVerdict.ACCEPTED, Seen(seen.high, seen.bits | 1 << behind)

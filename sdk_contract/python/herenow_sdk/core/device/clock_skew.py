"""When a beacon really happened, told by a device whose clock may be wrong.

A device stamps each beacon when it happens (``at``) and each batch when it is sent (``sent_at``), by one
clock. However wrong that clock is, the difference is right; so the beacon happened that long before the
batch was received. Source: the timestamp rule of Segment and Snowplow, with its gaps closed: a negative
difference (a rounded ``sent_at``, a clock set back) counts as none, an absurd one (a clock set meanwhile) is
not used. All times here are epoch milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.device.instants import read_instant
from herenow_sdk.core.reasons import BeaconFault

MAX_AGE_MS: Final = 30 * 86_400_000
"""Neither a queue nor a server keeps a beacon that is older."""
FUTURE_MS: Final = 300_000
"""How far after its receipt a beacon may claim to have happened."""
LATE_MS: Final = 300_000
"""After this a geo beacon triggers nothing, unless the message says how long it lives."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """When a beacon happened by the server's clock, or why it cannot count.

    ``told_ms`` is what the device said and stays beside it; ``corrected`` whether ``at_ms`` was made from it.
    """

    told_ms: int | None
    at_ms: int | None = None
    corrected: bool = False
    fault: BeaconFault | None = None


def occurrence(at: Any, sent_at: Any, received_ms: int) -> Occurrence:
    """When a beacon happened that said ``at``, in a batch that said ``sent_at`` (RFC 3339 each)."""
    told, sent = read_instant(at), read_instant(sent_at)
    if told is None:
        return Occurrence(None, fault=BeaconFault.MALFORMED_BEACON)
    lag = None if sent is None else max(sent - told, 0)
    if lag is not None and lag <= MAX_AGE_MS:
        return Occurrence(told, received_ms - lag, corrected=True)
    if told > received_ms + FUTURE_MS:
        return Occurrence(told, fault=BeaconFault.BEACON_FROM_FUTURE)
    if told < received_ms - MAX_AGE_MS:
        return Occurrence(told, fault=BeaconFault.BEACON_TOO_OLD)
    return Occurrence(told, min(told, received_ms))


def may_trigger(kind: Any, at_ms: int, now_ms: int, lives_ms: int | None = None) -> bool:
    """Whether something may still be said because of this beacon: a late geo beacon changes state only.

    ``lives_ms`` is how long the message lives after its trigger, ``LATE_MS`` when it does not say.
    """
    if kind != "geo":
        return True
    return now_ms - at_ms <= (LATE_MS if lives_ms is None else lives_ms)

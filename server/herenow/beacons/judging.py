"""Which beacons of a batch count. Pure; every rule in it is the contract's (SPEC chapters 13 and 16).

A beacon is judged alone: its envelope, whether it came before, whether the person allows it, and when it
happened. Only what is accepted marks its number as seen, so that the log alone can tell what was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.beacons.model import Batch, Outcome, Rejection, Sender
from herenow_sdk.core.device.beacons import Beacon, read_beacon
from herenow_sdk.core.device.clock_skew import occurrence
from herenow_sdk.core.device.consent import Handling, handling
from herenow_sdk.core.device.sequence import Seen, recognise
from herenow_sdk.core.reasons import BeaconFault, SeqVerdict

_MAX_ID: Final = 64
_DETAILS: Final = {
    BeaconFault.MALFORMED_BEACON: "Not a beacon: see id, type, name, at, properties and seq in the contract.",
    BeaconFault.BEACON_TOO_LARGE: "The beacon exceeds 32,700 bytes.",
    BeaconFault.BEACON_TOO_OLD: "It happened more than 30 days ago, or its seq is far behind the highest.",
    BeaconFault.BEACON_FROM_FUTURE: "It claims to happen more than 5 minutes from now.",
    BeaconFault.CONSENT_DENIED: "The person has not granted the purpose that this type needs.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """The records to store, what has been seen with them, and what to answer once they are stored."""

    records: tuple[Mapping[str, Any], ...]
    seen: Seen
    outcome: Outcome


def judge(batch: Batch, sender: Sender, seen: Seen, received_ms: int) -> Judged:
    """Judge every beacon of a batch that was received at ``received_ms``. Never raises."""
    records: list[Mapping[str, Any]] = []
    rejected: list[Rejection] = []
    duplicates = 0
    for index, told in enumerate(batch.beacons):
        verdict, after = _number(told, sender, seen)
        judged = _judged(told, verdict, sender, batch.sent_at, received_ms)
        if judged is None:
            duplicates += 1
        elif isinstance(judged, BeaconFault):
            rejected.append(Rejection(index, _id(told), judged.value, _DETAILS[judged]))
        else:
            records.append(judged)
            seen = after
    outcome = Outcome(len(records), duplicates, tuple(rejected))
    return Judged(tuple(records), seen, outcome)


def _number(told: Any, sender: Sender, seen: Seen) -> tuple[SeqVerdict, Seen]:
    if not sender.numbered:
        return SeqVerdict.ACCEPTED, seen
    return recognise(seen, told.get("seq") if isinstance(told, Mapping) else None)


def _judged(
    told: Any, verdict: SeqVerdict, sender: Sender, sent_at: Any, received_ms: int
) -> Mapping[str, Any] | BeaconFault | None:
    """The record to store, or why there is none; ``None`` for one that came before."""
    read = read_beacon(told)
    if isinstance(read, BeaconFault):
        return read
    if verdict is not SeqVerdict.ACCEPTED:
        return _REPEATED[verdict]
    beacon, _ = read
    if handling(beacon["type"], sender.consent) is not Handling.SEND:
        return BeaconFault.CONSENT_DENIED
    happened = occurrence(beacon["at"], sent_at, received_ms)
    if happened.at_ms is None:
        return happened.fault or BeaconFault.MALFORMED_BEACON
    return _record(beacon, told, sender, happened.at_ms, received_ms)


def _record(
    beacon: Beacon, told: Mapping[str, Any], sender: Sender, at_ms: int, received_ms: int
) -> dict[str, Any]:
    """``at`` stays what the device said; ``at_ms`` is when it happened by our clock (SPEC 13.6)."""
    record = {**beacon, "at_ms": at_ms, "received_ms": received_ms}
    return {**record, "seq": told["seq"]} if sender.numbered else record


def _id(told: Any) -> str | None:
    found = told.get("id") if isinstance(told, Mapping) else None
    return found[:_MAX_ID] if isinstance(found, str) else None


_REPEATED: Final[Mapping[SeqVerdict, BeaconFault | None]] = {
    SeqVerdict.DUPLICATE: None,
    SeqVerdict.TOO_OLD: BeaconFault.BEACON_TOO_OLD,
    SeqVerdict.INVALID: BeaconFault.MALFORMED_BEACON,
}

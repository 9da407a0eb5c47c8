"""How beacons leave the device: a batch at a time, each number meaning one beacon for ever.

Three things make delivery exact. A number (``seq``) is given when a beacon first goes into a batch, and that
outbox is on disk before the batch is sent; a number once given stays with its beacon until the server has it
or the beacon is dropped; and beacons leave in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from herenow_sdk.core.device.clock_skew import MAX_AGE_MS
from herenow_sdk.core.device.consent import Handling, handling
from herenow_sdk.core.device.instants import read_instant
from herenow_sdk.core.device.outbox import MAX_BATCH, Outbox, Queued, counted, keeping
from herenow_sdk.core.device.strict_json import MAX_NUMBER
from herenow_sdk.core.reasons import BeaconFault, RetryClass

MAX_BATCH_BYTES: Final = 500_000
"""Of the beacons without ``seq``, and a comma each; the rest of the body stays within a server's 512,000."""

_DROPPABLE: Final = frozenset({RetryClass.SPLIT, RetryClass.DROP})


@dataclass(frozen=True, slots=True)
class Batch:
    """What to send now. ``dropped`` is what it tells about beacons that will never come."""

    queued: tuple[Queued, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)

    def body(self, sent_at: str) -> dict[str, Any]:
        """The body of ``POST /v1/beacons``; ``sent_at`` is RFC 3339 by the clock that stamped the beacons."""
        told: dict[str, Any] = {"sent_at": sent_at, "beacons": [each.as_json() for each in self.queued]}
        return {**told, "dropped": dict(self.dropped)} if self.dropped else told


@dataclass(frozen=True, slots=True)
class Settled:
    """The outbox afterwards, and what became of each beacon of the batch that left it, by id.

    ``rejected`` holds the server's code or ours.
    """

    outbox: Outbox
    delivered: tuple[str, ...] = ()
    rejected: Mapping[str, str] = field(default_factory=dict)


def next_batch(outbox: Outbox, consent: Mapping[str, str], now_ms: int) -> tuple[Outbox, Batch | None]:
    """What to send at ``now_ms`` by the device's clock, and the outbox to keep *before* it is sent.

    Beacons too old to count are dropped first. ``None`` when nothing may be sent.
    """
    fresh = keeping(outbox, lambda each: not _is_too_old(each, now_ms))
    outbox = counted(fresh, BeaconFault.BEACON_TOO_OLD, len(outbox.queued) - len(fresh.queued))
    chosen = _chosen(outbox, consent)
    if not chosen:
        return outbox, None
    numbered = _numbered(chosen, outbox.next_seq)
    given = dict(zip(map(id, chosen), numbered, strict=True))
    queued = tuple(given.get(id(each), each) for each in outbox.queued)
    given_out = sum(each.seq is None for each in chosen)
    after = replace(outbox, queued=queued, next_seq=outbox.next_seq + given_out)
    return after, Batch(numbered, dict(outbox.dropped))


def settle(outbox: Outbox, batch: Batch, action: RetryClass, answer: Any = None) -> Settled:
    """What the answer to a batch means for the outbox; ``action`` as ``retries.classify`` gives it.

    A batch refused as a whole is halved until the beacon at fault stands alone and is dropped alone.
    """
    if action is RetryClass.DONE:
        return _acknowledged(outbox, batch, answer)
    if action not in _DROPPABLE:
        return Settled(outbox)
    if len(batch.queued) > 1:
        return Settled(replace(outbox, limit=max(len(batch.queued) // 2, 1)))
    large = action is RetryClass.SPLIT
    fault = BeaconFault.BEACON_TOO_LARGE if large else BeaconFault.REJECTED
    left = counted(_without(outbox, batch), fault, len(batch.queued))
    return Settled(left, rejected={each.beacon["id"]: fault.value for each in batch.queued})


def _acknowledged(outbox: Outbox, batch: Batch, answer: Any) -> Settled:
    refused = {
        each["id"]: str(each.get("code"))
        for each in _list(_object(answer).get("rejected"))
        if isinstance(each, Mapping) and isinstance(each.get("id"), str)
    }
    ids = [each.beacon["id"] for each in batch.queued]
    untold = {fault: dropped - batch.dropped.get(fault, 0) for fault, dropped in outbox.dropped.items()}
    after = replace(
        _without(outbox, batch),
        limit=min(outbox.limit * 2, MAX_BATCH),
        dropped={fault: left for fault, left in untold.items() if left > 0},
    )
    rejected = {each: refused[each] for each in ids if each in refused}
    return Settled(after, tuple(each for each in ids if each not in refused), rejected)


def _numbered(chosen: list[Queued], next_seq: int) -> tuple[Queued, ...]:
    numbers = count(next_seq)
    return tuple(each if each.seq else replace(each, seq=next(numbers)) for each in chosen)


def _chosen(outbox: Outbox, consent: Mapping[str, str]) -> list[Queued]:
    """What fits into a batch: numbered beacons by number, then the others in order."""
    ready = [each for each in outbox.queued if handling(each.beacon["type"], consent) is Handling.SEND]
    ready.sort(key=lambda each: each.seq or MAX_NUMBER)
    chosen, size = [], 0
    for each in ready[: outbox.limit]:
        size += each.size + 1
        if size > MAX_BATCH_BYTES:
            break
        chosen.append(each)
    return chosen


def _without(outbox: Outbox, batch: Batch) -> Outbox:
    gone = {each.seq for each in batch.queued}
    return keeping(outbox, lambda each: each.seq is None or each.seq not in gone)


def _is_too_old(each: Queued, now_ms: int) -> bool:
    at = read_instant(each.beacon["at"])
    return at is not None and at < now_ms - MAX_AGE_MS


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

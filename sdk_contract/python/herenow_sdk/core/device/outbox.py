"""The beacons of one installation that no server has acknowledged yet.

Pure state: every function gives the outbox that follows, and ``kept`` is the JSON to write. The queue is
bounded. What has to go goes by type (``beacons.TYPES``) and then by age, is counted, and the count is told
with the next batch. How beacons leave is in ``batches``.

An installation has one outbox; after a change of identity (chapter 15) the old one is sent with its own
credentials or dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow_sdk.core.device.beacons import TYPES, Beacon, exposure_key, read_beacon
from herenow_sdk.core.device.consent import Handling, handling
from herenow_sdk.core.device.strict_json import MAX_NUMBER, is_count
from herenow_sdk.core.reasons import BeaconFault

MAX_QUEUED: Final = 1000
MAX_QUEUED_BYTES: Final = 2_000_000
MAX_BATCH: Final = 500
MAX_EXPOSED: Final = 512


@dataclass(frozen=True, slots=True)
class Queued:
    """A beacon that waits: its number once it has one, and its bytes without it."""

    beacon: Beacon
    size: int
    seq: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The beacon as it is sent and kept."""
        return dict(self.beacon) if self.seq is None else {**self.beacon, "seq": self.seq}


@dataclass(frozen=True, slots=True)
class Outbox:
    """What waits, in order; the next number; the most that a batch may hold at present.

    ``dropped`` counts by fault what was dropped and not yet told; ``exposed`` are keys of the exposures of
    this session.
    """

    queued: tuple[Queued, ...] = ()
    next_seq: int = 1
    limit: int = MAX_BATCH
    dropped: Mapping[str, int] = field(default_factory=dict)
    exposed: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """The JSON to keep on disk, for ``read_outbox``."""
        return {
            "next_seq": self.next_seq,
            "limit": self.limit,
            "dropped": dict(self.dropped),
            "exposed": list(self.exposed),
            "beacons": [each.as_json() for each in self.queued],
        }


def read_outbox(kept: Any) -> Outbox:
    """The outbox that was kept. Never raises: a beacon that cannot be read is dropped alone and counted.

    The next number is higher than every number found, whatever was kept.
    """
    if not isinstance(kept, Mapping):
        return Outbox()
    read = [_queued(each) for each in _list(kept.get("beacons"))]
    queued = tuple(each for each in read if each is not None)
    counts = _object(kept.get("dropped"))
    dropped = {fault.value: counts[fault] for fault in BeaconFault if is_count(counts.get(fault))}
    next_seq, limit = kept.get("next_seq"), kept.get("limit")
    highest = max((each.seq or 0 for each in queued), default=0)
    outbox = Outbox(
        queued,
        max(next_seq if is_count(next_seq) else 1, highest + 1),
        min(max(limit, 1), MAX_BATCH) if is_count(limit) else MAX_BATCH,
        dropped,
        tuple(key for key in _list(kept.get("exposed")) if isinstance(key, str))[-MAX_EXPOSED:],
    )
    return _bounded(counted(outbox, BeaconFault.MALFORMED_BEACON, len(read) - len(queued)))


def add_beacon(outbox: Outbox, told: Any, consent: Mapping[str, str]) -> tuple[Outbox, BeaconFault | None]:
    """The outbox with one more beacon, or why it was not taken."""
    read = read_beacon(told)
    if isinstance(read, BeaconFault):
        return counted(outbox, read, 1), read
    beacon, size = read
    if handling(beacon["type"], consent) is Handling.DROP:
        return outbox, BeaconFault.CONSENT_DENIED
    if beacon["type"] == "exposure":
        key = exposure_key(beacon)
        if key in outbox.exposed:
            return outbox, BeaconFault.DUPLICATE_EXPOSURE
        outbox = replace(outbox, exposed=(*outbox.exposed, key)[-MAX_EXPOSED:])
    entry = Queued(beacon, size)
    after = _bounded(replace(outbox, queued=(*outbox.queued, entry)))
    taken = bool(after.queued) and after.queued[-1] is entry
    return after, None if taken else BeaconFault.QUEUE_FULL


def begin_session(outbox: Outbox) -> Outbox:
    """The outbox in a new session, in which every exposure counts again."""
    return replace(outbox, exposed=())


def apply_consent(outbox: Outbox, consent: Mapping[str, str]) -> Outbox:
    """The outbox without what may not be sent any more; nobody is told of it, not even a number."""
    return keeping(outbox, lambda each: handling(each.beacon["type"], consent) is not Handling.DROP)


def retire(outbox: Outbox, consent: Mapping[str, str]) -> Outbox:
    """What is left to send of an installation that was replaced: who could still allow the rest is gone."""
    return keeping(outbox, lambda each: handling(each.beacon["type"], consent) is Handling.SEND)


def counted(outbox: Outbox, fault: BeaconFault, count: int) -> Outbox:
    """The outbox that has yet to tell of so many beacons more that were dropped."""
    if not count:
        return outbox
    before = outbox.dropped.get(fault.value, 0)
    return replace(outbox, dropped={**outbox.dropped, fault.value: min(before + count, MAX_NUMBER)})


def keeping(outbox: Outbox, keep: Callable[[Queued], bool]) -> Outbox:
    """The outbox with those of its beacons that are to be kept."""
    return replace(outbox, queued=tuple(filter(keep, outbox.queued)))


def _bounded(outbox: Outbox) -> Outbox:
    """Within the bounds, by giving up what has no number yet: the lowest type first, of it the oldest."""
    over = len(outbox.queued) - MAX_QUEUED
    over_bytes = sum(each.size for each in outbox.queued) - MAX_QUEUED_BYTES
    if over <= 0 and over_bytes <= 0:
        return outbox
    given_up = set[int]()
    for index in _by_worth(outbox.queued):
        if over <= 0 and over_bytes <= 0:
            break
        given_up.add(index)
        over, over_bytes = over - 1, over_bytes - outbox.queued[index].size
    kept = tuple(each for index, each in enumerate(outbox.queued) if index not in given_up)
    return counted(replace(outbox, queued=kept), BeaconFault.QUEUE_FULL, len(given_up))


def _by_worth(queued: tuple[Queued, ...]) -> Iterator[int]:
    """Positions of what may be given up, in the order in which it goes."""
    for kind in TYPES:
        for index, each in enumerate(queued):
            if each.seq is None and each.beacon["type"] == kind:
                yield index


def _queued(kept: Any) -> Queued | None:
    read = read_beacon(kept)
    if isinstance(read, BeaconFault):
        return None
    seq = kept.get("seq")
    return Queued(*read, seq if is_count(seq) and seq > 0 else None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

"""The beacon queue on disk: a snapshot of the outbox, and a journal of what was recorded since.

Recording a beacon costs one appended line, not a rewrite of everything that waits. A line torn by a crash
is left out alone. A snapshot names its journal, so that a crash between the two counts nothing twice, and
is on disk before a batch is sent (SPEC 13.3.2).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from herenow_sdk.client.store import Store
from herenow_sdk.core.device.batches import Batch, next_batch, settle
from herenow_sdk.core.device.beacons import compact
from herenow_sdk.core.device.outbox import (
    Outbox,
    add_beacon,
    apply_consent,
    begin_session,
    read_outbox,
    retire,
)
from herenow_sdk.core.device.strict_json import NotStrict, is_count, read_object
from herenow_sdk.core.reasons import BeaconFault, RetryClass

_UNDECIDED: Final[Mapping[str, str]] = {}
"""What stands in the journal was allowed or held when it was recorded."""


class Mailbox:
    """The beacons of one installation. Not safe for threads by itself: its owner locks."""

    def __init__(self, store: Store, identity: str) -> None:
        self._store = store
        self._identity = identity
        self._snapshot = f"outbox-{identity[:16]}"
        kept = store.read_json(self._snapshot, identity)
        generation = kept.get("generation")
        self._generation = generation if is_count(generation) else 0
        outbox = read_outbox(kept.get("outbox"))
        for beacon in _journalled(self._journal()):
            outbox, _ = add_beacon(outbox, beacon, _UNDECIDED)
        self.outbox = begin_session(outbox)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self.outbox.queued

    def add(self, beacon: Mapping[str, Any], consent: Mapping[str, str]) -> BeaconFault | None:
        """Record a beacon, or say why it was not taken."""
        self.outbox, fault = add_beacon(self.outbox, beacon, consent)
        if fault is None:
            _append(self._journal(), compact(self.outbox.queued[-1].beacon))
        return fault

    def new_session(self) -> None:
        """Let every exposure count again."""
        self.outbox = begin_session(self.outbox)

    def consenting(self, consent: Mapping[str, str]) -> None:
        """Drop what may not be sent any more."""
        self._keep(apply_consent(self.outbox, consent))

    def retire(self, consent: Mapping[str, str]) -> None:
        """Keep what may still be sent of an installation that was replaced."""
        self._keep(retire(self.outbox, consent))

    def next_batch(self, consent: Mapping[str, str], now_ms: int) -> Batch | None:
        """What to send now, numbered, and on disk as such."""
        outbox, batch = next_batch(self.outbox, consent, now_ms)
        if batch is not None or outbox != self.outbox:
            self._keep(outbox)
        return batch

    def settle(self, batch: Batch, action: RetryClass, answer: Any) -> Mapping[str, str]:
        """Take an answer in; the codes of beacons that were rejected, by id."""
        settled = settle(self.outbox, batch, action, answer)
        if settled.outbox != self.outbox:
            self._keep(settled.outbox)
        return settled.rejected

    def delete(self) -> None:
        """Forget everything that waits."""
        self.outbox = Outbox()
        self._store.delete(self._snapshot)
        self._store.delete(self._journal().name)

    def _keep(self, outbox: Outbox) -> None:
        old = self._journal()
        self._generation += 1
        kept = {"generation": self._generation, "outbox": outbox.kept()}
        self._store.write_json(self._snapshot, kept, self._identity)
        self.outbox = outbox
        self._store.delete(old.name)

    def _journal(self) -> Path:
        return self._store.folder / f"{self._snapshot}.{self._generation}.journal"


def _append(journal: Path, line: str) -> None:
    """One line with its checksum, in one write: the system has it, whatever becomes of the app.

    It begins a line of its own, so that a torn one before it spoils nothing.
    """
    content = line.encode()
    journal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, b"\n%08x %s\n" % (crc32(content), content))
    finally:
        os.close(descriptor)


def _journalled(journal: Path) -> list[dict[str, Any]]:
    """The beacons of every line that is whole."""
    try:
        lines = journal.read_bytes().split(b"\n")
    except OSError:
        return []
    beacons = []
    for line in lines:
        checksum, _, content = line.partition(b" ")
        if checksum == b"%08x" % crc32(content):
            try:
                beacons.append(read_object(content))
            except NotStrict:
                continue
    return beacons

"""The beacon queue on disk: a snapshot of the outbox, and a journal of what was recorded since.

Recording a beacon costs one appended line, not a rewrite of everything that waits. A line torn by a crash
is left out alone. A snapshot names its journal, so that a crash between the two counts nothing twice, and
is on disk before a batch is sent (SPEC 13.3.2).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from errno import ENOSPC
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from herenow_sdk.client.store import Store
from herenow_sdk.core.device.batches import Batch, next_batch, settle
from herenow_sdk.core.device.beacons import compact
from herenow_sdk.core.device.outbox import (
    MAX_QUEUED,
    MAX_QUEUED_BYTES,
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
    """The beacons of one installation. Not safe for threads by itself: its owner locks.

    On a full disk the queue in memory is right and goes on; only what the disk has to know first, numbers,
    is not given out then.
    """

    def __init__(self, store: Store, identity: str) -> None:
        self._store = store
        self._identity = identity
        self._snapshot = f"outbox-{identity[:16]}"
        kept = store.read_json(self._snapshot, identity)
        generation = kept.get("generation")
        self._generation = generation if is_count(generation) else 0
        outbox = read_outbox(kept.get("outbox"))
        journalled = _journalled(self._journal())
        for beacon in journalled:  # an exposure in it was the first of its session
            outbox, _ = add_beacon(begin_session(outbox), beacon, _UNDECIDED)
        self._lines = len(journalled)
        self.outbox = begin_session(outbox)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self.outbox.queued

    def add(self, beacon: Mapping[str, Any], consent: Mapping[str, str]) -> BeaconFault | None:
        """Record a beacon, or say why it was not taken.

        Raises ``OSError`` when it cannot be written; it waits in memory then.
        """
        self.outbox, fault = add_beacon(self.outbox, beacon, consent)
        if fault is None:
            size = _append(self._journal(), compact(self.outbox.queued[-1].beacon))
            self._lines += 1
            if self._lines >= MAX_QUEUED or size >= MAX_QUEUED_BYTES:
                self._keep(self.outbox)  # the journal holds what was given up, too, and would only grow
        return fault

    def new_session(self) -> None:
        """Let every exposure count again."""
        self.outbox = begin_session(self.outbox)

    def consenting(self, consent: Mapping[str, str]) -> None:
        """Drop what may not be sent any more."""
        self._become(apply_consent(self.outbox, consent))

    def retire(self, consent: Mapping[str, str]) -> None:
        """Keep what may still be sent of an installation that was replaced."""
        self._become(retire(self.outbox, consent))

    def next_batch(self, consent: Mapping[str, str], now_ms: int) -> Batch | None:
        """What to send now, numbered, and on disk as such.

        Raises ``OSError`` when it cannot be written; nothing has a number then.
        """
        outbox, batch = next_batch(self.outbox, consent, now_ms)
        if batch is not None or outbox != self.outbox:
            self._keep(outbox)
            self.outbox = outbox
        return batch

    def settle(self, batch: Batch, action: RetryClass, answer: Any) -> Mapping[str, str]:
        """Take an answer in; the codes of beacons that were rejected, by id."""
        settled = settle(self.outbox, batch, action, answer)
        if settled.outbox != self.outbox:
            self._become(settled.outbox)
        return settled.rejected

    def delete(self) -> None:
        """Forget everything that waits."""
        self.outbox = Outbox()
        self._store.delete(self._snapshot)
        self._store.delete(self._journal().name)

    def _become(self, outbox: Outbox) -> None:
        """Hold this from now on; what the disk then has is older, and holds nothing twice."""
        self.outbox = outbox
        try:
            self._keep(outbox)
        except OSError:
            self._store.tell_unwritten(self._snapshot)

    def _keep(self, outbox: Outbox) -> None:
        """A snapshot, and a journal that begins after it. Raises ``OSError``: then the old ones go on."""
        kept = {"generation": self._generation + 1, "outbox": outbox.kept()}
        self._store.write_json(self._snapshot, kept, self._identity)
        old = self._journal()
        self._generation, self._lines = self._generation + 1, 0
        self._store.delete(old.name)

    def _journal(self) -> Path:
        return self._store.folder / f"{self._snapshot}.{self._generation}.journal"


def _append(journal: Path, line: str) -> int:
    """One line with its checksum, in one write: the system has it, whatever becomes of the app.

    It begins a line of its own, so that a torn one before it spoils nothing. The size of the journal
    afterwards; raises ``OSError``, also when the disk took only a part.
    """
    content = line.encode()
    journal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        whole = b"\n%08x %s\n" % (crc32(content), content)
        if os.write(descriptor, whole) < len(whole):
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        return os.fstat(descriptor).st_size
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

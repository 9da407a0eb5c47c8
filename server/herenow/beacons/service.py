"""Beacons in: judged, appended to the log, and only then acknowledged.

What beacons *do* (the profile, states of fences, messages due) are folds over the log that this service
writes; they hang on its records, not on requests.
"""

from __future__ import annotations

from typing import Any

from herenow.beacons.judging import Judged, judge
from herenow.beacons.marks import Mark, Marks, log_partition
from herenow.beacons.model import Batch, Outcome, Sender
from herenow.clock import Clock
from herenow.scope import Scope
from herenow.storage.ports import Documents, EventLog
from herenow_sdk.core.device.sequence import Seen


class Beacons:
    """Takes batches, from our SDKs and from foreign clients alike."""

    def __init__(self, documents: Documents, log: EventLog, *, clock: Clock) -> None:
        self._log = log
        self._marks = Marks(documents, log)
        self._clock = clock

    def accept(self, scope: Scope, sender: Sender, batch: Batch) -> Outcome:
        """Store what counts of a batch; durable when this returns. The same batch again adds nothing.

        Raises what the log raises when it cannot be written; then nothing was acknowledged.
        """
        received_ms = int(self._clock() * 1000)
        if not sender.numbered:
            judged = judge(batch, sender, Seen(), received_ms)
            self._append(scope, sender, batch, judged)
            return judged.outcome
        mark = self._marks.read(scope, sender.id)
        judged = judge(batch, sender, mark.seen, received_ms)
        if judged.records:
            last = self._append(scope, sender, batch, judged)
            self._advance(scope, sender, mark, judged, last)
        return judged.outcome

    def _append(self, scope: Scope, sender: Sender, batch: Batch, judged: Judged) -> int:
        """What was dropped is told once, with the first beacons that are new."""
        records: list[Any] = list(judged.records)
        if records and batch.dropped:
            records[-1] = {**records[-1], "dropped": dict(batch.dropped)}
        return self._log.append(log_partition(scope, sender.id), records)

    def _advance(self, scope: Scope, sender: Sender, mark: Mark, judged: Judged, last: int) -> None:
        """Not over somebody else's records in between: the next batch reads those."""
        if last == mark.position + len(judged.records):
            self._marks.advance(scope, sender.id, mark, judged.seen, last)

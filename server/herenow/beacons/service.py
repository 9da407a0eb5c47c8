"""Beacons in: judged, appended to the log, and only then acknowledged.

What beacons *do* (the profile, states of fences, messages due) are folds over the log that this service
writes; they hang on its records, not on requests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from herenow.beacons.declared import Rules
from herenow.beacons.items import HasItem
from herenow.beacons.judging import Judged, Received, judge
from herenow.beacons.marks import Marks, log_partition
from herenow.beacons.model import Batch, Outcome, Sender
from herenow.clock import Clock
from herenow.errors import Unavailable
from herenow.scope import Scope
from herenow.storage.ports import Documents, EventLog, VersionConflict
from herenow_sdk.core.device.sequence import Seen

_ATTEMPTS: Final = 5

Record = Mapping[str, Any]
Noting = Callable[[Scope, Sequence[Record], Mapping[str, Any]], Sequence[Record]]
"""Adds to records what is known of what they name when they come in, by the context of the device."""


class Beacons:
    """Takes batches, from our SDKs and from foreign clients alike.

    ``app_of`` tells the live ``app.json`` of a scope, empty while nothing is published; the same object as
    long as it says the same. ``noting`` adds to records what is known of what they name, and ``items_of``
    tells which items there are, ``None`` where nothing is published.
    """

    def __init__(
        self,
        documents: Documents,
        log: EventLog,
        *,
        clock: Clock,
        app_of: Callable[[Scope], Mapping[str, Any]] = lambda _: {},
        noting: Noting = lambda _, records, __: records,
        items_of: Callable[[Scope], HasItem | None] = lambda _: None,
    ) -> None:
        self._log = log
        self._marks = Marks(documents, log)
        self._clock = clock
        self._app_of = app_of
        self.noted = noting
        self.items_of = items_of
        self._rules: dict[Scope, tuple[Mapping[str, Any], Rules]] = {}

    def rules(self, scope: Scope) -> Rules:
        """How beacons are taken there now."""
        app = self._app_of(scope)
        held = self._rules.get(scope)
        if held is None or held[0] is not app:
            held = self._rules[scope] = (app, Rules.of(app))
        return held[1]

    def accept(self, scope: Scope, sender: Sender, batch: Batch, *, after: int | None = None) -> Outcome:
        """Store what counts of a batch; durable when this returns. The same batch again adds nothing.

        ``after`` is for who recognises repeats of a sender without numbers: the position read up to, and
        ``VersionConflict`` is raised when the log went on meanwhile. Raises ``Unavailable`` when the log
        cannot be written; then nothing was acknowledged.
        """
        received_ms, rules = int(self._clock() * 1000), self.rules(scope)
        received = Received(received_ms, batch.sent_at, rules, has_item=self.items_of(scope))
        if not sender.numbered:
            judged = judge(batch, sender, Seen(), received)
            self._append(scope, sender, batch, judged, after=after)
            return judged.outcome
        for _ in range(_ATTEMPTS):
            mark = self._marks.read(scope, sender.id)
            judged = judge(batch, sender, mark.seen, received)
            if not judged.records:
                return judged.outcome
            with suppress(VersionConflict):  # the same phone through another process: see what it stored
                last = self._append(scope, sender, batch, judged, after=mark.position)
                self._marks.advance(scope, sender.id, mark, judged.seen, last)
                return judged.outcome
        raise Unavailable("The installation is sending beacons in too many ways at once")

    def forget(self, scope: Scope, sender_id: str) -> int:
        """Let nobody read a sender's beacons any more; how many there were."""
        return self._log.forget(log_partition(scope, sender_id))

    def _append(
        self, scope: Scope, sender: Sender, batch: Batch, judged: Judged, *, after: int | None
    ) -> int:
        """What was dropped is told once, with the first beacons that are new."""
        records: list[Any] = list(self.noted(scope, judged.records, sender.context))
        if records and batch.dropped:
            records[-1] = {**records[-1], "dropped": dict(batch.dropped)}
        return self._log.append(log_partition(scope, sender.id), records, after=after)

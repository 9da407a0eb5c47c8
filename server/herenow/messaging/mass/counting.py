"""What became of the messages of runs: where each stands is counted when it changes, with what is kept.

A message waits, is held for a reason, or came to its end: sent, or not for a reason, or nobody can tell. What
is written of a person says where it stood before and where it stands now, so a count moves from one to the
other. It is added after the write that it is about, as all counts of outcomes are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from herenow.messaging.records import UNKNOWN, Record
from herenow.messaging.state import Kept
from herenow_sdk.core.messages.identity import trigger_name
from herenow_sdk.core.reasons import MessageOutcome

WAITING: Final = "waiting"
HELD: Final = "held"
SENT: Final = "sent"
SUPPRESSED: Final = "suppressed"
_STAYS: Final = frozenset({MessageOutcome.HELD.value, MessageOutcome.OUTRANKED.value})

Moves = Mapping[str, Mapping[str, int]]
"""By run, how many more or fewer stand where: ``waiting``, ``held/CAPPED``, ``sent``, ``suppressed/…``."""


def moves(changes: Iterable[tuple[Kept, Kept, Sequence[Record]]]) -> Moves:
    """What changed for runs, of people as kept before and after, with what was written down of each."""
    counted: dict[str, Counter[str]] = {}
    for before, after, records in changes:
        for name, run in {**before.runs, **after.runs}.items():
            stood, stands = _stage(before, name), _stage(after, name)
            if stood is not None and stands is None:
                stands = _end(name, records)
            if stood != stands:
                moved = counted.setdefault(run, Counter())
                moved.update({} if stood is None else {stood: -1})
                moved.update({} if stands is None else {stands: 1})
    return {run: {stage: many for stage, many in each.items() if many} for run, each in counted.items()}


def _stage(kept: Kept, name: str) -> str | None:
    """Where a message stands that did not come to its end; ``None`` for one that is not there."""
    if any(trigger_name(each.waiting) == name for each in kept.handing):
        return WAITING
    if not any(trigger_name(each) == name for each in kept.pending.waiting):
        return None
    outcome, _, rest = kept.told.get(name, "").partition("/")
    return f"{HELD}/{rest.partition('/')[0]}" if outcome in _STAYS else WAITING


def _end(name: str, records: Sequence[Record]) -> str:
    """How it ended. Of what a device showed by itself there is no record of ours."""
    found = next(_told(name, records), None)
    outcome, reason = found or (MessageOutcome.SHOW.value, "")
    if outcome == MessageOutcome.SHOW.value:
        return SENT
    return UNKNOWN if outcome == UNKNOWN else f"{SUPPRESSED}/{reason}"


def _told(name: str, records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    for each in reversed(records):
        told = each.told
        if f"{told['campaign']}#{told['at']}#{told.get('place') or ''}" == name:
            yield str(told["outcome"]), str(told["reason"])

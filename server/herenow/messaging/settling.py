"""Writes down what became of messages that were handed over, and frees what those that did not leave had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from herenow.launch.serving import ServingSet
from herenow.messaging.following import Following
from herenow.messaging.handing import settled
from herenow.messaging.records import Record
from herenow.messaging.seams import HandedOver
from herenow.messaging.service import Parts, Reserved, give_back
from herenow.messaging.state import Handing
from herenow.messaging.store import Change, Loaded
from herenow.storage.ports import ABSENT, VersionConflict
from herenow_sdk.core.messages import Decision

_ATTEMPTS: Final = 5

Answer = HandedOver | Decision
"""What a courier said of a message, or the decision by which it was not handed to any."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers about the messages of one person."""

    loaded: Loaded
    answers: Sequence[tuple[Handing, Answer]]
    following: Following


@dataclass(frozen=True, slots=True)
class Settling:
    """Keeps what became of messages, and counts it."""

    parts: Parts

    def settle(self, serving: ServingSet, answered: Sequence[Answered]) -> None:
        """Write down what became of the messages of several people."""
        now = int(self.parts.clock())
        expires_at = self.parts.keep_until(serving.scope, now)
        changes = [_change(each.loaded, each.answers, now) for each in answered]
        if len(changes) > 1 and self.parts.store.write_all(changes, now, expires_at) is not None:
            self._give_back(changes)
            for change, each in zip(changes, answered, strict=True):
                _count(change, each, now)
            return
        for change, each in zip(changes, answered, strict=True):
            self._alone(change, each, now, expires_at)

    def _alone(self, change: Change, answered: Answered, now: int, expires_at: int) -> None:
        for _ in range(_ATTEMPTS):
            with suppress(VersionConflict):
                self.parts.store.write(change, now, expires_at)
                self._give_back([change])
                _count(change, answered, now)
                return
            loaded = self.parts.store.load(answered.loaded.person)
            if loaded.version == ABSENT:
                return  # erased meanwhile
            change = _change(loaded, answered.answers, now)

    def _give_back(self, changes: Iterable[Change]) -> None:
        """Offers of messages that did not leave."""
        for each in changes:
            before = each.loaded.kept
            left = {handing.message for handing in before.handing}.difference(each.kept.given)
            give_back(self.parts, each.loaded.person, Reserved(left), each.kept)


def _change(loaded: Loaded, answers: Sequence[tuple[Handing, Answer]], now: int) -> Change:
    """What is kept after all answers."""
    kept, records = loaded.kept, list[Record]()
    for handing, answer in answers:
        after = settled(kept, handing, answer, now)
        kept, records = after.kept, [*records, *after.records]
    return Change(loaded, kept, records)


def _count(change: Change, answered: Answered, now: int) -> None:
    """What became of messages, and which of earlier ones had somebody silence the app before this one."""
    answered.following.recorded(change.records)
    for handing, answer in answered.answers:
        for _ in range(answer.dead if isinstance(answer, HandedOver) else 0):
            answered.following.silenced(change.kept.followed, handing.channel, now, but=handing.message)

"""What comes of messages: counted out of what is written down, and out of what beacons tell. Pure.

Each log is read once, so each beacon counts once; of a message each outcome counts once, for the moment at
which it was shown. Of a message that is remembered no longer it counts for the beacon's own moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.measures.goals import Goals, Open, blamed, marked, met, opened, told_of
from herenow.measures.outcomes import Moment as When
from herenow.measures.outcomes import Outcome, Tally, of_beacon
from herenow.messaging.records import FAILED, UNKNOWN, Record
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.reasons import MessageOutcome
from herenow_sdk.core.zones import Zone

_OF_RECORD: Final[Mapping[str, Outcome]] = {
    MessageOutcome.SHOW.value: Outcome.SENT,
    MessageOutcome.CONTROL.value: Outcome.CONTROL,
    FAILED: Outcome.FAILED,
    UNKNOWN: Outcome.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Following:
    """Follows the messages of one person, whose clock is in ``zone``, and counts into ``tally``."""

    goals: Goals
    campaigns: Collection[str]
    zone: Zone | None = None
    tally: Tally = field(default_factory=Tally)

    def when(self, at: int, place: str | None = None) -> When:
        """An instant by the person's clock."""
        return When.of(at, self.zone.offset(at) if self.zone else 0, place)

    def opened(
        self, held: tuple[Open, ...], sent: Sent, message: str, *, control: bool = False
    ) -> tuple[Open, ...]:
        """What is remembered once a message was sent, or kept back."""
        goal, when = self.goals.get(sent.campaign), self.when(sent.at, sent.place)
        if control and goal is None:
            return held
        until = sent.at + (goal.within if goal else 0)
        channel = next(iter(sent.channels), "")
        fresh = Open(
            sent.campaign, sent.at, until, control, when.day, when.hour, when.place, message, channel
        )
        return opened(held, fresh)

    def shown_by_itself(self, held: tuple[Open, ...], sent: Sent, message: str) -> tuple[Open, ...]:
        """What is remembered once a device told what it showed by its own decision."""
        self.tally.count(sent.campaign, self.when(sent.at, sent.place), Outcome.SENT)
        return self.opened(held, sent, message)

    def heard(self, held: tuple[Open, ...], record: Mapping[str, Any]) -> tuple[Open, ...]:
        """What is remembered after a beacon."""
        at, told = record["at_ms"] // 1000, record.get("properties", {})
        if record["type"] == "message":
            outcome = of_beacon(record["name"])
            return held if outcome is None else self._answered(held, told, outcome, at)
        if not held:
            return held
        left, reached = met(held, self.goals, record["name"], told, at)
        for each in reached:
            self.tally.count(each.campaign, each.moment, each.reached)
        return left if reached else held

    def recorded(self, records: Iterable[Record]) -> None:
        """Count what is written down of messages: left, failed, nobody can tell, kept back."""
        for each in records:
            outcome = _OF_RECORD.get(each.told["outcome"])
            at = each.would_show_at if outcome is Outcome.CONTROL else each.decided_at
            if outcome is not None and at is not None:
                self.tally.count(each.campaign, self.when(at, each.told.get("place")), outcome)

    def silenced(self, held: tuple[Open, ...], channel: str, at: int, *, but: str = "") -> None:
        """Count as harm of the last message of a channel that somebody had enough of it."""
        last = blamed(held, channel, at, but=but)
        if last is not None:
            harm = Outcome.DISABLED if channel in _NOTIFIES else Outcome.UNSUBSCRIBED
            self.tally.count(last.campaign, last.moment, harm)

    def _answered(
        self, held: tuple[Open, ...], told: Mapping[str, Any], outcome: Outcome, at: int
    ) -> tuple[Open, ...]:
        campaign = told.get("campaign")
        if not isinstance(campaign, str) or campaign not in self.campaigns:
            return held  # anybody may say anything: only what is live has counters
        known = told_of(held, campaign, told.get("message"), at)
        if known is None:
            self.tally.count(campaign, self.when(at), outcome)
            return held
        if outcome in known.came:
            return held
        self.tally.count(campaign, known.moment, outcome)
        return marked(held, known, outcome)


_NOTIFIES: Final = frozenset({"push", "local_notification"})

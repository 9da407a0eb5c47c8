"""One waiting campaign under examination: what is known around it, what it may still use, what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from herenow_sdk.core.messages.calendar import LocalClock, since
from herenow_sdk.core.messages.caps import Use, applicable, use
from herenow_sdk.core.messages.decision import Asked, Decision
from herenow_sdk.core.messages.durations import Period
from herenow_sdk.core.messages.leases import Leases
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.policy import Cap
from herenow_sdk.core.messages.rules import Campaign, MessageRules
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason
from herenow_sdk.core.zones import Zone


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a decision reads beside the waiting trigger."""

    rules: MessageRules
    attributes: Mapping[str, Any]
    consent: Mapping[str, str]
    ledger: tuple[Sent, ...]
    said: Mapping[str, tuple[Sent, ...]]
    """The ledger by campaign."""
    leases: Leases
    clock: LocalClock
    killed: bool = False
    holdout: int = 0
    """The person's bucket for the holdout."""
    starts: dict[Period, int] = field(default_factory=dict)
    uses: dict[tuple[str, str | None], Use] = field(default_factory=dict)
    """What was counted already: most caps are the same for every campaign."""

    def start(self, period: Period) -> int:
        """The last instant that no longer counts for a period, found once a decision."""
        if period not in self.starts:
            self.starts[period] = since(period, self.zone, self.clock.now)
        return self.starts[period]

    def use(self, cap: Cap, place: str | None) -> Use:
        """How much of a cap is used, counted once a decision."""
        key = cap.rule, place if cap.each_place else None
        if key not in self.uses:
            ledger = self.ledger if cap.of_policy else self.said.get(cap.campaign or "", ())
            self.uses[key] = use(cap, ledger, self.leases, place, self.start(cap.period), self.clock.now)
        return self.uses[key]

    @property
    def zone(self) -> Zone | None:
        """The person's zone: the device's, else the app's."""
        return self.clock.zone or self.rules.policy.zone


@dataclass(slots=True)
class Examination:
    """One waiting campaign on its way through the checks: what it may still use, and what was asked."""

    waiting: Waiting
    campaign: Campaign
    around: Surroundings
    channels: tuple[str, ...] = ()
    offer: str | None = None
    silent: bool = False
    asked: list[Asked] = field(default_factory=list)

    @property
    def due(self) -> int:
        """When its waiting ends; its life begins then."""
        missing, schedule = self.campaign.not_followed_by, self.campaign.schedule
        waits = max(self.campaign.delay, missing.within if missing else 0)
        start = schedule.start if schedule else None
        return self.waiting.at + waits if start is None else max(self.waiting.at + waits, start)

    @property
    def expires_at(self) -> int | None:
        """When it is no longer worth saying; ``None`` for never."""
        life, schedule = self.campaign.expires_after, self.campaign.schedule
        ends = [] if life is None else [self.due + life]
        ends += [schedule.end] if schedule and schedule.end is not None else []
        return min(ends, default=None)

    def passes(self, name: str, *, passed: bool, **detail: Any) -> bool:
        """Notes a check and its values."""
        self.asked.append((name, passed, detail))
        return passed

    def decide(
        self, outcome: MessageOutcome, reason: MessageReason, until: int | None = None, **args: Any
    ) -> Decision:
        """The decision, with everything asked so far."""
        shows = outcome is MessageOutcome.SHOW
        return Decision(
            self.waiting.campaign,
            self.waiting.at,
            outcome,
            reason,
            place=self.waiting.place,
            args=args,
            until=until,
            channel=self.channels[0] if shows else None,
            offer=self.offer if shows else None,
            silent=self.silent and shows,
            expires_at=self.expires_at,
            asked=tuple(self.asked),
        )

    def suppress(self, reason: MessageReason, **args: Any) -> Decision:
        """Not sent, for good."""
        return self.decide(MessageOutcome.SUPPRESSED, reason, **args)

    def hold(self, reason: MessageReason, until: int | None, **args: Any) -> Decision:
        """Held until an instant, or given up now when it expires before."""
        expires_at = self.expires_at
        if until is not None and expires_at is not None and until >= expires_at:
            return self.decide(
                MessageOutcome.EXPIRED, MessageReason.EXPIRES_HELD, by=reason.value, held_until=until
            )
        return self.decide(MessageOutcome.HELD, reason, expires_at if until is None else until, **args)


def cap_uses(each: Examination, channel: str, extra: tuple[Sent, ...] = ()) -> list[Use]:
    """How much of every applicable cap is used, ``extra`` included."""
    around, place = each.around, each.waiting.place
    caps = applicable(around.rules.policy.caps, each.campaign, channel, place)
    if not extra:
        return [around.use(cap, place) for cap in caps]
    ledger = (*around.ledger, *extra)
    return [
        use(cap, ledger, around.leases, place, around.start(cap.period), around.clock.now) for cap in caps
    ]


def cools_until(each: Examination, extra: tuple[Sent, ...] = ()) -> int | None:
    """When the cool-down after the last message ends; ``None`` where none binds."""
    wait = each.around.rules.policy.cool_down
    if not wait or each.campaign.ignore_caps:
        return None
    last = max((sent.at for sent in (*each.around.ledger, *extra) if not sent.ignore_caps), default=None)
    return None if last is None or last + wait <= each.around.clock.now else last + wait


def binding(uses: list[Use]) -> list[Use]:
    """The uses that leave no room."""
    return [one for one in uses if one.left <= 0 or one.unleased]

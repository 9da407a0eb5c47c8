"""One waiting campaign under examination: what is known around it, what it may still use, what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

Ways = tuple[tuple[str, ...], bool]
"""The channels that a campaign may use now, and whether the first of them silently."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a decision reads beside the waiting trigger; what is asked often is found once.

    ``examine`` makes the ordered checks, for whoever wants to see them again.
    """

    rules: MessageRules
    attributes: Mapping[str, Any]
    consent: Mapping[str, str]
    ledger: tuple[Sent, ...]
    said: Mapping[str, tuple[Sent, ...]]
    """The ledger by campaign."""
    leases: Leases
    clock: LocalClock
    examine: Callable[[Examination], Decision | None]
    killed: bool = False
    holdout: int = 0
    """The person's bucket for the holdout."""
    starts: dict[Period, int] = field(default_factory=dict)
    uses: dict[tuple[str, str | None], Use] = field(default_factory=dict)
    """What was counted already: most caps are the same for every campaign."""
    latest: list[int | None] = field(default_factory=list)
    """When the last message that counts was sent, once that was asked."""
    ways: dict[object, Ways | None] = field(default_factory=dict)
    """How campaigns may speak by their manner (see ``plans``); ``None`` where something is against it."""

    def start(self, period: Period) -> int:
        """The last instant that no longer counts for a period, found once a decision."""
        if period not in self.starts:
            self.starts[period] = since(period, self.zone, self.clock.now)
        return self.starts[period]

    def use(self, cap: Cap, place: str | None) -> Use:
        """How much of a cap is used, counted once a decision."""
        key = cap.rule, place if cap.each_place else None
        found = self.uses.get(key)
        if found is None:
            ledger = self.ledger if cap.of_policy else self.said.get(cap.campaign or "", ())
            found = use(cap, ledger, self.leases, place, self.start(cap.period), self.clock.now)
            self.uses[key] = found
        return found

    def last_sent(self) -> int | None:
        """When the last message that counts was sent."""
        if not self.latest:
            self.latest.append(max((sent.at for sent in self.ledger if not sent.ignore_caps), default=None))
        return self.latest[0]

    def once_sent(self, sent: Sent) -> Surroundings:
        """The surroundings with one more message in the ledger."""
        said = {**self.said, sent.campaign: (*self.said.get(sent.campaign, ()), sent)}
        ledger = (*self.ledger, sent)
        return replace(self, ledger=ledger, said=said, uses={}, latest=[], ways={})

    @property
    def zone(self) -> Zone | None:
        """The person's zone: the device's, else the app's."""
        return self.clock.zone or self.rules.policy.zone


@dataclass(slots=True)
class Examination:
    """One waiting campaign on its way through the checks: what it may still use.

    ``expires_at`` is when it is no longer worth saying, ``None`` for never. ``noted`` collects what is asked
    where somebody wants to see it.
    """

    waiting: Waiting
    campaign: Campaign
    around: Surroundings
    expires_at: int | None
    channels: tuple[str, ...] = ()
    silent: bool = False
    offer: str | None = None
    noted: list[Asked] | None = None

    def passes(self, name: str, *, passed: bool, **detail: Any) -> bool:
        """Notes a check and its values."""
        if self.noted is not None:
            self.noted.append((name, passed, detail))
        return passed

    def asked(self) -> Sequence[Asked]:
        """Everything that is asked in order, up to what decides."""
        noted: list[Asked] = []
        self.around.examine(
            Examination(self.waiting, self.campaign, self.around, self.expires_at, noted=noted)
        )
        return noted

    def decide(
        self, outcome: MessageOutcome, reason: MessageReason, until: int | None = None, **args: Any
    ) -> Decision:
        """The decision, with everything that is asked on the way to it."""
        waiting, shows = self.waiting, outcome is MessageOutcome.SHOW
        return Decision(
            waiting.campaign,
            waiting.at,
            outcome,
            reason,
            waiting.place,
            args,
            until,
            self.channels[0] if shows else None,
            self.offer if shows else None,
            self.silent and shows,
            self.expires_at,
            self.asked,
        )

    def outranked(self, winner: Examination) -> Decision:
        """Not shown now, for the sake of another one; made directly, because it is what becomes of most."""
        waiting, ahead = self.waiting, winner.waiting
        return Decision(
            waiting.campaign,
            waiting.at,
            MessageOutcome.OUTRANKED,
            MessageReason.OUTRANKED,
            waiting.place,
            {"by": ahead.campaign, "at": ahead.at},
            expires_at=self.expires_at,
            asked=self.asked,
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


def expiry(waiting: Waiting, campaign: Campaign) -> int | None:
    """When it is no longer worth saying: its life begins when its waiting ends; ``None`` for never."""
    missing, schedule, life = campaign.not_followed_by, campaign.schedule, campaign.expires_after
    due = waiting.at + max(campaign.delay, missing.within if missing else 0)
    if schedule is None:
        return None if life is None else due + life
    due = due if schedule.start is None else max(due, schedule.start)
    ends = [] if life is None else [due + life]
    ends += [] if schedule.end is None else [schedule.end]
    return min(ends, default=None)


def cap_uses(each: Examination, channel: str, around: Surroundings) -> list[Use]:
    """How much of every applicable cap is used."""
    place = each.waiting.place
    caps = applicable(around.rules.policy.caps, each.campaign, channel, place)
    return [around.use(cap, place) for cap in caps]


def cools_until(each: Examination, around: Surroundings) -> int | None:
    """When the cool-down after the last message ends; ``None`` where none binds."""
    wait = around.rules.policy.cool_down
    if not wait or each.campaign.ignore_caps:
        return None
    last = around.last_sent()
    return None if last is None or last + wait <= around.clock.now else last + wait


def binding(uses: list[Use]) -> list[Use]:
    """The uses that leave no room."""
    return [one for one in uses if one.left <= 0 or one.unleased]

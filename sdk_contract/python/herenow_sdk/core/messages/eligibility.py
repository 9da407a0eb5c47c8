"""The ordered checks of one waiting campaign: the first that fails decides. Specification: 11.9."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.messages.calendar import LocalClock, since
from herenow_sdk.core.messages.caps import Use, applicable, tightest, use
from herenow_sdk.core.messages.decision import Asked, Decision
from herenow_sdk.core.messages.durations import Period
from herenow_sdk.core.messages.holdout import control_bucket
from herenow_sdk.core.messages.leases import Leases
from herenow_sdk.core.messages.ledger import Sent, last_of
from herenow_sdk.core.messages.policy import Cap
from herenow_sdk.core.messages.rules import Campaign, MessageRules, Offer, Schedule
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason
from herenow_sdk.core.windows import is_open, next_closing, next_opening
from herenow_sdk.core.zones import Zone

GEO_LIFE: Final = 300
"""Seconds after which a transition starts no campaign that does not say how long it lives."""


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


def examine(examination: Examination) -> Decision | None:
    """The decision of the first check that fails; ``None`` when it may be shown."""
    return next(filter(None, (check(examination) for check in _CHECKS)), None)


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


def _is_on(each: Examination) -> Decision | None:
    on = each.campaign.enabled and not each.around.killed
    return None if each.passes("enabled", passed=on) else each.suppress(MessageReason.DISABLED)


def _not_called_off(each: Examination) -> Decision | None:
    waiting = each.waiting
    if not each.passes(
        "not_cancelled", passed=waiting.cancelled_at is None, cancelled_at=waiting.cancelled_at
    ):
        return each.suppress(MessageReason.CANCELLED)
    if not each.passes("not_followed", passed=waiting.followed_by is None, followed_by=waiting.followed_by):
        return each.suppress(MessageReason.FOLLOWED, by=waiting.followed_by)
    return None


def _in_time(each: Examination) -> Decision | None:
    """A transition heard of too late changed states; the person has left."""
    waiting = each.waiting
    if waiting.place is None or waiting.received is None:
        return None
    late, life = waiting.received - waiting.at, each.campaign.expires_after
    life = GEO_LIFE if life is None else life
    if each.passes("in_time", passed=late <= life, late_s=late, life_s=life):
        return None
    return each.decide(MessageOutcome.EXPIRED, MessageReason.LATE_TRIGGER, late_s=late, life_s=life)


def _waited(each: Examination) -> Decision | None:
    now, at, missing = each.around.clock.now, each.waiting.at, each.campaign.not_followed_by
    if not each.passes("delay", passed=now >= at + each.campaign.delay, due=at + each.campaign.delay):
        return each.hold(MessageReason.DELAYED, at + each.campaign.delay)
    if missing is None or each.passes(
        "awaited", passed=now > at + missing.within, until=at + missing.within + 1
    ):
        return None
    return each.hold(MessageReason.AWAITING_EVENT, at + missing.within + 1, event=missing.pattern.event)


def _for_person(each: Examination) -> Decision | None:
    audience = each.campaign.audience
    matches = audience is None or audience.matches(each.around.attributes)
    return None if each.passes("audience", passed=matches) else each.suppress(MessageReason.AUDIENCE_MISMATCH)


def _eligible_again(each: Examination) -> Decision | None:
    campaign = each.campaign
    shown_at = last_of(each.around.said.get(campaign.id, ()), campaign.id)
    if shown_at is None or (campaign.eligible_again is None and campaign.caps):
        return None
    again_at = None if campaign.eligible_again is None else shown_at + campaign.eligible_again
    passed = again_at is not None and each.around.clock.now >= again_at
    if each.passes("eligible_again", passed=passed, shown_at=shown_at, again_at=again_at):
        return None
    when = {} if again_at is None else {"again_at": again_at}
    return each.suppress(MessageReason.NOT_ELIGIBLE_AGAIN, shown_at=shown_at, **when)


def _has_offer(each: Examination) -> Decision | None:
    if not each.campaign.offers:
        return None
    offers = each.around.rules.offers
    open_to = (
        name for name in each.campaign.offers if name in offers and _may_have(offers[name], each.around)
    )
    each.offer = next(open_to, None)
    passed = each.passes("offer", passed=each.offer is not None, offer=each.offer)
    return None if passed else each.suppress(MessageReason.NO_OFFER)


def _may_have(offer: Offer, around: Surroundings) -> bool:
    had = sum(sent.offer == offer.id for sent in around.ledger)
    return (
        (offer.until is None or around.clock.now < offer.until)
        and (offer.per_person is None or had < offer.per_person)
        and (offer.audience is None or offer.audience.matches(around.attributes))
    )


def _allowed(each: Examination) -> Decision | None:
    """Consent by channel: nothing but ``granted`` is a yes."""
    asked = {channel: each.around.consent.get(channel, "unknown") for channel in each.campaign.channels}
    each.channels = tuple(channel for channel, status in asked.items() if status == "granted")
    if each.passes("consent", passed=bool(each.channels), channels=asked):
        return None
    return each.decide(MessageOutcome.NO_CONSENT, MessageReason.NO_CONSENT, channels=asked)


def _alive(each: Examination) -> Decision | None:
    now, expires_at, schedule = each.around.clock.now, each.expires_at, each.campaign.schedule
    if each.passes("alive", passed=expires_at is None or now < expires_at, expires_at=expires_at):
        return None
    ended = schedule is not None and schedule.end is not None and schedule.end <= now
    reason = MessageReason.SCHEDULE_ENDED if ended else MessageReason.EXPIRED
    return each.decide(MessageOutcome.EXPIRED, reason)


def _treated(each: Examination) -> Decision | None:
    """Holdout, then control group; somebody without an id is in neither."""
    person, policy = each.around.attributes.get("id"), each.around.rules.policy
    if not isinstance(person, str) or not person:
        return None
    if not each.passes("holdout", passed=each.around.holdout >= policy.holdout, bucket=each.around.holdout):
        return _control(each, MessageReason.HOLDOUT, each.around.holdout, policy.holdout)
    if not each.campaign.control:
        return None
    bucket = control_bucket(each.campaign.id, person)
    if each.passes("control", passed=bucket >= each.campaign.control, bucket=bucket):
        return None
    return _control(each, MessageReason.CONTROL_GROUP, bucket, each.campaign.control)


def _control(each: Examination, reason: MessageReason, bucket: int, below: int) -> Decision:
    return each.decide(MessageOutcome.CONTROL, reason, bucket=bucket, below=below)


def _uncapped(each: Examination) -> Decision | None:
    """Keeps the channels whose caps all have room; of the first channel's caps the tightest is the reason."""
    by_channel = {channel: cap_uses(each, channel) for channel in each.channels}
    free = tuple(channel for channel, uses in by_channel.items() if not binding(uses))
    bound = tightest(binding(by_channel[each.channels[0]]))
    if each.passes("caps", passed=bool(free), tightest=None if bound is None else bound.as_json()):
        each.channels = free
        return None
    if bound is None or bound.left <= 0:
        return each.suppress(MessageReason.CAPPED, **(bound.as_json() if bound else {}))
    return each.suppress(MessageReason.NOT_LEASED, rule=bound.cap.rule, used=bound.used, slots=bound.slots)


def binding(uses: list[Use]) -> list[Use]:
    """The uses that leave no room."""
    return [one for one in uses if one.left <= 0 or one.unleased]


def _not_quiet(each: Examination) -> Decision | None:
    """Keeps the channels that may speak now; the first of them is used."""
    quiet, zone, now = each.around.rules.policy.quiet, each.around.zone, each.around.clock.now
    if quiet is None or not quiet.channels.intersection(each.channels):
        return None
    silenced = zone is None or is_open((quiet.window,), zone, now)
    loud = tuple(channel for channel in each.channels if channel not in quiet.channels)
    if each.passes(
        "quiet_hours", passed=not silenced or quiet.then == "silent" or bool(loud), quiet=silenced
    ):
        each.silent = silenced and quiet.then == "silent" and each.channels[0] in quiet.channels
        each.channels = loud if silenced and quiet.then != "silent" else each.channels
        return None
    if quiet.then == "drop":
        return each.suppress(MessageReason.QUIET_DROPPED)
    if zone is None:
        return each.hold(MessageReason.ZONE_UNKNOWN, None)
    return each.hold(MessageReason.QUIET_HOURS, next_closing((quiet.window,), zone, now))


def _on_schedule(each: Examination) -> Decision | None:
    schedule, now = each.campaign.schedule, each.around.clock.now
    if schedule is None:
        return None
    if schedule.start is not None and now < schedule.start:
        each.passes("schedule", passed=False, start=schedule.start)
        return each.hold(MessageReason.OUTSIDE_SCHEDULE, schedule.start)
    if schedule.window is None:
        return None
    zone = _zone(schedule, each.around)
    if zone is None:
        each.passes("schedule", passed=False, zone=schedule.zone)
        return each.hold(MessageReason.ZONE_UNKNOWN, None)
    if each.passes("schedule", passed=is_open((schedule.window,), zone, now)):
        return None
    return each.hold(MessageReason.OUTSIDE_SCHEDULE, next_opening((schedule.window,), zone, now))


def _zone(schedule: Schedule, around: Surroundings) -> Zone | None:
    if isinstance(schedule.zone, Zone):
        return schedule.zone
    return {"user": around.zone, "app": around.rules.policy.zone}.get(schedule.zone)


def _cooled(each: Examination) -> Decision | None:
    until = cools_until(each)
    if each.passes("cool_down", passed=until is None, until=until):
        return None
    return each.hold(MessageReason.COOL_DOWN, until)


_CHECKS: Final[tuple[Callable[[Examination], Decision | None], ...]] = (
    _is_on,
    _not_called_off,
    _in_time,
    _waited,
    _for_person,
    _eligible_again,
    _has_offer,
    _allowed,
    _alive,
    _treated,
    _uncapped,
    _not_quiet,
    _on_schedule,
    _cooled,
)

"""The ordered checks of one waiting campaign: the first that fails decides. Specification: 11.9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from herenow_sdk.core.messages.caps import tightest
from herenow_sdk.core.messages.decision import Decision
from herenow_sdk.core.messages.examination import (
    Examination,
    Surroundings,
    binding,
    cap_uses,
    cools_until,
)
from herenow_sdk.core.messages.holdout import control_bucket, counted_as
from herenow_sdk.core.messages.ledger import last_of
from herenow_sdk.core.messages.rules import Offer, Schedule
from herenow_sdk.core.reasons import MessageOutcome, MessageReason
from herenow_sdk.core.windows import is_open, next_closing, next_opening
from herenow_sdk.core.zones import Zone

GEO_LIFE: Final = 300
"""Seconds after which a transition starts no campaign that does not say how long it lives."""


def examine(examination: Examination) -> Decision | None:
    """The decision of the first check that fails; ``None`` when it may be shown."""
    for check in _CHECKS:
        decision = check(examination)
        if decision is not None:
            return decision
    return None


def may_speak(examination: Examination) -> bool:
    """Whether nothing is against it that is the same for many campaigns; narrows its channels as they do."""
    return all(check(examination) is None for check in _SHARED)


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
    person, policy = counted_as(each.around.attributes), each.around.rules.policy
    if person is None:
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
    by_channel = {channel: cap_uses(each, channel, each.around) for channel in each.channels}
    free = tuple(channel for channel, uses in by_channel.items() if not binding(uses))
    bound = tightest(binding(by_channel[each.channels[0]]))
    if each.passes("caps", passed=bool(free), tightest=None if bound is None else bound.as_json()):
        each.channels = free
        return None
    if bound is None or bound.left <= 0:
        return each.suppress(MessageReason.CAPPED, **(bound.as_json() if bound else {}))
    return each.suppress(MessageReason.NOT_LEASED, rule=bound.cap.rule, used=bound.used, slots=bound.slots)


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
    until = cools_until(each, each.around)
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
_SHARED: Final = (_allowed, _treated, _uncapped, _not_quiet, _cooled)
"""The checks that ask of a campaign its channels and the caps that bind it, and nothing else of its own."""

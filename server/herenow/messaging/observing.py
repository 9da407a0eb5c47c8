"""What beacons do to what waits: a fold over a person's logs (SPEC 11.3, 11.6). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from herenow.messaging.following import Following
from herenow.messaging.happenings import KnownFences, happening, heard_at_fence, interests_of
from herenow.messaging.journeys import Journeys, noticed, without_sent_away
from herenow.messaging.state import Handing, Heard, Kept, Lent, shortened
from herenow.storage.ports import LogRecord
from herenow_sdk.core.messages.caps import counts
from herenow_sdk.core.messages.identity import trigger_name
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.rules import Campaign, MessageRules
from herenow_sdk.core.messages.waiting import Happening, Pending, Waiting, observe

FRESH_MS: Final = 600_000
"""Of what was received longer ago, before anybody watched this person, nothing is triggered any more."""
_SKEW_MS: Final = 5_000
"""Records of one log stand in the order they were received, but for the clocks of several processes.

What was received earlier than that has been read before: a withdrawal appended again what may stay.
"""


def observed(
    kept: Kept,
    source: str,
    records: Sequence[LogRecord],
    rules: MessageRules,
    fences: KnownFences,
    journeys: Journeys,
    now_ms: int,
    following: Following,
) -> Kept:
    """What is kept after the records of one log, in their order; what came of messages is counted.

    The log of a source that was never read is a history: it fills counts and sequences, and starts only what
    was just received.
    """
    if not records:
        return kept
    interests = interests_of(rules, journeys)
    heard = kept.heard.get(source)
    oldest = heard.received_ms - _SKEW_MS if heard else 0
    for record in records:
        value = record.value
        if value["received_ms"] < oldest:
            continue
        if interests.include(value):
            kept = _after(kept, source, value, rules, fences, journeys, following)
        came = following.heard(kept.followed, value)
        kept = kept if came is kept.followed else replace(kept, followed=came)
    last = max(heard.received_ms if heard else 0, *(each.value["received_ms"] for each in records))
    kept = replace(kept, heard={**kept.heard, source: Heard(records[-1].position, last)})
    return kept if heard else _without_history(kept, now_ms)


def staged(kept: Kept, stage: Any, rules: MessageRules, journeys: Journeys, now: int) -> Kept:
    """What is kept once the lifecycle stage is known; a change of it is an event, the first one is none."""
    if not isinstance(stage, str) or stage == kept.stage:
        return kept
    if kept.stage is None:
        return replace(kept, stage=stage)
    changed = Happening(None, now, now, stage=stage)
    observed = replace(kept, stage=stage, pending=observe(rules, kept.pending, changed))
    return _moved(observed, journeys, changed)


def _moved(kept: Kept, journeys: Journeys, happened: Happening) -> Kept:
    """What is kept once an event has moved whom it moves in journeys."""
    before = kept.journeying
    walks, entering = noticed(before.walks, before.entering, journeys, happened)
    if walks == before.walks and entering == before.entering:
        return kept
    waiting = without_sent_away(kept.pending.waiting, walks, journeys)
    leaving = without_sent_away([each.waiting for each in kept.handing], walks, journeys)
    return replace(
        kept,
        pending=replace(kept.pending, waiting=waiting),
        handing=on_their_way(kept.handing, leaving),
        journeying=replace(before, walks=walks, entering=entering),
    )


def _after(
    kept: Kept,
    source: str,
    record: Mapping[str, Any],
    rules: MessageRules,
    fences: KnownFences,
    journeys: Journeys,
    following: Following,
) -> Kept:
    happened, announced = heard_at_fence(happening(record, fences), fences, kept.announced)
    kept = kept if announced is kept.announced else replace(kept, announced=announced)
    if record["type"] == "message" and record["name"] == "shown":
        kept = _reported(kept, source, happened, rules, fences, following)
    pending = observe(rules, kept.pending, happened)
    item = happened.properties.get("item")
    items = _about(kept.pending, pending, item) if isinstance(item, str) else {}
    kept = replace(kept, pending=pending, items={**kept.items, **items} if items else kept.items)
    kept = _called_off(kept, happened, rules)
    return _moved(kept, journeys, happened) if journeys else kept


def on_their_way(handing: Sequence[Handing], waiting: Sequence[Waiting]) -> tuple[Handing, ...]:
    """The messages on their way with what is known of the trigger of each now."""
    return tuple(replace(each, waiting=known) for each, known in zip(handing, waiting, strict=True))


def _called_off(kept: Kept, happened: Happening, rules: MessageRules) -> Kept:
    """What is kept once the event has called off what is on its way to a courier as well.

    One that would start it anew calls it off too: the new start waits by itself.
    """
    if not kept.handing:
        return kept
    before = [each.waiting for each in kept.handing]
    names = {each.campaign for each in before}
    asked = replace(rules, campaigns={name: each for name, each in rules.campaigns.items() if name in names})
    after = observe(asked, Pending(tuple(before)), happened).waiting[: len(before)]
    off = [
        now if now.at == was.at else replace(was, cancelled_at=happened.at)
        for was, now in zip(before, after, strict=True)
    ]
    return replace(kept, handing=on_their_way(kept.handing, off))


def _about(before: Pending, after: Pending, item: str) -> dict[str, str]:
    """The item of an event, for each trigger that it started or started anew."""
    known = {trigger_name(each) for each in before.waiting}
    return {name: item for each in after.waiting if (name := trigger_name(each)) not in known}


def _without_history(kept: Kept, now_ms: int) -> Kept:
    oldest = (now_ms - FRESH_MS) // 1000
    waiting = tuple(each for each in kept.pending.waiting if each.received is None or each.received >= oldest)
    journeying = kept.journeying.without_entrances_before(oldest)
    return replace(kept, pending=Pending(waiting, kept.pending.progress), journeying=journeying)


def _reported(
    kept: Kept,
    device: str,
    shown: Happening,
    rules: MessageRules,
    fences: KnownFences,
    following: Following,
) -> Kept:
    """A device tells what it showed by its own decision: it counts as sent, out of what it was lent."""
    told = shown.properties
    campaign = rules.campaigns.get(told.get("campaign", ""))
    if campaign is None or told.get("message") in kept.given:
        return kept
    sent = _sent(campaign, shown)
    if sent in kept.ledger:
        return kept
    waiting = tuple(
        each
        for each in kept.pending.waiting
        if each.campaign != campaign.id or each.at > shown.at or each.place not in (None, sent.place)
    )
    lent = _paid(kept.lent, device, sent, rules)
    ledger = shortened(tuple(sorted((*kept.ledger, sent), key=lambda each: each.at)), shown.at)
    there = fences.get(sent.place) if sent.place else None
    known = sent if there is not None else replace(sent, place=None)  # counters are by places there are
    message = str(told.get("message") or "")
    return replace(
        kept,
        ledger=ledger,
        lent=lent,
        pending=Pending(waiting, kept.pending.progress),
        followed=following.shown_by_itself(kept.followed, known, message),
    )


def _sent(campaign: Campaign, shown: Happening) -> Sent:
    told = shown.properties
    channel = told.get("channel", campaign.channels[0])
    return Sent(
        campaign.id,
        shown.at,
        (channel,),
        tuple(sorted(campaign.tags)),
        told.get("place"),
        told.get("offer"),
        campaign.ignore_caps,
    )


def _paid(lent: Sequence[Lent], device: str, sent: Sent, rules: MessageRules) -> tuple[Lent, ...]:
    """A slot that was told of is in the ledger now, so it is lent no longer: one of each rule, not more.

    It is one of the lease that ran at that time, if any did; else of the first that has one.
    """
    paying = {cap.rule: cap for cap in rules.caps if counts(cap, sent, sent.place)}
    out = [each for each in lent if each.device == device and each.slots and each.rule in paying]
    out.sort(key=lambda each: not each.since <= sent.at < each.until)
    chosen = {each.rule: each for each in reversed(out)}
    return tuple(
        replace(each, slots=each.slots - 1) if chosen.get(each.rule) is each else each for each in lent
    )

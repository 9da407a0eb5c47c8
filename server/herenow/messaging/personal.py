"""Personal campaigns: one person's next best message, about the best item of a placement, or silence.

Nothing triggers them. Whoever is there, and whoever was heard of lately, is considered once a day for each;
consent, caps, quiet hours and the better hour then hold as for every message, and which of several campaigns
speaks is for the contract to say. What it is about is chosen last: the first item of the placement in this
person's order, by the scorer of the app's own screens, if its score is good enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow.launch.decision import prepared_for, query_for
from herenow.launch.serving import ServingSet
from herenow.launch.subjects import subject_of
from herenow.messaging.asking import Moment
from herenow.messaging.deciding import STAGES_S, Show
from herenow.messaging.happenings import BY_COURIER
from herenow.messaging.records import NOTHING_FITS
from herenow.messaging.state import Kept
from herenow.profiles.installation import Installation
from herenow.profiles.learned.document import Learned
from herenow_sdk.core.messages.identity import trigger_name
from herenow_sdk.core.messages.rules import Campaign, MessageRules
from herenow_sdk.core.messages.waiting import Pending, Waiting
from herenow_sdk.core.ordering import SCALE

KIND: Final = "personal"
EVERY_S: Final = 86_400
"""So often somebody is considered for a campaign."""
_EXPECTED: Final = (1.0, 10.0)
"""Answers and messages that a channel is credited with before any is known."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What messages are about (``items``, by trigger), and why others (by message) are about nothing."""

    items: Mapping[str, str] = field(default_factory=dict)
    nothing: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.items or self.nothing)


def candidates_of(serving: ServingSet, campaign: str) -> Mapping[str, Any] | None:
    """``{"placement", "minimum"?}`` of a personal campaign, ``None`` of another."""
    document = serving.documents.get("campaigns.json", {}).get(campaign, {})
    return document.get("candidates") if document.get("kind") == KIND else None


def is_considered(kept: Kept, serving: ServingSet, now: int) -> bool:
    """Whether somebody is to be considered for any personal campaign now."""
    return any(now >= kept.considered.get(each.id, 0) + EVERY_S for each in _personal(serving))


def considered(kept: Kept, moment: Moment, serving: ServingSet) -> Kept:
    """With every personal campaign waiting that this person is to be considered for now.

    A device that decides by itself cannot choose an item: for it only what a courier carries is considered.
    """
    now, seen, waiting = moment.clock.now, dict(kept.considered), list(kept.pending.waiting)
    busy = {each.campaign for each in (*waiting, *(other.waiting for other in kept.handing))}
    for campaign in _personal(serving):
        if now < seen.get(campaign.id, 0) + EVERY_S:
            continue
        seen[campaign.id] = now
        if campaign.id not in busy and _may_have(campaign, kept, moment):
            waiting.append(Waiting(campaign.id, now, now))
    if seen == kept.considered:
        return kept
    return replace(kept, considered=seen, pending=Pending(tuple(waiting), kept.pending.progress))


def next_consideration(kept: Kept, serving: ServingSet, now: int) -> int | None:
    """When somebody who is away is considered next: while they were heard of lately, for couriers alone."""
    last_ms = max((each.received_ms for each in kept.heard.values()), default=0)
    if last_ms // 1000 <= now - STAGES_S:
        return None
    carried = (each for each in _personal(serving) if not BY_COURIER.isdisjoint(each.channels))
    return min((kept.considered.get(each.id, now) + EVERY_S for each in carried), default=None)


def chosen(
    shows: Iterable[Show],
    kept: Kept,
    serving: ServingSet,
    installation: Installation,
    learn: Callable[[], Learned],
    now: int,
) -> Chosen:
    """The best item for each personal message that might be said now and has none yet."""
    items: dict[str, str] = {}
    nothing: dict[str, str] = {}
    for show in shows:
        candidates, name = candidates_of(serving, show.waiting.campaign), trigger_name(show.waiting)
        if candidates is None or name in kept.items:
            continue
        best = _best(serving, installation, learn(), candidates, now)
        if best is None:
            nothing[show.message] = NOTHING_FITS
        else:
            items[name] = best
    return Chosen(items, nothing)


def preferring(moment: Moment, kept: Kept, serving: ServingSet, learn: Callable[[], Learned]) -> Moment:
    """The moment with the channels of personal campaigns in the order in which this person answers them.

    By (answers + 1) / (messages + 10) of the channel; where nothing tells, as the campaign lists them.
    """
    several = [each for each in _personal(serving) if len(each.channels) > 1]
    if several:
        waiting = {each.campaign for each in kept.pending.waiting}
        several = [each for each in several if each.id in waiting]
    if not several:
        return moment
    learned = learn()
    changed = {each.id: replace(each, channels=_preferred(each.channels, learned)) for each in several}
    rules: MessageRules = replace(moment.rules, campaigns={**moment.rules.campaigns, **changed})
    return replace(moment, rules=rules)


def _preferred(channels: tuple[str, ...], learned: Learned) -> tuple[str, ...]:
    def rate(channel: str) -> float:
        shown, answered = learned.channel(channel)
        return (answered + _EXPECTED[0]) / (shown + _EXPECTED[1])

    return tuple(sorted(channels, key=rate, reverse=True))


def _personal(serving: ServingSet) -> tuple[Campaign, ...]:
    """Personal campaigns that are on and begin by themselves, found once a release."""
    found: dict[str, tuple[Any, tuple[Campaign, ...]]] = serving.bundle.messages.found
    known = found.get(KIND)
    if known is None or known[0] is not serving.documents:
        known = found[KIND] = serving.documents, tuple(_by_themselves(serving))
    return known[1]


def _by_themselves(serving: ServingSet) -> Iterator[Campaign]:
    for name in serving.documents.get("campaigns.json", {}):
        campaign = serving.bundle.messages.campaigns.get(name)
        by_itself = campaign is not None and campaign.enabled and campaign.trigger is None
        if campaign is not None and by_itself and candidates_of(serving, name) is not None:
            yield campaign


def _may_have(campaign: Campaign, kept: Kept, moment: Moment) -> bool:
    """Whether it is worth asking the rules: what is sure to be refused every day is not written down so."""
    if moment.alone and BY_COURIER.isdisjoint(campaign.channels):
        return False
    if campaign.audience is not None and not campaign.audience.matches(moment.attributes):
        return False
    shown_at = max((each.at for each in kept.ledger if each.campaign == campaign.id), default=None)
    if shown_at is None or (campaign.eligible_again is None and campaign.caps):
        return True
    return campaign.eligible_again is not None and moment.clock.now >= shown_at + campaign.eligible_again


def _best(
    serving: ServingSet,
    installation: Installation,
    learned: Learned,
    candidates: Mapping[str, Any],
    now: int,
) -> str | None:
    """The first item of the placement for this person, if a marketer put it there or it scores enough."""
    orderer = serving.orderers.get(candidates["placement"])
    if orderer is None:
        return None
    subject = subject_of(installation, now, learned)
    prepared = prepared_for(serving, installation.context, subject, now)
    query = query_for(serving, installation.context, subject, prepared, now)
    first = next(iter(orderer.order(query, size=1).items), None)
    if first is None:
        return None
    most = SCALE * sum(weight for weight in orderer.placement.weights.values() if weight > 0)
    enough = first.rung == "pinned" or 100 * first.score >= candidates.get("minimum", 0) * most
    return first.id if enough else None

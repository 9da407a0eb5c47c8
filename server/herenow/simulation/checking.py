"""Whether promises about messages were kept: told by what reached people, and by what they had said.

Everything is computed afresh from the outbox, from what phones were given, from the app's documents as they
are written, and from what people said when: no rule of the server's is asked. Only who is kept back for
comparison has to be taken from its ledger, for nobody else knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from herenow.simulation.evidence import EVERY, Evidence, about
from herenow.simulation.letters import Said
from herenow.simulation.wall_clock import begins, is_calendar, is_within, seconds, wall

SOUNDING: Final = ("push", "local_notification", "sms")
Cap = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: over how many messages it was looked into, which they were, and every breach."""

    name: str
    of: int
    about: str
    breaches: tuple[str, ...] = ()


def check_all(evidence: Evidence) -> list[Check]:
    """Every promise, in the order in which they are told."""
    checks: tuple[Callable[[Evidence], Check], ...] = (caps, quiet, codes, consent, erasure, control)
    return [check(evidence) for check in checks]


def caps(evidence: Evidence) -> Check:
    """Of no cap more than its maximum; of a campaign that speaks once, or once in a while, no more."""
    policy, breaches = evidence.policy.get("caps", ()), []
    own = {name: own_caps(each) for name, each in evidence.campaigns.items() if isinstance(each, Mapping)}
    for said in evidence.said:
        free = evidence.campaigns.get(said.campaign, {}).get("ignore_caps", False)
        together = evidence.together(said)
        for cap in (*(() if free else filter(lambda each: _binds(each, said), policy)), *own[said.campaign]):
            counted = [each for each in together if _counts(cap, each, said, evidence.zone(said))]
            if len(counted) > cap["max"]:
                breaches.append(f"{about(said)}: no. {len(counted)} of {cap['max']} ({cap})")
    number, people = len(policy) + sum(map(len, own.values())), len({each.person for each in evidence.said})
    told = f"messages to {people:,} people against {number} caps"
    return Check("caps", len(evidence.said), told, tuple(breaches))


def own_caps(campaign: Mapping[str, Any]) -> Sequence[Cap]:
    """A campaign's caps; without any it speaks once ever, or once in the time after which it may again."""
    told = [{**each, "own": True} for each in campaign.get("caps", ())]
    again = campaign.get("eligible_again")
    if again is not None:
        return [*told, {"own": True, "max": 1, "per": again, "window": "rolling"}]
    return told or [{"own": True, "max": 1}]


def _binds(cap: Cap, said: Said) -> bool:
    return cap.get("channel", "any") in ("any", said.channel) and cap.get("campaign") in (None, said.campaign)


def _counts(cap: Cap, earlier: Said, said: Said, zone: str) -> bool:
    """Whether something said earlier, or the message itself, is one of those that a cap counts for it."""
    same = earlier.campaign == said.campaign if cap.get("own") else _binds(cap, earlier)
    if not same or "per" not in cap:
        return same
    if cap.get("window") == "rolling" or not is_calendar(cap["per"]):
        return earlier.at > said.at - seconds(cap["per"])
    return earlier.at >= begins(cap["per"], said.at, zone)


def quiet(evidence: Evidence) -> Check:
    """Nothing that makes a sound in quiet hours by the person's own clock, nor alive into them."""
    hours = evidence.policy.get("quiet_hours")
    if not hours:
        return Check("quiet hours", 0, "messages: the app keeps none")
    channels = hours.get("channels", SOUNDING)
    sounding = [each for each in evidence.said if each.channel in channels]
    breaches = [
        f"{about(each)}: at {wall(each.at, evidence.zone(each)):%H:%M}"
        for each in sounding
        if is_within(hours, each.at, evidence.zone(each))
    ]
    zones = {each.message: evidence.zone(each) for each in sounding}
    breaches += [
        f"message {each.message}: may still arrive at {wall(each.expires_at, zones[each.message]):%H:%M}"
        for each in evidence.letters
        if each.message in zones and is_within(hours, each.expires_at - 1, zones[each.message])
    ]
    usual = max(list(zones.values()), key=list(zones.values()).count, default="")
    others = len({each.person for each in sounding if evidence.zone(each) != usual})
    told = f"messages that make a sound, by each person's clock ({others:,} people keep another than most)"
    return Check("quiet hours", len(sounding), told, tuple(breaches))


def codes(evidence: Evidence) -> Check:
    """No single-use code in two messages, unless the first was over, and unused, before the second."""
    fixed = {each["code"].get("fixed") for each in _records(evidence.offers) if "code" in each}
    lasts = min(
        (seconds(each["valid_for"]) for each in _records(evidence.offers) if "valid_for" in each), default=0
    )
    given: dict[str, dict[str, Said]] = {}
    for each in sorted(evidence.said, key=lambda each: each.at):
        if each.code and each.code not in fixed:
            given.setdefault(each.code, {}).setdefault(each.message, each)
    breaches = []
    for code, messages in given.items():
        held = list(messages.values())
        for one, other in pairwise(held):
            if one.message in evidence.redeemed or not lasts or other.at < one.at + lasts:
                breaches.append(f"{code}: {about(one)}, and {about(other)}")
    return Check("codes", len(given), "single-use codes given away", tuple(breaches))


def consent(evidence: Evidence) -> Check:
    """Nothing by a channel that somebody had not granted by then, or had taken back."""
    breaches, late = [], set()
    for each in evidence.said:
        life = evidence.life(each)
        taken_back = life.denied.get(each.channel)
        if taken_back is not None:
            late.add((each.person, each.channel))
        if life.person.consent.get(each.channel) != "granted" or (taken_back or each.at) < each.at:
            breaches.append(about(each))
    told = (
        f"messages by {len({each.channel for each in evidence.said})} channels; {len(late):,} took one back"
    )
    return Check("consent", len(evidence.said), told, tuple(breaches))


def erasure(evidence: Evidence) -> Check:
    """Nothing for somebody who had themselves forgotten, at whichever address."""
    gone = {life.person.number: life.erased_at for life in evidence.lives if life.erased_at is not None}
    theirs = [(each, gone[each.person]) for each in evidence.said if each.person in gone]
    breaches = tuple(about(each) for each, at in theirs if each.at > at)
    return Check(
        "erasure", len(theirs), f"messages to {len(gone):,} people before they were erased", breaches
    )


def control(evidence: Evidence) -> Check:
    """Nothing for who is held out, and nothing of a campaign for who is kept from it."""
    kept = evidence.kept_back
    breaches = [
        about(each)
        for each in evidence.said
        if {EVERY, each.campaign} & kept.get(evidence.whose(each), frozenset())
    ]
    out = sum(EVERY in campaigns for campaigns in kept.values())
    told = f"people kept back, {out:,} from everything and {len(kept) - out:,} from a campaign"
    return Check("control", len(kept), told, tuple(breaches))


def _records(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in document.values() if isinstance(each, Mapping)]

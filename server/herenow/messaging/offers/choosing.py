"""Which of a campaign's offers a person is made: the form that a draw prefers, by what was answered before.

Campaigns whose offers have several forms try them out (Thompson sampling, see ``herenow.learning.offers``):
what is believed of a form in this part of the day stands on everybody's answers, the release's model, and on
the person's own. The draw is seeded by person, campaign and local date, so that a message which is decided
again has the same offer. How probable the choice was is written down with the message: without it nothing
could be learned from the records later (``inverse_propensity``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from herenow.launch.serving import ServingSet
from herenow.learning.offers import Level, beliefs, choose
from herenow.messaging.asking import Moment
from herenow.messaging.deciding import Show
from herenow.messaging.state import Kept
from herenow.profiles.learned.document import Learned, daypart
from herenow_sdk.core.messages.rules import Campaign


@dataclass(frozen=True, slots=True)
class Preferred:
    """A campaign's offers with those of the chosen form first, and how probable that choice was."""

    offers: tuple[str, ...]
    form: str
    propensity: float


@dataclass(frozen=True, slots=True)
class Draw:
    """What makes a draw the same again: whom for, in which campaign, on which local day; and when in it."""

    person: str
    campaign: str
    day: int
    part: str


def preferred(
    offers: Sequence[str], forms: Mapping[str, str], draw: Draw, everybody: Level, own: Level
) -> Preferred | None:
    """The offers in the order to try them; ``None`` where they have one form and there is nothing to choose.

    ``forms`` tells the form of each offer that the person may have; the others keep their place behind.
    """
    arms = sorted({(forms[each], draw.part) for each in offers if each in forms})
    if len(arms) < 2:
        return None
    believed = beliefs(arms, [everybody, own] if everybody else [own])
    choice = choose(believed, draw.person, draw.campaign, draw.day)
    form = choice.arm[0]
    first = tuple(each for each in offers if forms.get(each) == form)
    return Preferred((*first, *(each for each in offers if each not in first)), form, choice.propensity)


def offering(moment: Moment, kept: Kept, serving: ServingSet, learn: Callable[[], Learned]) -> Moment:
    """The moment in which what waits makes this person the offers that a draw prefers, with its odds."""
    waiting = {each.campaign for each in kept.pending.waiting}
    several = [each for each in _of_several(moment, waiting) if each.enabled]
    when = _when(moment.attributes)
    if not several or when is None:
        return moment
    day, part = when
    own, campaigns, odds = learn().offers, dict(moment.rules.campaigns), dict(moment.odds)
    for each in several:
        draw = Draw(moment.person, each.id, day, part)
        found = preferred(each.offers, _open_to(each, moment, kept, serving), draw, serving.model.offers, own)
        if found is not None:
            campaigns[each.id] = replace(each, offers=found.offers)
            odds[each.id] = found.propensity
    return replace(moment, rules=replace(moment.rules, campaigns=campaigns), odds=odds)


def without_offer(moment: Moment, show: Show) -> Moment | None:
    """The moment in which the campaign makes another of its offers; ``None`` where it has no other."""
    campaign = moment.rules.campaigns[show.decision.campaign]
    others = tuple(each for each in campaign.offers if each != show.decision.offer)
    if not others:
        return None
    campaigns = {**moment.rules.campaigns, campaign.id: replace(campaign, offers=others)}
    odds = {name: each for name, each in moment.odds.items() if name != campaign.id}
    return replace(moment, rules=replace(moment.rules, campaigns=campaigns), odds=odds)


def _of_several(moment: Moment, waiting: set[str]) -> Iterator[Campaign]:
    found = (moment.rules.campaigns.get(name) for name in waiting)
    several = [each for each in found if each is not None and len(each.offers) > 1]
    yield from sorted(several, key=lambda each: each.id)


def _open_to(campaign: Campaign, moment: Moment, kept: Kept, serving: ServingSet) -> dict[str, str]:
    """The forms of those offers that this person may have (SPEC 11.3)."""
    documents: Mapping[str, Any] = serving.documents.get("offers.json", {})
    forms = {}
    for name in campaign.offers:
        offer = moment.rules.offers.get(name)
        if offer is None or name not in documents:
            continue
        had = sum(sent.offer == name for sent in kept.ledger)
        over = offer.until is not None and moment.clock.now >= offer.until
        theirs = offer.audience is None or offer.audience.matches(moment.attributes)
        if theirs and not over and (offer.per_person is None or had < offer.per_person):
            forms[name] = str(documents[name]["form"])
    return forms


def _when(attributes: Mapping[str, Any]) -> tuple[int, str] | None:
    """The day and its part by the person's clock."""
    now = attributes.get("now")
    if not isinstance(now, Mapping) or "hour" not in now or "date" not in now:
        return None
    return date.fromisoformat(str(now["date"])).toordinal(), daypart(int(now["hour"]))

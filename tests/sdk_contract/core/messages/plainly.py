"""Chapter 11 read plainly: every check of every trigger by itself, every cap counted anew."""

from __future__ import annotations

from herenow_sdk.core.device.consent import effective_consent
from herenow_sdk.core.messages.arbitration import SLOTS, rank
from herenow_sdk.core.messages.calendar import since
from herenow_sdk.core.messages.caps import applicable, use
from herenow_sdk.core.messages.eligibility import examine
from herenow_sdk.core.messages.examination import Examination, Surroundings, expiry
from herenow_sdk.core.messages.holdout import holdout_bucket
from herenow_sdk.core.messages.ledger import by_campaign
from herenow_sdk.core.messages.state import read_state
from herenow_sdk.core.reasons import MessageOutcome, MessageReason


def decided_plainly(rules, attributes, state, local):
    """Each decision as JSON with its checks, for triggers whose campaigns are all known."""
    told = read_state(state)
    examined = [_examination(rules, attributes, told, local, each) for each in told.waiting]
    stopped = [examine(each) for each in examined]
    candidates = [each for each, stop in zip(examined, stopped, strict=True) if stop is None]
    decided = {id(each): decision for each, decision in _arbitrated(candidates)}
    return [_told(stop or decided[id(each)], each) for each, stop in zip(examined, stopped, strict=True)]


def _told(decision, examination):
    return decision.as_json(), [(name, passed, dict(detail)) for name, passed, detail in examination.noted]


def _examination(rules, attributes, told, local, waiting):
    """By surroundings of its own, in which nobody has asked anything."""
    campaign, person = rules.campaigns[waiting.campaign], attributes.get("id")
    consent = effective_consent(told.consent, None, rules.policy.consent)
    holdout = holdout_bucket(rules.policy.salt, person) if person else 0
    said = by_campaign(told.ledger)
    around = Surroundings(
        rules, attributes, consent, told.ledger, said, told.leases, local, examine, told.off, holdout
    )
    return Examination(waiting, campaign, around, expiry(waiting, campaign), noted=[])


def _arbitrated(candidates):
    shown, spent = [], ()
    for each in sorted(candidates, key=rank):
        winner = _outranking(each, shown, spent)
        if winner is None:
            silent = MessageReason.SHOWN_SILENTLY if each.silent else MessageReason.SHOWN
            decision = each.decide(MessageOutcome.SHOW, silent)
            shown.append(each)
            spent = (*spent, decision.sent(each.campaign, each.around.clock.now))
        else:
            args = {"by": winner.campaign.id, "at": winner.waiting.at}
            decision = each.decide(MessageOutcome.OUTRANKED, MessageReason.OUTRANKED, **args)
        yield each, decision


def _outranking(each, shown, spent):
    for winner in shown:
        if SLOTS[winner.channels[0]] == SLOTS[each.channels[0]] or winner.campaign.id == each.campaign.id:
            return winner
    crowded = shown and (_cools(each, spent) or any(map(_binds, _uses(each, spent))))
    return shown[-1] if crowded else None


def _cools(each, spent):
    wait, now = each.around.rules.policy.cool_down, each.around.clock.now
    counting = [sent.at for sent in (*each.around.ledger, *spent) if not sent.ignore_caps]
    return bool(wait and not each.campaign.ignore_caps and counting and max(counting) + wait > now)


def _uses(each, spent):
    around, place, now = each.around, each.waiting.place, each.around.clock.now
    for cap in applicable(around.rules.policy.caps, each.campaign, each.channels[0], place):
        start = since(cap.period, around.zone, now)
        yield use(cap, (*around.ledger, *spent), around.leases, place, start, now)


def _binds(used):
    return used.left <= 0 or used.unleased

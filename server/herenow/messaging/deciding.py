"""What becomes of everything that waits for one person now: the contract's decision, and what it changes.

Pure. A request of the app can show messages on the device at once; a worker can hand others to a courier.
Neither decides what only the other can do: an in-app message keeps waiting while the app is away, a push
keeps waiting until somebody can send it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Final

from herenow.measures.goals import Open
from herenow.messaging.asking import ON_DEVICE, Moment, decided
from herenow.messaging.following import Following
from herenow.messaging.happenings import BY_COURIER, interests_of
from herenow.messaging.journeys.moving import moved_on
from herenow.messaging.records import Record, failure_of, record_of
from herenow.messaging.state import GIVEN, Handing, Kept, shortened
from herenow.messaging.withholding import withheld
from herenow_sdk.core.messages import Decision, MessageRules
from herenow_sdk.core.messages.identity import message_id, trigger_name
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.waiting import Pending, Waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason

HAND_OFF_S: Final = 120
"""How long a hand-off may take before somebody else looks after it."""
OUTRANKED_RETRY_S: Final = 900
STAGE_CHECK_S: Final = 86_400
STAGES_S: Final = 120 * 86_400
"""How long after somebody was last heard of their lifecycle stage is looked at, once a day."""
NO_ADDRESS: Final = "NO_ADDRESS"

_AT: Final = attrgetter("at")

STAYS: Final = frozenset({MessageOutcome.HELD, MessageOutcome.OUTRANKED})
"""After these a message waits on."""
_CERTAIN: Final = frozenset(
    {
        MessageReason.CANCELLED,
        MessageReason.FOLLOWED,
        MessageReason.DISABLED,
        MessageReason.UNKNOWN_CAMPAIGN,
        MessageReason.DELAYED,
        MessageReason.AWAITING_EVENT,
    }
)
"""What is so whoever decides."""
_FINAL: Final = frozenset({MessageOutcome.EXPIRED, MessageOutcome.NO_CONSENT})
"""What does not wait for the app to come: its life is over, or none of its channels is allowed."""


@dataclass(frozen=True, slots=True)
class Show:
    """A message to be shown or handed over: it is in the ledger of what is kept already."""

    message: str
    waiting: Waiting
    decision: Decision
    item: str | None = None
    propensity: float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was decided: what is kept afterwards, what to show, what to write down, every decision.

    ``failed`` tells of what was to be shown and cannot be: it has no words, its offer is spent, nobody is
    reached by it.
    """

    kept: Kept
    shows: tuple[Show, ...] = ()
    records: tuple[Record, ...] = ()
    decisions: tuple[Decision, ...] = ()
    failed: tuple[Record, ...] = ()


@dataclass(slots=True)
class _Draft:
    """What is being put together; ``waiting`` goes on waiting, and ``names`` are theirs."""

    waiting: list[Waiting] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    shows: list[Show] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    due: list[int] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    failed: list[Record] = field(default_factory=list)
    withheld: list[Sent] = field(default_factory=list)

    def keep(self, waiting: Waiting) -> str:
        """It waits on; its name."""
        name = trigger_name(waiting)
        self.waiting.append(waiting)
        self.names.add(name)
        return name


def drawn(
    kept: Kept, moment: Moment, following: Following, unwritable: Mapping[str, str] | None = None
) -> Drawn:
    """Decide about everything that waits; ``unwritable`` are messages that cannot be said, with the reason.

    Whoever is in a journey goes on before and after: what is decided for good lets them take the next step.
    ``kept.due_at`` of the answer is when to look again. Nothing is counted yet.
    """
    now, draft = moment.clock.now, _Draft()
    on_the_way = moved_on(kept, moment.journeys, moment.attributes, now)
    kept = on_the_way.kept
    usable = moment.usable
    ready, aside = _parted(kept.pending.waiting, usable)
    if unwritable:
        ready = _sayable(draft, ready, unwritable, moment)
    _sort(draft, kept, ready, aside, moment, usable)
    handing = kept.handing
    if not moment.present:
        handing = (*handing, *(_handing(each, now) for each in draft.shows))
    sent = tuple(
        each.decision.sent(moment.rules.campaigns[each.waiting.campaign], now) for each in draft.shows
    )
    waits = draft.names
    leaving = {trigger_name(each.waiting) for each in handing} if kept.runs else frozenset[str]()
    after = replace(
        kept,
        pending=Pending(tuple(sorted(draft.waiting, key=_AT)), kept.pending.progress),
        ledger=shortened((*kept.ledger, *sent), now) if sent else kept.ledger,
        handing=handing,
        told={name: told for name, told in {**kept.told, **draft.told}.items() if name in waits},
        items={name: item for name, item in kept.items.items() if name in waits},
        hours={name: at for name, at in kept.hours.items() if name in waits},
        runs={name: run for name, run in kept.runs.items() if name in waits or name in leaving},
        withheld=shortened((*kept.withheld, *draft.withheld), now) if draft.withheld else kept.withheld,
        followed=_remembered(kept, draft, sent, following),
        given=(*kept.given, *(each.message for each in draft.shows))[-GIVEN:],
    )
    onwards = moved_on(after, moment.journeys, moment.attributes, now)
    due_at = _due([*draft.due, *onwards.due], handing, moment, kept)
    failed = tuple(draft.failed)
    return Drawn(
        replace(onwards.kept, due_at=due_at),
        tuple(draft.shows),
        (*on_the_way.records, *failed, *draft.records, *onwards.records),
        tuple(draft.decisions),
        failed,
    )


def _sayable(
    draft: _Draft, ready: Sequence[Waiting], unwritable: Mapping[str, str], moment: Moment
) -> list[Waiting]:
    """Those that can be put into words; of the others it is written down that they could not."""
    sayable = []
    for waiting in ready:
        message = message_id(moment.person, waiting)
        if message in unwritable:
            draft.failed.append(failure_of(waiting, moment.clock.now, unwritable[message], message))
        else:
            sayable.append(waiting)
    return sayable


def _sort(
    draft: _Draft,
    kept: Kept,
    ready: Sequence[Waiting],
    aside: Sequence[Waiting],
    moment: Moment,
    usable: MessageRules,
) -> None:
    """Put what is decided of everything that waits where it belongs."""
    free, on_hold = _free_and_held(ready, moment)
    for waiting, decision in (*decided(kept, free, moment, usable), *_held(kept, on_hold, moment, usable)):
        if decision.outcome is MessageOutcome.CONTROL:
            _keep_back(draft, kept, waiting, decision, moment, usable)
        else:
            _settle(draft, kept, waiting, decision, moment)
    for waiting, decision in decided(kept, aside, moment, moment.rules):
        if decision.outcome is MessageOutcome.CONTROL and moment.alone and _on_device(waiting, moment):
            _keep_back(draft, kept, waiting, decision, moment, moment.rules)
        else:
            _settle_aside(draft, kept, waiting, decision, moment)


def _remembered(kept: Kept, draft: _Draft, sent: Sequence[Sent], following: Following) -> tuple[Open, ...]:
    """The messages that something may come of, with those said and kept back now."""
    held = kept.followed
    for show, each in zip(draft.shows, sent, strict=True):
        held = following.opened(held, each, show.message)
    for each in draft.withheld:
        held = following.opened(held, each, "", control=True)
    return held


def _parted(waiting: Iterable[Waiting], usable: MessageRules) -> tuple[list[Waiting], list[Waiting]]:
    """Those that some channel at hand could take, and the others."""
    ready: list[Waiting] = []
    aside: list[Waiting] = []
    for each in waiting:
        campaign = usable.campaigns.get(each.campaign)
        (ready if campaign is None or campaign.channels else aside).append(each)
    return ready, aside


def _free_and_held(waiting: Sequence[Waiting], moment: Moment) -> tuple[Sequence[Waiting], Sequence[Waiting]]:
    """Those that may speak now as far as the server is concerned, and those that it holds back."""
    if not moment.holds:
        return waiting, ()
    free: list[Waiting] = []
    held: list[Waiting] = []
    for each in waiting:
        (held if message_id(moment.person, each) in moment.holds else free).append(each)
    return free, held


def _held(
    kept: Kept, on_hold: Sequence[Waiting], moment: Moment, usable: MessageRules
) -> Iterator[tuple[Waiting, Decision]]:
    for waiting, decision in decided(kept, on_hold, moment, usable):
        yield waiting, moment.holds[message_id(moment.person, waiting)].over(decision)


def _settle(draft: _Draft, kept: Kept, waiting: Waiting, decision: Decision, moment: Moment) -> None:
    """One that could be said now."""
    now = moment.clock.now
    if decision.outcome in STAYS:
        _stay(draft, kept, waiting, decision, now)
    elif decision.outcome is not MessageOutcome.SHOW:
        draft.records.append(record_of(decision, now))
        draft.decisions.append(decision)
    elif moment.present and decision.channel in BY_COURIER:
        draft.decisions.append(decision)
        draft.keep(waiting)  # the worker decides it again, as late as can be
        draft.due.append(now)
    else:
        draft.decisions.append(decision)
        message = message_id(moment.person, waiting)
        odds = moment.odds.get(decision.campaign) if decision.offer is not None else None
        draft.shows.append(Show(message, waiting, decision, kept.items.get(trigger_name(waiting)), odds))
        if moment.present:
            draft.records.append(record_of(decision, now, message=message, propensity=odds))


def _keep_back(
    draft: _Draft,
    kept: Kept,
    waiting: Waiting,
    decision: Decision,
    moment: Moment,
    rules: MessageRules,
) -> None:
    """One of the control group: what would have been said, and when, is what it is compared by."""
    before = replace(kept, withheld=(*kept.withheld, *draft.withheld))
    shadow = withheld(before, waiting, moment, rules)
    draft.withheld += [] if shadow is None else [shadow]
    would_show_at = None if shadow is None else shadow.at
    draft.records.append(record_of(decision, moment.clock.now, would_show_at=would_show_at))
    draft.decisions.append(decision)


def _stay(draft: _Draft, kept: Kept, waiting: Waiting, decision: Decision, now: int) -> None:
    """It waits on; what is told is written down once."""
    until = decision.until
    if decision.outcome is MessageOutcome.OUTRANKED:
        until = now + OUTRANKED_RETRY_S
    if until is not None:
        draft.due.append(until)
    draft.decisions.append(decision)
    name, told = draft.keep(waiting), f"{decision.outcome}/{decision.reason}/{decision.until or ''}"
    if kept.told.get(name) != told:
        draft.records.append(Record(now, decision.as_json()))
    draft.told[name] = told


def _settle_aside(draft: _Draft, kept: Kept, waiting: Waiting, decision: Decision, moment: Moment) -> None:
    """One that no channel at hand can take: it waits for the app, or there is no way to this person.

    What only the app could show is the app's to decide, but for what is so whoever decides. What nobody can
    take is decided here for good, so that it is told of and a journey goes on.
    """
    now, for_app = moment.clock.now, _on_device(waiting, moment)
    certain = decision.reason in _CERTAIN or decision.outcome in _FINAL
    if for_app and not certain:
        draft.keep(waiting)
        draft.due += [] if decision.expires_at is None else [decision.expires_at]
    elif decision.outcome in STAYS:
        _stay(draft, kept, waiting, decision, now)
    elif decision.outcome is MessageOutcome.SHOW:
        draft.failed.append(record_of(decision, now, failed=NO_ADDRESS))
    else:
        draft.records.append(record_of(decision, now))
        draft.decisions.append(decision)


def _on_device(waiting: Waiting, moment: Moment) -> bool:
    campaign = moment.rules.campaigns.get(waiting.campaign)
    return campaign is not None and not ON_DEVICE.isdisjoint(campaign.channels)


def _handing(show: Show, now: int) -> Handing:
    decision = show.decision
    return Handing(
        show.message,
        show.waiting,
        decision.channel or "",
        now,
        now + HAND_OFF_S,
        item=show.item,
        offer=decision.offer,
        silent=decision.silent,
        expires_at=decision.expires_at,
        propensity=show.propensity,
    )


def _due(due: list[int], handing: tuple[Handing, ...], moment: Moment, kept: Kept) -> int | None:
    """When to look again: at what is held, at hand-offs, and once a day for stages of the lifecycle."""
    now = moment.clock.now
    instants = [*due, *(each.until for each in handing)]
    last_ms = max((each.received_ms for each in kept.heard.values()), default=0)
    if kept.stage is not None and last_ms // 1000 > now - STAGES_S and asks_for_stages(moment):
        instants.append(now + STAGE_CHECK_S)
    return min(instants, default=None)


def asks_for_stages(moment: Moment) -> bool:
    """Whether any campaign or journey begins with a stage of the lifecycle."""
    return interests_of(moment.rules, moment.journeys).stages

"""What is kept of one person about messages: one small document, written under the version it was read at.

That version is what makes every cap exact: who sends adds the message to the ledger in this document, and of
two workers (or a worker and a request) that read the same one, the second write fails and decides again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from herenow.measures.goals import MAX_OPEN, Open
from herenow.measures.goals import as_json as open_as_json
from herenow.measures.goals import read as read_open
from herenow.messaging.journeys import Journeying
from herenow_sdk.core.messages.ledger import Sent, read_ledger
from herenow_sdk.core.messages.waiting import Pending, Waiting, read_pending

LEDGER_DAYS: Final = 92
"""Messages older than any cap counts are dropped, but for the last of each campaign (SPEC 11.4.2)."""
MAX_SENT: Final = 500
GIVEN: Final = 100
"""Ids of messages that the server itself gave lately, so that a device's report is not counted again."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How far the log of one source was read: its position, and when the last record was received."""

    position: int = 0
    received_ms: int = 0


@dataclass(frozen=True, slots=True)
class Handing:
    """A message on its way to a courier: sent at ``since`` for every cap, to be settled by ``until``.

    ``held``: nobody is at it, it is decided again at ``until``; it may have left in an earlier attempt.
    """

    message: str
    waiting: Waiting
    channel: str
    since: int
    until: int
    attempt: int = 1
    item: str | None = None
    offer: str | None = None
    silent: bool = False
    expires_at: int | None = None
    propensity: float | None = None
    held: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "message": self.message,
            "trigger": self.waiting.as_json(),
            "channel": self.channel,
            "since": self.since,
            "until": self.until,
            "attempt": self.attempt,
            "item": self.item,
            "offer": self.offer,
            "silent": self.silent,
            "expires_at": self.expires_at,
            "propensity": self.propensity,
            "held": self.held,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Handing:
        """What ``as_json`` made."""
        plain = {name: value for name, value in raw.items() if name != "trigger"}
        return cls(waiting=Waiting(**raw["trigger"]), **plain)


@dataclass(frozen=True, slots=True)
class Lent:
    """Slots of a cap lent to a device (SPEC 11.6): ``slots`` that still count, ``of`` them at first.

    A slot that was told of, or given back, counts no longer; ``over`` says that the device uses it no more.
    """

    rule: str
    slots: int
    of: int
    since: int
    until: int
    device: str
    over: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is kept, and as ``read_leases`` reads what was granted."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in told.items() if name != "over" or value}


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything. ``told`` says what was last decided of a waiting trigger, ``items`` what it was about.

    ``hours`` are the instants that triggers were put off to, for a better hour; ``considered`` tells when the
    person was last considered for a personal campaign.
    ``withheld`` is the ledger of what was kept back, ``followed`` are messages that something may come of.
    ``runs`` tells of triggers of mass campaigns of which run (``campaign#occurrence``) they are.
    ``due_at`` (epoch seconds) is when somebody must look again; ``stage`` the lifecycle stage last seen.
    """

    pending: Pending = field(default_factory=Pending)
    ledger: tuple[Sent, ...] = ()
    lent: tuple[Lent, ...] = ()
    handing: tuple[Handing, ...] = ()
    heard: Mapping[str, Heard] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, int] = field(default_factory=dict)
    considered: Mapping[str, int] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    withheld: tuple[Sent, ...] = ()
    followed: tuple[Open, ...] = ()
    stage: str | None = None
    due_at: int | None = None
    journeying: Journeying = field(default_factory=Journeying)
    announced: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """When each transition at a fence last counted, by fence and kind, for the fence's cool-down."""
    runs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Kept:
        """What ``as_json`` made."""
        return cls(
            pending=read_pending(raw),
            ledger=read_ledger(raw.get("ledger")),
            lent=tuple(Lent(**each) for each in raw.get("lent", ())),
            handing=tuple(Handing.from_json(each) for each in raw.get("handing", ())),
            heard={name: Heard(*each) for name, each in raw.get("heard", {}).items()},
            told=raw.get("told", {}),
            items=raw.get("items", {}),
            hours=raw.get("hours", {}),
            considered=raw.get("considered", {}),
            given=tuple(raw.get("given", ())),
            withheld=read_ledger(raw.get("withheld")),
            followed=read_open(raw.get("followed")),
            stage=raw.get("stage"),
            due_at=raw.get("due_at"),
            journeying=Journeying.from_json(raw.get("journeys", {})),
            announced=raw.get("announced", {}),
            runs=raw.get("runs", {}),
        )

    def as_json(self) -> dict[str, Any]:
        """As it is kept; members that say nothing are left out. The contract's names for the contract's."""
        told: dict[str, Any] = {
            "triggers": [each.as_json() for each in self.pending.waiting],
            "progress": {name: list(steps) for name, steps in self.pending.progress.items()},
            "ledger": [each.as_json() for each in self.ledger],
            "lent": [each.as_json() for each in self.lent],
            "handing": [each.as_json() for each in self.handing],
            "heard": {name: [each.position, each.received_ms] for name, each in self.heard.items()},
            "told": dict(self.told),
            "items": dict(self.items),
            "hours": dict(self.hours),
            "considered": dict(self.considered),
            "given": list(self.given),
            "withheld": [each.as_json() for each in self.withheld],
            "followed": open_as_json(self.followed),
            "stage": self.stage,
            "due_at": self.due_at,
            "journeys": self.journeying.as_json(),
            "announced": {name: dict(each) for name, each in self.announced.items()},
            "runs": dict(self.runs),
        }
        return {name: value for name, value in told.items() if value not in (None, [], {})}

    @property
    def waits(self) -> bool:
        """Whether there is anything to decide about."""
        return bool(self.pending.waiting or self.handing or self.journeying)


def shortened(ledger: tuple[Sent, ...], now: int) -> tuple[Sent, ...]:
    """The ledger without what no cap counts any more; the last of every campaign stays."""
    last = {sent.campaign: sent for sent in ledger}
    oldest = now - LEDGER_DAYS * 86_400
    young = [sent for sent in ledger if sent.at >= oldest][-MAX_SENT:]
    kept = {id(sent) for sent in (*young, *last.values())}
    return tuple(sent for sent in ledger if id(sent) in kept)


def merged(theirs: Kept, joining: Kept) -> Kept:
    """What is kept of a person and of an installation that has become theirs."""
    return Kept(
        pending=Pending(
            tuple(sorted((*theirs.pending.waiting, *joining.pending.waiting), key=lambda each: each.at)),
            {**joining.pending.progress, **theirs.pending.progress},
        ),
        ledger=_by_time(theirs.ledger, joining.ledger),
        lent=(*theirs.lent, *joining.lent),
        handing=(*theirs.handing, *joining.handing),
        heard={**joining.heard, **theirs.heard},
        told={**joining.told, **theirs.told},
        items={**joining.items, **theirs.items},
        hours={**joining.hours, **theirs.hours},
        considered={**joining.considered, **theirs.considered},
        given=(*joining.given, *theirs.given)[-GIVEN:],
        withheld=_by_time(theirs.withheld, joining.withheld),
        followed=tuple(sorted((*theirs.followed, *joining.followed), key=lambda each: each.at)[-MAX_OPEN:]),
        stage=theirs.stage or joining.stage,
        due_at=theirs.due_at,
        journeying=theirs.journeying.joined_by(joining.journeying),
        announced={**joining.announced, **theirs.announced},
        runs={**joining.runs, **theirs.runs},
    )


def _by_time(*ledgers: tuple[Sent, ...]) -> tuple[Sent, ...]:
    return tuple(sorted((sent for ledger in ledgers for sent in ledger), key=lambda sent: sent.at))

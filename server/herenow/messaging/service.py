"""Messages of people who are there: after their beacons and with their config, in the same request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, Final

import structlog

from herenow.beacons.marks import log_partition
from herenow.clock import Clock, iso_utc
from herenow.errors import Gone, Unavailable
from herenow.launch.serving import ServingSet, ServingSets
from herenow.measures.counters import Counters
from herenow.measures.outcomes import Tally
from herenow.messaging.asking import ON_DEVICE, Moment
from herenow.messaging.best_hour import put_off, put_off_before
from herenow.messaging.deciding import Drawn, Show, asks_for_stages, drawn
from herenow.messaging.following import Following
from herenow.messaging.happenings import interests_of
from herenow.messaging.journeys.compiled import journeys_of
from herenow.messaging.mass.runs import Run, without_cancelled
from herenow.messaging.moments import following_of, moment_of
from herenow.messaging.observing import observed, on_their_way, staged
from herenow.messaging.offers.choosing import offering, without_offer
from herenow.messaging.pacing import Pacing, Ticket, numbered, told_to_wait
from herenow.messaging.people import Person
from herenow.messaging.personal import (
    chosen,
    considered,
    is_considered,
    next_consideration,
    preferring,
)
from herenow.messaging.seams import Couriers, NotPromised, Occasion, Promises, Unwritten, Writer, Written
from herenow.messaging.state import Kept
from herenow.messaging.store import Change, Loaded, MessageStore
from herenow.profiles.installation import Installation
from herenow.profiles.learned.deriving import needs_learning
from herenow.profiles.learned.document import NOTHING, Learned
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, EventLog, LogRecord, VersionConflict
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.messages.identity import trigger_name
from herenow_sdk.core.messages.waiting import Pending

_log = structlog.get_logger(__name__)
_ATTEMPTS: Final = 5
_PAGE: Final = 1000
LAG: Final = 64
"""Beacons of no interest that may be read again rather than written down as read."""
MAX_TOLD: Final = 50
"""Decisions of one answer."""
_INSTANTS: Final = ("at", "until", "expires_at")
_TOLD_UNSAID: Final = ("campaign", "at", "outcome", "reason", "place")


@dataclass(frozen=True, slots=True)
class Looked:
    """What was decided for somebody, in the words of each message that is shown."""

    drawn: Drawn
    contents: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What messages are made with."""

    store: MessageStore
    log: EventLog
    serving: ServingSets
    installations: Installations
    writer: Writer
    promises: Promises
    couriers: Couriers
    counters: Counters
    clock: Clock
    retention_days: Callable[[Scope], int]
    pacing: Pacing
    called_off: Callable[[Scope], Sequence[Run]] = lambda _: ()
    """Runs of mass campaigns that were cancelled."""
    learned: Callable[[Scope, Installation], Learned] = lambda *_: NOTHING
    """What was learned of an installation's person."""
    allowed: Callable[[Scope, Installation], Mapping[str, str] | None] = lambda *_: None
    """What an installation's person allows; ``None`` where it alone was asked."""

    def known(self, serving: ServingSet, installation: Installation) -> Learned:
        """What was learned of the person, where any campaign asks for it."""
        paths = serving.bundle.messages.paths | journeys_of(serving).paths
        asked = needs_learning(paths) or "lifecycle.stage" in serving.asked
        return self.learned(serving.scope, installation) if asked else NOTHING

    def moment(
        self, serving: ServingSet, installation: Installation, person: Person, now: int, *, present: bool
    ) -> Moment:
        """The moment to decide in for somebody, with what was learned of them and how they are reached."""
        wanted = interests_of(serving.bundle.messages, journeys_of(serving)).couriers
        reach = self.couriers.reach(installation, person, wanted)
        return moment_of(
            serving,
            installation,
            person,
            now,
            reach=reach,
            present=present,
            learned=self.known(serving, installation),
            consent=self.allowed(serving.scope, installation),
        )

    def keep_until(self, scope: Scope, now: int) -> int:
        """When what is written now expires."""
        return now + self.retention_days(scope) * 86_400

    def count(self, scope: Scope, tally: Tally) -> None:
        """Add what came of messages, once what is kept of their people is written.

        In this order a lost race counts nothing twice; what is lost is one tally when a process dies between.
        """
        try:
            self.counters.add(scope, tally)
        except Unavailable as error:
            _log.warning("outcomes not counted", scope=str(scope), error=error.code)


@dataclass(slots=True)
class Reserved:
    """What was taken for messages while deciding: an offer each of ``offers``, a number in a pace."""

    offers: set[str] = field(default_factory=set)
    tickets: dict[str, Ticket] = field(default_factory=dict)


class Messages:
    """Observes, decides, and tells the app what to show."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def heard(self, scope: Scope, installation: Installation) -> list[dict[str, Any]]:
        """The decisions after beacons of an installation came in, with what it is to show now.

        Never raises for messages' sake: the beacons are stored already, and what was not observed now is
        observed the next time, out of the log.
        """
        looked = self._looked(scope, installation)
        return [] if looked is None else decisions_json(looked)

    def opened(self, scope: Scope, installation: Installation) -> list[dict[str, Any]]:
        """The messages to show with a config."""
        looked = self._looked(scope, installation)
        return [] if looked is None else [_message(each, looked) for each in looked.drawn.shows]

    def hold(self, scope: Scope, installation: Installation) -> bool:
        """Whether a message may be due that the device would show: then a config is not unchanged."""
        try:
            serving = self._parts.serving.current(scope)
        except Unavailable:
            return False
        if not serving.bundle.messages.campaigns:
            return False
        kept = self._parts.store.load(Person.of(scope, installation)).kept
        now = int(self._parts.clock())
        steps_on = bool(kept.journeying) and kept.due_at is not None and kept.due_at <= now
        if steps_on or is_considered(kept, serving, now):
            return True
        return any(_may_show(each, kept, serving, now) for each in kept.pending.waiting)

    def _looked(self, scope: Scope, installation: Installation) -> Looked | None:
        try:
            serving = self._parts.serving.current(scope)
        except Unavailable:
            return None
        if not serving.bundle.messages.campaigns or installation.signed_out or installation.suppressed:
            return None
        if Switch.MESSAGES in serving.pointer.kill:
            return None
        try:
            return self._decided(serving, installation)
        except (Gone, Unavailable) as error:
            _log.warning("no decision about messages", scope=str(scope), error=error.code)
            return None

    def _decided(self, serving: ServingSet, installation: Installation) -> Looked:
        scope, now = serving.scope, int(self._parts.clock())
        reserved = Reserved()
        for _ in range(_ATTEMPTS):
            person = Person.of(scope, installation)
            loaded = self._parts.store.load(person, installation.id)
            following = following_of(serving, installation)
            kept, unread = caught_up(
                self._parts, loaded.kept, serving, _sources(installation), now, following
            )
            stages = interests_of(serving.bundle.messages, journeys_of(serving)).stages
            if kept.waits or stages or is_considered(kept, serving, now):
                moment = self._moment(serving, installation, person, now)
                kept = staged_by(kept, moment)
                looked = looked_at(
                    self._parts, kept, moment, serving, installation, person, reserved, following
                )
            else:
                looked = Looked(Drawn(kept), {})
            following.recorded(looked.drawn.records)
            if not following.tally and not worth_keeping(loaded, looked.drawn, unread):
                return looked
            try:
                change = Change(loaded, looked.drawn.kept, looked.drawn.records)
                self._parts.store.write(change, now, self._parts.keep_until(scope, now))
            except VersionConflict:
                installation = self._parts.installations.reread(scope, installation.id)
                continue
            give_back(self._parts, person, reserved, looked.drawn.kept)
            self._parts.count(scope, following.tally)
            return looked
        raise Unavailable("the person's messages are being changed by others", code="BUSY")

    def _moment(self, serving: ServingSet, installation: Installation, person: Person, now: int) -> Moment:
        return self._parts.moment(serving, installation, person, now, present=True)


def caught_up(
    parts: Parts,
    kept: Kept,
    serving: ServingSet,
    sources: Iterable[str],
    now: int,
    following: Following,
) -> tuple[Kept, int]:
    """What is kept after everything in the logs of ``sources``, and how many records were read."""
    unread, sources = 0, tuple(sources)
    people = [Person.of_log(serving.scope, each) for each in sources]
    for source, whose in zip(sources, people, strict=True):
        while records := _after(parts, serving.scope, source, kept):
            unread += len(records)
            parts.promises.heard(serving, people, records, by_backend=whose.subject is not None)
            rules, fences = serving.bundle.messages, serving.fences
            now_ms, journeys = now * 1000, journeys_of(serving)
            kept = observed(kept, source, records, rules, fences, journeys, now_ms, following)
            if len(records) < _PAGE:
                break
    return _without_cancelled(kept, parts.called_off(serving.scope), now), unread


def _without_cancelled(kept: Kept, off: Sequence[Run], now: int) -> Kept:
    """What is kept with everything called off that runs triggered which were, also what is on its way."""
    if not off:
        return kept
    leaving = without_cancelled(Pending(tuple(each.waiting for each in kept.handing)), off, now).waiting
    pending = without_cancelled(kept.pending, off, now)
    return replace(kept, pending=pending, handing=on_their_way(kept.handing, leaving))


def staged_by(kept: Kept, moment: Moment) -> Kept:
    """What is kept once the lifecycle stage of the moment is known."""
    if not asks_for_stages(moment):
        return kept
    lifecycle = moment.attributes.get("lifecycle")
    stage = lifecycle.get("stage") if isinstance(lifecycle, Mapping) else None
    return staged(kept, stage, moment.rules, moment.journeys, moment.clock.now)


def looked_at(
    parts: Parts,
    kept: Kept,
    moment: Moment,
    serving: ServingSet,
    installation: Installation,
    person: Person,
    reserved: Reserved,
    following: Following,
) -> Looked:
    """Decide, and write what is shown; what cannot be said, or not at this pace, is decided without.

    ``reserved`` collects what was taken for messages, to be given back where nothing comes of it.
    """
    unwritable: dict[str, str] = {}
    learn = cache(partial(parts.learned, serving.scope, installation))
    kept = considered(kept, moment, serving)
    moment = offering(preferring(moment, kept, serving, learn), kept, serving, learn)
    moment = replace(moment, holds=told_to_wait(kept, moment) | put_off_before(kept, moment))
    while True:
        decided = drawn(kept, moment, following, unwritable)
        late = put_off(decided.shows, kept, moment, serving, learn)
        if late:
            kept = replace(kept, hours={**kept.hours, **late.hours})
            moment = replace(moment, holds={**moment.holds, **late.holds})
            continue
        paced = numbered(parts.pacing, decided.shows, moment, serving, reserved.tickets)
        if paced:
            moment = replace(moment, holds={**moment.holds, **paced})
            continue
        about = chosen(decided.shows, kept, serving, installation, learn, moment.clock.now)
        if about:
            kept = replace(kept, items={**kept.items, **about.items})
            unwritable |= about.nothing
            continue
        contents: dict[str, Mapping[str, Any]] = {}
        for show in decided.shows:
            occasion = occasion_of(show, moment, serving, installation, person)
            written = in_words(parts, occasion, reserved.offers)
            if isinstance(written, NotPromised) and (others := without_offer(moment, show)) is not None:
                moment = others
                break
            if isinstance(written, Unwritten):
                unwritable[show.message] = written.reason
                break
            contents[show.message] = written.content
        else:
            return Looked(_considered_again(decided, serving, moment.clock.now), contents)


def _considered_again(decided: Drawn, serving: ServingSet, now: int) -> Drawn:
    """With a look at when somebody is considered next, be it that they stay away."""
    kept = decided.kept
    instants = (kept.due_at, next_consideration(kept, serving, now))
    due_at = min((each for each in instants if each is not None), default=None)
    return decided if due_at == kept.due_at else replace(decided, kept=replace(kept, due_at=due_at))


def occasion_of(
    show: Show, moment: Moment, serving: ServingSet, installation: Installation, person: Person
) -> Occasion:
    """What the writer needs to know."""
    decision = show.decision
    return Occasion(
        serving,
        installation,
        person,
        moment.attributes,
        show.message,
        decision.campaign,
        decision.channel or "",
        moment.clock.now,
        show.item,
        decision.place,
        decision.offer,
        event=show.waiting.event,
    )


def in_words(parts: Parts, occasion: Occasion, reserved: set[str]) -> Written | Unwritten:
    """The message, with an offer reserved for it where it has one."""
    if occasion.offer is not None:
        promise = parts.promises.reserve(occasion)
        if isinstance(promise, Unwritten):
            return promise
        reserved.add(occasion.message)
        occasion = replace(occasion, code=promise.code, offer_until=promise.valid_until)
    return parts.writer.write(occasion)


def give_back(parts: Parts, person: Person, reserved: Reserved, kept: Kept) -> None:
    """Free what was reserved for messages that are not shown after all."""
    for message in reserved.offers.difference(kept.given):
        parts.promises.give_back(person, message)
    for message in reserved.tickets.keys() - set(kept.given):
        parts.pacing.give_back(reserved.tickets.pop(message))


def worth_keeping(loaded: Loaded, decided: Drawn, unread: int) -> bool:
    """Whether anything changed but how far the logs were read."""
    before, kept = loaded.kept, decided.kept
    if loaded.joined is not None or unread >= LAG or decided.records:
        return True
    same = replace(kept, heard=before.heard) == before
    fresh = loaded.version == ABSENT and replace(kept, heard={}, stage=None) == Kept()
    return not (same or fresh)


def decisions_json(looked: Looked) -> list[dict[str, Any]]:
    """What a device is told: each decision with its instants written out, and the message to show now.

    What was to be shown and cannot be is told of too, with its reason.
    """
    shown = {id(each.decision): each for each in looked.drawn.shows}
    told = []
    for each in looked.drawn.decisions:
        decision = _written_out(each.as_json())
        show = shown.get(id(each))
        told.append(decision if show is None else {**decision, "message": _message(show, looked)})
    told += [_unsaid(each.told) for each in looked.drawn.failed]
    return told[:MAX_TOLD]


def _unsaid(told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a message that is not said, as of the decisions."""
    return _written_out({name: told[name] for name in _TOLD_UNSAID if name in told})


def _message(show: Show, looked: Looked) -> dict[str, Any]:
    decision = show.decision
    told = {
        "id": show.message,
        "campaign": decision.campaign,
        "channel": decision.channel,
        "content": dict(looked.contents[show.message]),
        "place": decision.place,
        "offer": decision.offer,
        "silent": decision.silent or None,
        "expires_at": None if decision.expires_at is None else iso_utc(decision.expires_at),
    }
    return {name: value for name, value in told.items() if value is not None}


def _written_out(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: iso_utc(value) if name in _INSTANTS else value for name, value in told.items()}


def _may_show(waiting: Any, kept: Kept, serving: ServingSet, now: int) -> bool:
    campaign = serving.bundle.messages.campaigns.get(waiting.campaign)
    if campaign is None or ON_DEVICE.isdisjoint(campaign.channels):
        return False
    outcome, _, until = kept.told.get(trigger_name(waiting), "//").rpartition("/")
    return not (outcome.startswith("held/") and until.isdigit() and int(until) > now)


def _sources(installation: Installation) -> list[str]:
    """The logs that a request reads: the device's, and what the app's backend told of the person."""
    theirs = installation.belongs_to
    return [installation.id] if theirs is None else [installation.id, theirs.subject]


def _after(parts: Parts, scope: Scope, source: str, kept: Kept) -> list[LogRecord]:
    heard = kept.heard.get(source)
    return parts.log.consume(log_partition(scope, source), heard.position if heard else 0, limit=_PAGE)

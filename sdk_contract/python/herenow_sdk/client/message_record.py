"""What one installation keeps about messages: what waits, what was said, what it was lent.

What the server told replaces what the device knew; on top of it stands what the server cannot know yet:
events of beacons that still wait to be sent, and messages that were shown since (SPEC 11.13.4). It is one
record on disk. Nothing is changed in place, so that a state that could not be written can be given up for the
one before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.client import borrowing
from herenow_sdk.client.store import Store
from herenow_sdk.core.messages import Decision, MessageRules
from herenow_sdk.core.messages.identity import trigger_name
from herenow_sdk.core.messages.ledger import Sent, read_ledger
from herenow_sdk.core.messages.waiting import Pending, Waiting, observe, read_happening, read_pending

Json = Mapping[str, Any]
RECORD: Final = "messages"
MAX_LEFT: Final = 500
"""Triggers that were decided and left, as many as may wait: the server hears of it later."""
MAX_SEEN: Final = 200
MAX_GIVEN: Final = 50
MAX_EVENTS: Final = 1000
"""As many as the queue of beacons holds."""
MAX_TOLD: Final = 100
KNOWN_WITHIN_S: Final = 300
"""By how much the server's instant of a message may be before the device's: clocks, and the way."""
LEDGER_S: Final = 92 * 86_400
"""No cap counts further back."""


@dataclass(slots=True)
class MessageRecord:
    """The record of one installation. Its owner locks, and says what consent and kill switch allow."""

    store: Store
    identity: str
    state: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def opened(cls, store: Store, identity: str) -> MessageRecord:
        """What was kept, or nothing."""
        return cls(store, identity, store.read_json(RECORD, identity))

    def keep(self) -> bool:
        """Write the record, if the disk allows; whether it did."""
        return self.store.keep_json(RECORD, self.state, self.identity)

    def forget(self) -> None:
        """Know nothing of anybody."""
        self.state = {}
        self.store.delete(RECORD)

    def become(self, identity: str) -> None:
        """Belong to another installation from now on."""
        self.forget()
        self.identity = identity

    @property
    def pending(self) -> Pending:
        """What waits, and how far triggers of several steps are."""
        return read_pending(self.state)

    @property
    def person(self) -> str | None:
        """What the server makes ids of messages with."""
        told = self.state.get("person")
        return told if isinstance(told, str) else None

    @property
    def leases(self) -> Json | None:
        """What of the caps this device may spend, as it was told; ``None`` before it was told anything."""
        told = self.state.get("leases")
        return told if isinstance(told, Mapping) else None

    @property
    def lent_under(self) -> Any:
        """The serving set whose caps were lent of."""
        return self.state.get(borrowing.UNDER)

    def returning(self, now: int) -> list[dict[str, Any]]:
        """What to tell of leases that are over; closed on disk first, or nothing is told."""
        before = self.state
        self.state = {**before, **borrowing.given_back(before, now)}
        if self.state != before and not self.keep():
            self.state = before
            return []
        return self._list(borrowing.RETURNS)

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """What was said to the person: by the server's account, and here since."""
        told = read_ledger(self.state.get("ledger"))
        ours = (sent for sent in read_ledger([each.get("sent") for each in self._list("unsent")]))
        return [each.as_json() for each in (*told, *(sent for sent in ours if sent not in told))]

    def state_of(self, waiting: Iterable[Waiting]) -> dict[str, Any]:
        """The state that a decision about these triggers reads, without consent and kill switch."""
        triggers = [each.as_json() for each in waiting]
        return {"triggers": triggers, "ledger": self.ledger, "leases": self.leases or {}}

    def heard(self, rules: MessageRules, beacon: str, event: Json) -> None:
        """Take an event in, and remember it until the server has its beacon."""
        before = self.pending
        after = _observed(rules, before, event)
        events = [*self._list("events"), {"beacon": beacon, "event": dict(event)}][-MAX_EVENTS:]
        self._become(after, events=events, items=self._items(before, after, event))

    def lent(
        self,
        rules: MessageRules,
        told: Any,
        queued: frozenset[str],
        showing: frozenset[str],
        under: Any = None,
    ) -> None:
        """Take the server's account; it lacks the beacons ``queued``, messages ``showing`` in them.

        ``under`` is the serving set that it was made by.
        """
        if not isinstance(told, Mapping):
            return
        known = read_ledger(told.get("ledger"))
        events = [each for each in self._list("events") if each.get("beacon") in queued]
        pending = read_pending(told)
        for each in events:
            pending = _observed(rules, pending, each.get("event"))
        unsent = [
            each
            for each in self._list("unsent")
            if each.get("message") in showing or not _is_known(each.get("sent"), known)
        ]
        self.state = {
            **self.state,
            "ledger": [each.as_json() for each in known],
            **borrowing.taken(self.state, told.get("leases"), under),
            "person": told.get("person"),
            "unsent": unsent,
        }
        self._become(pending, events=events)

    def given(self, messages: Iterable[Any]) -> bool:
        """Take messages that the server decided; whether any is new. One of an id counts once."""
        held = self._list("given")
        known = {*self._seen(), *(each["id"] for each in held)}
        fresh = [dict(each) for each in messages if _is_message(each) and each["id"] not in known]
        if fresh:
            self.state = {**self.state, "given": [*held, *fresh][-MAX_GIVEN:]}
        return bool(fresh)

    def waiting_messages(self) -> list[dict[str, Any]]:
        """Messages that the server decided and that were not shown yet, the oldest first."""
        return self._list("given")

    def drop_given(self, message: str) -> None:
        """A message of the server's is not shown any more."""
        self.state = {**self.state, "given": [each for each in self._list("given") if each["id"] != message]}

    def leave(self, waiting: Iterable[Waiting]) -> None:
        """These triggers were decided for good, whatever the server still thinks of them."""
        gone = [trigger_name(each) for each in waiting]
        if not gone:
            return
        self.state = {**self.state, "left": [*self._texts("left"), *gone][-MAX_LEFT:]}
        self._become(self.pending)

    def spent(self, message: str, sent: Sent, out_of: Iterable[str] = ()) -> None:
        """A message counts as said from now on, paid out of the leases of these rules."""
        oldest = sent.at - LEDGER_S
        kept = [each for each in self._list("unsent") if _instant(each.get("sent")) >= oldest]
        unsent = [*kept, {"message": message, "sent": sent.as_json()}]
        self.state = {**self.state, "unsent": unsent, **borrowing.paid(self.state, out_of)}

    def saw(self, message: str, about: Json) -> None:
        """A message was shown here: no other of its id is, and what becomes of it can be told."""
        seen = [*self._list("seen"), {"id": message, **about}]
        self.state = {**self.state, "seen": seen[-MAX_SEEN:]}
        self.drop_given(message)

    def about(self, message: str) -> Json | None:
        """What is told beside an id; ``None`` of a message that was not seen here."""
        found = next((each for each in self._list("seen") if each.get("id") == message), None)
        return None if found is None else {name: value for name, value in found.items() if name != "id"}

    def has_seen(self, message: str) -> bool:
        """Whether a message of the id was shown."""
        return message in self._seen()

    def item(self, waiting: Waiting) -> str | None:
        """What the event of a trigger was about."""
        items = self.state.get("items")
        found = items.get(trigger_name(waiting)) if isinstance(items, Mapping) else None
        return found if isinstance(found, str) else None

    def explain(self, decisions: Iterable[Decision], now: int) -> None:
        """Remember why, once for as long as it stays so."""
        told = self._list("told")
        for each in decisions:
            decided = each.as_json()
            if not any(_same(decided, earlier) for earlier in told):
                told = [*told, {"decided_at": now, **decided}]
        if told:
            self.state = {**self.state, "told": told[-MAX_TOLD:]}

    @property
    def told(self) -> list[dict[str, Any]]:
        """What was decided and why, the latest last."""
        return self._list("told")

    def arm(self, pairs: Iterable[tuple[str, str]]) -> None:
        """The system says these by itself: campaigns at places."""
        self.state = {**self.state, "armed": [list(each) for each in pairs]}

    def is_armed(self, campaign: str, place: str | None) -> bool:
        """Whether the system says it by itself."""
        armed = self.state.get("armed")
        return isinstance(armed, list) and [campaign, place] in armed

    def forget_behavior(self) -> None:
        """What was triggered by behaviour is gone with the consent to it (SPEC 16.3.1)."""
        kept = tuple(each for each in self.pending.waiting if each.place is not None)
        self._forget(Pending(kept), lambda event: event.get("transition") is not None)

    def forget_places(self) -> None:
        """What was triggered by places is gone with the consent to them."""
        kept = tuple(each for each in self.pending.waiting if each.place is None)
        self._forget(Pending(kept, self.pending.progress), lambda event: event.get("transition") is None)

    def forget_given(self) -> None:
        """What the server wrote for this person is gone with its answers."""
        self.state = {**self.state, "given": []}
        self.keep()

    def _forget(self, pending: Pending, stays: Callable[[Json], bool]) -> None:
        events = [each for each in self._list("events") if stays(each.get("event") or {})]
        self._become(pending, events=events)
        self.keep()

    def _become(self, pending: Pending, **members: Any) -> None:
        """What waits from now on, without what has left already."""
        left = set(self._texts("left"))
        waiting = [each for each in pending.waiting if trigger_name(each) not in left]
        names = {trigger_name(each) for each in waiting}
        items = members.pop("items", self.state.get("items") or {})
        self.state = {
            **self.state,
            **members,
            "triggers": [each.as_json() for each in waiting],
            "progress": {name: list(steps) for name, steps in pending.progress.items()},
            "items": {name: item for name, item in items.items() if name in names},
        }

    def _items(self, before: Pending, after: Pending, event: Json) -> dict[str, Any]:
        items = dict(self.state.get("items") or {})
        properties = event.get("properties")
        item = properties.get("item") if isinstance(properties, Mapping) else None
        if isinstance(item, str):
            known = set(before.waiting)
            items |= {trigger_name(each): item for each in after.waiting if each not in known}
        return items

    def _seen(self) -> set[str]:
        return {each["id"] for each in self._list("seen") if isinstance(each.get("id"), str)}

    def _list(self, name: str) -> list[dict[str, Any]]:
        told = self.state.get(name)
        return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []

    def _texts(self, name: str) -> list[str]:
        told = self.state.get(name)
        return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []


def _observed(rules: MessageRules, pending: Pending, event: Any) -> Pending:
    happened = read_happening(event)
    return pending if happened is None else observe(rules, pending, happened)


def _is_known(sent: Any, ledger: Iterable[Sent]) -> bool:
    """Whether the server counts the message: of the campaign it knows one as late as ours."""
    if not isinstance(sent, Mapping):
        return True
    earliest = _instant(sent) - KNOWN_WITHIN_S
    return any(each.campaign == sent.get("campaign") and each.at >= earliest for each in ledger)


def _instant(sent: Any) -> int:
    at = sent.get("at") if isinstance(sent, Mapping) else None
    return at if isinstance(at, int) else 0


def _same(decided: Json, earlier: Json) -> bool:
    return all(earlier.get(name) == value for name, value in decided.items())


def _is_message(told: Any) -> bool:
    return (
        isinstance(told, Mapping)
        and all(isinstance(told.get(name), str) for name in ("id", "campaign", "channel"))
        and isinstance(told.get("content"), Mapping)
    )

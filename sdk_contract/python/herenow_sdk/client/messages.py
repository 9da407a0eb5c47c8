"""What is said to the person: asked for at the moment of display, decided there and then, offline as well.

``Herenow.messages`` is one of these. The app asks what is due whenever it has room to show something, and
tells what became of it. As everything an app may call, no method raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.client.device import Device
from herenow_sdk.client.message_record import MessageRecord
from herenow_sdk.client.occasion import ON_DEVICE, Occasion
from herenow_sdk.client.proximity import On, Record
from herenow_sdk.client.surroundings import Region
from herenow_sdk.core.device.instants import read_instant
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.messages import Decision
from herenow_sdk.core.messages.arbitration import SLOTS
from herenow_sdk.core.messages.decision import WAITING
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.place.hours import ALWAYS
from herenow_sdk.core.place.shapes import Circle
from herenow_sdk.core.reasons import MessageFault, MessageOutcome

Json = Mapping[str, Any]
_BESIDE: Final = ("campaign", "channel", "place", "offer")


@dataclass(frozen=True, slots=True)
class Message:
    """A message to show now. ``content`` has ``title``, ``body`` …; ``expires_at`` is epoch seconds."""

    id: str
    campaign: str
    channel: str
    content: Json
    place: str | None = None
    offer: str | None = None
    silent: bool = False
    expires_at: int | None = None

    @property
    def slot(self) -> str:
        """Where it is shown: ``screen`` or ``notification``."""
        return SLOTS[self.channel]

    def about(self) -> dict[str, Any]:
        """What beacons tell of it beside its id."""
        return {name: getattr(self, name) for name in _BESIDE if getattr(self, name) is not None}


@dataclass(frozen=True, slots=True)
class Armed:
    """A notification that the operating system may show by itself when the region is entered or left."""

    campaign: str
    place: str
    transition: str
    region: Region
    content: Json


class Messages:
    """The messages of one device."""

    def __init__(self, on: On, record: Record) -> None:
        self._on = on
        self._record = record
        self._ask_again_at: int | None = None

    def due(self, slot: str | None = None) -> tuple[Message, ...]:
        """What to show now, at most one for each slot (``screen``, ``notification``), or for that one.

        Call it when it can be shown at once: what is answered counts as shown, and is on disk as such.
        """
        slots = frozenset(SLOTS[each] for each in ON_DEVICE)
        wanted = slots if slot is None else slots & {slot}
        return self._on(lambda device: self._due(device, wanted), ())

    @property
    def ask_again_at(self) -> int | None:
        """When something that is held may be due (epoch seconds by the device's clock); ask then, too."""
        return self._on(self._next, None)

    def why(self) -> tuple[Json, ...]:
        """What this device decided of late, the latest last: campaign, outcome, reason, instants."""
        return self._on(lambda device: tuple(device.messages.told), ())

    def opened(self, message: str) -> None:
        """The person opened it."""
        self._became(message, "opened")

    def dismissed(self, message: str) -> None:
        """The person put it away."""
        self._became(message, "dismissed")

    def acted(self, message: str, action: str | None = None) -> None:
        """The person chose a button of it, or what it leads to."""
        self._became(message, "acted", {} if action is None else {"action": action})

    def pushed(self, message: str, campaign: str | None = None) -> bool:
        """Say that a push came, with the id and the campaign in it; whether to show it.

        Not one that was shown already, in whatever way; and what waits of its campaign is not said beside it.
        """
        return self._on(lambda device: self._pushed(device, message, campaign), default=True)

    def armed(self) -> tuple[Armed, ...]:
        """All notifications to arm with the system now, and no others: take back what is not among them.

        Ask again whenever regions are registered anew, and after ``fired``.
        """
        return self._on(_armed, ())

    def fired(self, campaign: str, place: str) -> None:
        """The system has shown an armed notification by itself."""
        self._on(lambda device: self._fired(device, campaign, place), None)

    def _due(self, device: Device, wanted: frozenset[str]) -> tuple[Message, ...]:
        if Switch.MESSAGES in device.rules.killed:
            return ()
        record = device.messages
        before = record.state
        given = list(_given(device, wanted))
        ours, silently = self._decided(device, wanted - {each.slot for each in given})
        shown = (*given, *ours)
        for each in (*shown, *silently):
            record.saw(each.id, each.about())
        if record.state != before and not record.keep() and (shown or silently):
            record.state = before  # what the disk does not know would be said again after a crash
            return ()
        for each in (*shown, *silently):
            self._tell(device, "shown", {**each.about(), "message": each.id})
        return shown

    def _decided(self, device: Device, free: frozenset[str]) -> tuple[list[Message], list[Message]]:
        """Of what waits: messages to show in the free slots, and those that the system has shown."""
        occasion, record = Occasion.of(device), device.messages
        if occasion is None:
            return [], []
        decided, said = _in_words(device, occasion, free)
        left = [each for each, decision in decided if _is_over(decision, free)]
        record.leave(left)
        now = occasion.clock.now
        record.explain((each for _, each in decided), now)
        untils = [each.until for _, each in decided if each.until is not None]
        self._ask_again_at = min(untils, default=None)
        for message, decision in said:
            sent = decision.sent(occasion.rules.campaigns[message.campaign], now)
            record.spent(message.id, sent, occasion.pays(record, sent))
        by_system = {each.id for each, _ in said if record.is_armed(each.campaign, each.place)}
        messages = [each for each, _ in said]
        shown = [each for each in messages if each.id not in by_system]
        return shown, [each for each in messages if each.id in by_system]

    def _next(self, device: Device) -> int | None:
        at = self._ask_again_at
        return None if at is None else at - (device.now - device.device_now)

    def _became(self, message: str, name: str, more: Json | None = None) -> None:
        def told(device: Device) -> None:
            about = device.messages.about(message) or {}
            self._record(device, "message", name, {**about, "message": message, **(more or {})})

        self._on(told, None)

    def _pushed(self, device: Device, message: str, campaign: str | None) -> bool:
        record, now = device.messages, device.now
        if record.has_seen(message):
            return False
        about = {"channel": "push"} | ({} if campaign is None else {"campaign": campaign})
        record.saw(message, about)
        if campaign is not None:
            record.leave(
                each for each in record.pending.waiting if each.campaign == campaign and each.at <= now
            )
            record.spent(message, _sent(device, campaign, "push", now))
        record.keep()
        self._tell(device, "delivered", {**about, "message": message})
        return True

    def _fired(self, device: Device, campaign: str, place: str) -> None:
        occasion, record = Occasion.of(device), device.messages
        if occasion is None or not record.is_armed(campaign, place):
            return
        theirs = [each for each in record.pending.waiting if (each.campaign, each.place) == (campaign, place)]
        waiting = theirs[0] if theirs else Waiting(campaign, occasion.clock.now, place=place)
        message = Message(occasion.message(record, waiting), campaign, "local_notification", {}, place)
        if record.has_seen(message.id):
            return
        record.leave([waiting])
        sent = _sent(device, campaign, message.channel, occasion.clock.now, place)
        record.spent(message.id, sent, occasion.pays(record, sent))
        record.saw(message.id, message.about())
        record.keep()
        self._tell(device, "shown", {**message.about(), "message": message.id})

    def _tell(self, device: Device, name: str, properties: Json) -> None:
        with suppress(OSError):  # it waits in memory then; what was said is on disk
            self._record(device, "message", name, properties)


def _given(device: Device, wanted: frozenset[str]) -> Iterator[Message]:
    """Of the messages that the server decided, the first for each slot; what is over is dropped."""
    taken: set[str] = set()
    for told in device.messages.waiting_messages():
        channel, ends = told["channel"], read_instant(told.get("expires_at"))
        over = ends is not None and ends // 1000 <= device.now
        if over or channel not in ON_DEVICE or device.consent.get(channel) == "denied":
            device.messages.drop_given(told["id"])
        elif SLOTS[channel] in wanted - taken:
            taken.add(SLOTS[channel])
            yield _message(told, None if ends is None else ends // 1000)


def _message(told: Json, expires_at: int | None) -> Message:
    place, offer = told.get("place"), told.get("offer")
    return Message(
        told["id"],
        told["campaign"],
        told["channel"],
        told["content"],
        place if isinstance(place, str) else None,
        offer if isinstance(offer, str) else None,
        told.get("silent") is True,
        expires_at,
    )


def _in_words(
    device: Device, occasion: Occasion, free: frozenset[str]
) -> tuple[list[tuple[Waiting, Decision]], list[tuple[Message, Decision]]]:
    """Every decision, and the messages to show. What cannot be said leaves, and the rest is decided again."""
    record = device.messages
    while True:
        record.leave(_repeated(record, occasion))
        waiting = [each for each in record.pending.waiting if occasion.concerns(each)]
        decided = occasion.decide(record, waiting)
        said: list[tuple[Message, Decision]] = []
        for each, decision in decided:
            if not _is_shown(decision, free):
                continue
            content = occasion.words(each, record.item(each), decision.offer)
            if isinstance(content, MessageFault):
                device.settings.diagnostics(content.value, {"messages": 1})
                record.leave([each])
                break
            said.append((_worded(occasion.message(record, each), decision, content), decision))
        else:
            return decided, said


def _repeated(record: MessageRecord, occasion: Occasion) -> list[Waiting]:
    """What was shown already under the id of the trigger, by whatever way it came."""
    return [
        each
        for each in record.pending.waiting
        if occasion.concerns(each) and record.has_seen(occasion.message(record, each))
    ]


def _worded(message: str, decision: Decision, content: Json) -> Message:
    return Message(
        message,
        decision.campaign,
        decision.channel or "",
        content,
        decision.place,
        decision.offer,
        decision.silent,
        decision.expires_at,
    )


def _is_shown(decision: Decision, free: frozenset[str]) -> bool:
    return decision.outcome is MessageOutcome.SHOW and SLOTS.get(decision.channel or "") in free


def _is_over(decision: Decision, free: frozenset[str]) -> bool:
    """Whether the trigger leaves: it was decided, and not for a slot that nobody asked about."""
    if decision.outcome is MessageOutcome.SHOW:
        return _is_shown(decision, free)
    return decision.outcome not in WAITING


def _sent(device: Device, campaign: str, channel: str, now: int, place: str | None = None) -> Sent:
    """The entry for a message that others showed; of a campaign that is not known, without its tags."""
    bundle = device.message_bundle
    known = bundle.messages.campaigns.get(campaign) if bundle else None
    tags = tuple(sorted(known.tags)) if known else ()
    return Sent(campaign, now, (channel,), tags, place, None, known.ignore_caps if known else False)


def _armed(device: Device) -> tuple[Armed, ...]:
    occasion, record = Occasion.of(device), device.messages
    found: list[Armed] = []
    if occasion is not None and Switch.MESSAGES not in device.rules.killed:
        for campaign in occasion.rules.campaigns.values():
            if occasion.can_say(campaign) and not occasion.obstacles(record, campaign):
                found += _armed_at(device, occasion, campaign)
    record.arm((each.campaign, each.place) for each in found)
    record.keep()
    return tuple(found)


def _armed_at(device: Device, occasion: Occasion, campaign: Campaign) -> Iterator[Armed]:
    """The campaign at each of its places that the system watches as it is: a circle, open at all hours."""
    place = campaign.trigger.place if campaign.trigger else None
    if place is None:
        return
    for name in device.surroundings.watched:
        fence = occasion.fences.get(name)
        if fence is None or not isinstance(fence.shape, Circle) or fence.hours != ALWAYS:
            continue
        if place.fence not in (None, name) or not (place.group is None or place.group in fence.groups):
            continue
        content = occasion.words(Waiting(campaign.id, occasion.clock.now, place=name), None, None)
        if not isinstance(content, MessageFault):
            region = Region(name, *fence.shape.middle, fence.shape.radius_m)
            yield Armed(campaign.id, name, place.transition, region, content)

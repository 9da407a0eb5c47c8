"""What is said to the person: asked for at the moment of display, decided there and then, offline as well.

``Herenow.messages`` is one of these. The app asks what is due whenever it has room to show something, and
tells what became of it. As everything an app may call, no method raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from herenow_sdk.client.arming import Armed, armed
from herenow_sdk.client.device import Device
from herenow_sdk.client.message import Message
from herenow_sdk.client.occasion import ON_DEVICE, Occasion
from herenow_sdk.client.proximity import On, Record
from herenow_sdk.client.saying import given_messages, in_words, is_over, sent_by_others
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.messages.arbitration import SLOTS
from herenow_sdk.core.messages.waiting import Waiting

Json = Mapping[str, Any]


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
        return self._on(armed, ())

    def fired(self, campaign: str, place: str) -> None:
        """The system has shown an armed notification by itself."""
        self._on(lambda device: self._fired(device, campaign, place), None)

    def _due(self, device: Device, wanted: frozenset[str]) -> tuple[Message, ...]:
        if Switch.MESSAGES in device.rules.killed:
            return ()
        record = device.messages
        before = record.state
        given = list(given_messages(device, wanted))
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
        decided, said = in_words(device, occasion, free)
        left = [each for each, decision in decided if is_over(decision, free)]
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
            record.spent(message, sent_by_others(device, campaign, "push", now))
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
        sent = sent_by_others(device, campaign, message.channel, occasion.clock.now, place)
        record.spent(message.id, sent, occasion.pays(record, sent))
        record.saw(message.id, message.about())
        record.keep()
        self._tell(device, "shown", {**message.about(), "message": message.id})

    def _tell(self, device: Device, name: str, properties: Json) -> None:
        with suppress(OSError):  # it waits in memory then; what was said is on disk
            self._record(device, "message", name, properties)

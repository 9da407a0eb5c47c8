"""What is said of what waits: the server's messages as they came, ours decided and in words.

Nothing here shows anything, or keeps what was shown: that is ``Messages``'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from herenow_sdk.client.device import Device
from herenow_sdk.client.message import Message
from herenow_sdk.client.message_record import MessageRecord
from herenow_sdk.client.occasion import ON_DEVICE, Occasion
from herenow_sdk.core.device.instants import read_instant
from herenow_sdk.core.messages import Decision
from herenow_sdk.core.messages.arbitration import SLOTS
from herenow_sdk.core.messages.decision import WAITING
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageFault, MessageOutcome

Json = Mapping[str, Any]


def given_messages(device: Device, wanted: frozenset[str]) -> Iterator[Message]:
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


def in_words(
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
            content = occasion.words(each, record.item(each), decision.offer, decision.channel)
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


def is_over(decision: Decision, free: frozenset[str]) -> bool:
    """Whether the trigger leaves: it was decided, and not for a slot that nobody asked about."""
    if decision.outcome is MessageOutcome.SHOW:
        return _is_shown(decision, free)
    return decision.outcome not in WAITING


def sent_by_others(device: Device, campaign: str, channel: str, now: int, place: str | None = None) -> Sent:
    """The entry for a message that others showed; of a campaign that is not known, without its tags."""
    bundle = device.message_bundle
    known = bundle.messages.campaigns.get(campaign) if bundle else None
    tags = tuple(sorted(known.tags)) if known else ()
    return Sent(campaign, now, (channel,), tags, place, None, known.ignore_caps if known else False)

"""The moment at which a device decides about messages: its rules, the person now, the words for it.

Everything is the contract's core; here is only what goes in. The same path as for features: context as it may
be sent, profile as the server told it, the clock by the server's time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.client.device import Device
from herenow_sdk.client.local_time import stated_zone, with_local_time
from herenow_sdk.client.message_record import MessageRecord
from herenow_sdk.core.evaluate import prepare
from herenow_sdk.core.messages import Decision, LocalClock, MessageRules, decide_messages
from herenow_sdk.core.messages.arming import arming_obstacles
from herenow_sdk.core.messages.caps import paying
from herenow_sdk.core.messages.identity import message_id
from herenow_sdk.core.messages.leases import read_leases
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.narrowing import narrowed
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.messages.wording import Content, in_locale, locale_chain, worded
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.reasons import MessageFault

ON_DEVICE: Final = ("in_app", "local_notification")
"""Channels that a device shows itself."""
_CHANNELS: Final = frozenset(ON_DEVICE)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What decisions of one moment read beside the record."""

    rules: MessageRules
    attributes: Json
    consent: Mapping[str, str]
    clock: LocalClock
    kill: tuple[str, ...]
    installation: str
    locale: Any
    fences: Mapping[str, Fence]
    items: Mapping[str, Json]
    serving_set: Any = None

    @classmethod
    def of(cls, device: Device) -> Occasion | None:
        """The moment of a device; ``None`` where it does not decide about messages by itself."""
        bundle = device.message_bundle
        if bundle is None:
            return None
        person, now = device.person, device.now
        context = with_local_time(person.context, person.home_zone, now)
        said = {each: is_so for each, is_so in person.consent.items() if is_so != "unknown"}
        return cls(
            bundle.messages,
            prepare(bundle, context, person.profile, person.state, now).attributes,
            {**said, **device.stated},
            LocalClock(now, stated_zone(person.context, now)),
            tuple(sorted(person.killed)),
            device.installation.id,
            person.context.get("locale"),
            device.fences,
            device.items,
            device.serving_set,
        )

    def pays(self, record: MessageRecord, sent: Sent) -> tuple[str, ...]:
        """The rules of the leases that a message is paid out of.

        Rules are named by position: of a release with other caps than those that were lent, out of all.
        """
        held = read_leases(record.leases).held
        same = record.lent_under == self.serving_set
        return paying(self.rules.caps, held, sent) if same else tuple(held)

    def concerns(self, waiting: Waiting) -> bool:
        """Whether this device decides about the trigger: it can say the campaign, without the server."""
        campaign = self.rules.campaigns.get(waiting.campaign)
        return campaign is not None and self.can_say(campaign)

    def can_say(self, campaign: Campaign) -> bool:
        """Whether the campaign has a channel of this device's, and needs nothing of the server's."""
        return campaign.alone and not set(ON_DEVICE).isdisjoint(campaign.channels)

    def decide(self, record: MessageRecord, waiting: Sequence[Waiting]) -> list[tuple[Waiting, Decision]]:
        """What becomes of each of these triggers now."""
        state = {**record.state_of(waiting), "consent": dict(self.consent), "kill": list(self.kill)}
        decided = decide_messages(narrowed(self.rules, _CHANNELS), self.attributes, state, self.clock)
        return list(zip(waiting, decided.decisions, strict=True))

    def obstacles(self, record: MessageRecord, campaign: Campaign) -> list[str]:
        """What forbids arming the campaign with the system (SPEC 11.12)."""
        state = {**record.state_of(()), "consent": dict(self.consent), "kill": list(self.kill)}
        return arming_obstacles(self.rules, campaign, self.attributes, state)

    def words(
        self, waiting: Waiting, item: str | None, offer: str | None, channel: str | None
    ) -> Content | MessageFault:
        """The message in the person's language and for the channel, filled in; or why it cannot be said."""
        locales = locale_chain(self.locale, self.rules.policy.locales)
        names = {
            **self.attributes,
            "item": self._item(item),
            "place": self._place(waiting.place),
            "offer": self._offer(offer, locales),
            "event": waiting.event,
        }
        return worded(self.rules.campaigns[waiting.campaign].wording, locales, names, channel)

    def message(self, record: MessageRecord, waiting: Waiting) -> str:
        """The id of what the trigger says."""
        return message_id(record.person or self.installation, waiting)

    def _item(self, name: str | None) -> Json | None:
        """The fields of an item that is on a page at hand; of another only its id."""
        return None if name is None else {"id": name, **self.items.get(name, {})}

    def _place(self, name: str | None) -> Json | None:
        if name is None:
            return None
        fence = self.fences.get(name)
        told = {} if fence is None or fence.name is None else {"name": fence.name}
        return {"id": name, **told, **self.items.get(name, {})}

    def _offer(self, name: str | None, locales: Sequence[str]) -> Json | None:
        offer = self.rules.offers.get(name or "")
        return None if offer is None else {**offer.told, "text": in_locale(offer.told.get("text"), locales)}

"""What is decided about messages, as it is kept, sent and explained. Specification: 11.11."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.checks import Check
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.reasons import MessageOutcome, MessageReason

WAITING: Final = frozenset({MessageOutcome.HELD, MessageOutcome.OUTRANKED})
"""The outcomes after which a trigger stays in ``state.triggers``; every other one removes it."""


Asked = tuple[str, bool, Mapping[str, Any]]
"""A check before anybody wants to see it: its name, the answer, the values."""


def _nothing_asked() -> Sequence[Asked]:
    return ()


@dataclass(slots=True)
class Decision:
    """What becomes of one waiting campaign now, and why.

    ``until`` is when to ask again; ``channel``, ``offer`` and ``silent`` say how it is shown. Instants in
    epoch seconds. ``asked`` asks everything once more, for an explanation.

    Nobody changes one. It is not declared frozen because a frozen one takes six times as long to make, and a
    decision over hundreds of campaigns makes hundreds.
    """

    campaign: str
    at: int
    outcome: MessageOutcome
    reason: MessageReason
    place: str | None = None
    args: Mapping[str, Any] = field(default_factory=dict)
    until: int | None = None
    channel: str | None = None
    offer: str | None = None
    silent: bool = False
    expires_at: int | None = None
    asked: Callable[[], Sequence[Asked]] = field(default=_nothing_asked, compare=False, repr=False)

    @property
    def checks(self) -> tuple[Check, ...]:
        """Everything asked on the way, in order; the last one decided."""
        return tuple(
            Check(name, passed, f"campaigns/{self.campaign}", detail) for name, passed, detail in self.asked()
        )

    def as_json(self) -> dict[str, Any]:
        """``{"campaign", "at", "outcome", "reason", …}``; members that say nothing are left out."""
        told: dict[str, Any] = {
            "campaign": self.campaign,
            "at": self.at,
            "outcome": self.outcome.value,
            "reason": self.reason.value,
        }
        if self.args:
            told["args"] = dict(self.args)
        if self.silent:
            told["silent"] = True
        if self.place is not None:
            told["place"] = self.place
        if self.until is not None:
            told["until"] = self.until
        if self.channel is not None:
            told["channel"] = self.channel
        if self.offer is not None:
            told["offer"] = self.offer
        if self.expires_at is not None:
            told["expires_at"] = self.expires_at
        return told

    def sent(self, campaign: Campaign, now: int) -> Sent:
        """The entry for the ledger when it is shown now."""
        channels = () if self.channel is None else (self.channel,)
        tags = tuple(sorted(campaign.tags))
        return Sent(self.campaign, now, channels, tags, self.place, self.offer, campaign.ignore_caps)


@dataclass(frozen=True, slots=True)
class MessageDecisions:
    """One decision for every waiting trigger, in the order of ``state.triggers``."""

    decisions: tuple[Decision, ...] = ()

    @property
    def shown(self) -> Iterator[Decision]:
        """What is shown now, at most one for each slot."""
        return (each for each in self.decisions if each.outcome is MessageOutcome.SHOW)

    @property
    def ask_again_at(self) -> int | None:
        """The earliest instant at which what is held may be decided otherwise."""
        return min((each.until for each in self.decisions if each.until is not None), default=None)

    def as_json(self) -> dict[str, Any]:
        """``{"decisions": […], "ask_again_at"?}``."""
        told: dict[str, Any] = {"decisions": [each.as_json() for each in self.decisions]}
        return told if self.ask_again_at is None else told | {"ask_again_at": self.ask_again_at}

"""What was said to this person: the record that caps, re-eligibility and the cool-down read.

``state.ledger`` is an array of ``{"campaign", "channels", "tags", "at", "place"?, "offer"?,
"ignore_caps"?}``: one
entry a message, whatever number of channels it took, with the tags its campaign had when it was sent.
Specification: 11.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.values import is_array, is_truthy
from herenow_sdk.core.zones import is_instant

MAX_ENTRIES: Final = 1000
"""Of a longer ledger the last ones count."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that was shown or handed off, ``at`` epoch seconds."""

    campaign: str
    at: int
    channels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    place: str | None = None
    offer: str | None = None
    ignore_caps: bool = False

    def as_json(self) -> dict[str, Any]:
        """The entry as it is kept; members that say nothing are left out."""
        told: dict[str, Any] = {"campaign": self.campaign, "channels": list(self.channels), "at": self.at}
        told |= {"tags": list(self.tags)} if self.tags else {}
        told |= {"place": self.place} if self.place is not None else {}
        told |= {"offer": self.offer} if self.offer is not None else {}
        return told | ({"ignore_caps": True} if self.ignore_caps else {})


def read_ledger(raw: Any) -> tuple[Sent, ...]:
    """The entries, oldest first; one without a campaign or an instant is passed over alone."""
    entries = raw[-MAX_ENTRIES:] if is_array(raw) else ()
    return tuple(sorted(filter(None, map(_sent, entries)), key=lambda sent: sent.at))


def by_campaign(ledger: Iterable[Sent]) -> dict[str, tuple[Sent, ...]]:
    """The entries of every campaign, in their order."""
    found: dict[str, list[Sent]] = {}
    for sent in ledger:
        found.setdefault(sent.campaign, []).append(sent)
    return {campaign: tuple(entries) for campaign, entries in found.items()}


def last_of(ledger: Iterable[Sent], campaign: str) -> int | None:
    """When this campaign was last shown."""
    return max((sent.at for sent in ledger if sent.campaign == campaign), default=None)


def _sent(raw: Any) -> Sent | None:
    if (
        not isinstance(raw, Mapping)
        or not isinstance(raw.get("campaign"), str)
        or not is_instant(raw.get("at"))
    ):
        return None
    return Sent(
        raw["campaign"],
        int(raw["at"]),
        _texts(raw.get("channels")),
        _texts(raw.get("tags")),
        _text(raw.get("place")),
        _text(raw.get("offer")),
        is_truthy(raw.get("ignore_caps")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if is_array(value) else ()

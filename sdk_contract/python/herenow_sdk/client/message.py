"""A message that is shown now, and what beacons tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.messages.arbitration import SLOTS

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

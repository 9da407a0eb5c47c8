"""Letters: what leaves the server for a phone's notifications or somebody's mail, as it arrives there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """One message at one address. Instants in epoch seconds; ``code`` is that of its offer."""

    at: float
    channel: str
    to: str
    message: str
    campaign: str
    text: str
    expires_at: float
    unsubscribe: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message that reached somebody: on which of their installations, when, how, and what it gave away."""

    person: int
    installation: str
    at: float
    campaign: str
    channel: str
    message: str
    place: str | None = None
    code: str = ""


def said_by_phone(person: int, installation: str, at: float, message: Mapping[str, Any]) -> Said:
    """A message that the server gave to the app itself."""
    return Said(
        person,
        installation,
        at,
        message["campaign"],
        message["channel"],
        message["id"],
        message.get("place"),
        str(message["content"].get("code", "")),
    )

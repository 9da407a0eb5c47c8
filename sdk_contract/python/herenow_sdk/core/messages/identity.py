"""What tells one waiting trigger, and the message it leads to, from every other. Specification: 11.11.5."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from herenow_sdk.core.messages.waiting import Waiting

_LENGTH: Final = 32


def trigger_name(waiting: Waiting) -> str:
    """What tells a waiting trigger from every other of the same person."""
    return f"{waiting.campaign}#{waiting.at}#{waiting.place or ''}"


def message_id(person: str, waiting: Waiting) -> str:
    """The id of what one trigger says to one person: the same on every host, however often it is tried."""
    return sha256(f"{person}|{trigger_name(waiting)}".encode()).hexdigest()[:_LENGTH]

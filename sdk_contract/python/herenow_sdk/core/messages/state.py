"""What a decision about messages reads of a state: what waits, what was said, what is lent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from herenow_sdk.core.kill import Switch, killed
from herenow_sdk.core.messages.leases import Leases, read_leases
from herenow_sdk.core.messages.ledger import Sent, read_ledger
from herenow_sdk.core.messages.waiting import Waiting, read_waiting


@dataclass(frozen=True, slots=True)
class MessageState:
    """The members of a state, read; a host that keeps them so need not write and read them for a decision.

    ``consent`` is what the person stated, as a state has it; ``off`` says that messages are switched off.
    """

    waiting: tuple[Waiting, ...] = ()
    ledger: tuple[Sent, ...] = ()
    leases: Leases = field(default_factory=Leases)
    consent: Any = None
    off: bool = False


def read_state(raw: Any) -> MessageState:
    """The members out of JSON; what cannot be read is passed over alone. Never raises."""
    source = raw if isinstance(raw, Mapping) else {}
    return MessageState(
        read_waiting(source.get("triggers")),
        read_ledger(source.get("ledger")),
        read_leases(source.get("leases")),
        source.get("consent"),
        Switch.MESSAGES in killed(source),
    )

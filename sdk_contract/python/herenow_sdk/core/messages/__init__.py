"""Messages: which may be shown now, and why not the others. Specification: chapter 11."""

from __future__ import annotations

from herenow_sdk.core.messages.calendar import LocalClock
from herenow_sdk.core.messages.decide import decide_messages
from herenow_sdk.core.messages.decision import Decision, MessageDecisions
from herenow_sdk.core.messages.rules import MessageRules, parse_messages

__all__ = [
    "Decision",
    "LocalClock",
    "MessageDecisions",
    "MessageRules",
    "decide_messages",
    "parse_messages",
]

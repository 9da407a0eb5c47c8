"""A notice as a text message."""

from __future__ import annotations

from herenow.channels.model import Notice
from herenow.sms import MAX_SMS, parts

__all__ = ["MAX_SMS", "parts", "short_text"]


def short_text(notice: Notice) -> str:
    """The words of a notice, a line each."""
    return "\n".join(filter(None, (notice.title, notice.body, notice.link, notice.unsubscribe)))

"""How large a notice is on the channels that have bounds, for whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from herenow.channels.model import PLATFORMS, Notice
from herenow.channels.payloads import MAX_PAYLOAD, TooLarge, payload, whole
from herenow.channels.short_text import MAX_SMS, parts, short_text


def sizes(notice: Notice, now: float) -> Iterator[dict[str, Any]]:
    """Of a push the bytes by platform and what would be dropped, of an SMS its characters and parts."""
    if notice.channel == "push":
        for platform in PLATFORMS:
            size = whole(platform, notice, now).size
            told = {"channel": "push", "platform": platform, "bytes": size, "limit": MAX_PAYLOAD}
            try:
                yield {**told, "fits": True, "dropped": list(payload(platform, notice, now).dropped)}
            except TooLarge:
                yield {**told, "fits": False, "dropped": []}
    elif notice.channel == "sms":
        text = short_text(notice)
        told = {"channel": "sms", "characters": len(text), "limit": MAX_SMS, "parts": parts(text)}
        yield {**told, "fits": len(text) <= MAX_SMS}

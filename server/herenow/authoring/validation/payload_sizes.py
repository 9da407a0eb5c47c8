"""What a message comes to on the channels that have bounds: a push in bytes, an SMS in what is billed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.select import records
from herenow.sms import MAX_SMS, parts
from herenow.templates import WrongTemplate, compiled
from herenow_sdk.core.messages.wording import on_channel

MAX_PAYLOAD: Final = 4096
"""Bytes that APNs and FCM take of one notification."""
ENVELOPE: Final = 400
"""Bytes allowed for what is always around a message: ids, names of members, expiry."""
FILLED: Final = 60
"""Bytes that a name is taken to be filled with, where its longest value is not known."""
MOST_PARTS: Final = 3
"""Parts of an SMS, each of which is billed, from which on its author is told."""


def check_sizes(at: Path, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """Every content of a campaign, as each of its bounded channels says it."""
    for where, content in records(campaign, "template/*"):
        for channel, check in (("push", _push), ("sms", _sms)):
            if channel in campaign.get("channels", ()):
                varied = channel in content.get("channels", {})
                place = (*at, *where, *(("channels", channel) if varied else ()))
                yield from check(place, campaign, on_channel(content, channel))


def _push(at: Path, campaign: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Problem]:
    """An error when it cannot fit, a warning when something may have to be dropped."""
    least, likely = _bytes(campaign, content)
    if max(least, likely) <= MAX_PAYLOAD:
        return
    over = "cannot be less than" if least > MAX_PAYLOAD else "may come to"
    detail = f"a push {over} {max(least, likely)} bytes; APNs and FCM take {MAX_PAYLOAD}"
    fault = Fault("PAYLOAD_TOO_LARGE", detail, "else image, buttons and the body's end are dropped")
    found = Problem("campaigns", at, fault)
    yield found if least > MAX_PAYLOAD else warning(found.document, found.path, fault)


def _sms(at: Path, _campaign: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Problem]:
    """An error when it cannot be sent, a warning when it is billed many times."""
    texts = [text for name in ("title", "body", "link") if isinstance(text := content.get(name), str)]
    least = "\n".join(map(_literal, texts))
    likely = least + "x" * (FILLED * sum(map(_names_in, texts)))
    if len(least) > MAX_SMS:
        detail = f"an SMS cannot be less than {len(least):,} characters; {MAX_SMS:,} can be sent"
        yield Problem("campaigns", at, Fault("SMS_TOO_LONG", detail, _SHORTER))
    elif parts(likely) > MOST_PARTS:
        detail = f"an SMS may come to {parts(likely)} parts, each of them billed"
        yield warning("campaigns", at, Fault("SMS_TOO_LONG", detail, _SHORTER))


_SHORTER: Final = 'a shorter text for it alone: "channels": {"sms": {"body": …}}'


def _bytes(campaign: Mapping[str, Any], template: Mapping[str, Any]) -> tuple[int, int]:
    """The bytes without what may be dropped (see ``herenow.channels.payloads``), and those of all of it."""
    texts = {name: text for name, text in template.items() if isinstance(text, str)}
    needed = {name: text for name, text in texts.items() if name not in {"image", "body"}}
    extra, actions = campaign.get("extra", {}), campaign.get("actions", ())
    filled = FILLED * sum(map(_names_in, texts.values()))
    least = ENVELOPE + _json_bytes([needed, extra]) - sum(map(_markup, needed.values()))
    likely = ENVELOPE + _json_bytes([texts, extra, actions]) - sum(map(_markup, texts.values())) + filled
    return least, likely


def _json_bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _markup(text: str) -> int:
    """Bytes of a text that are markup, not shown."""
    bare = _literal(text)
    return len(text.encode()) - len(bare.encode())


def _literal(text: str) -> str:
    """A text without what stands in braces."""
    kept, rest = [], text
    while "{" in rest:
        before, _, rest = rest.partition("{")
        kept.append(before)
        _, _, rest = rest.partition("}")
    return "".join([*kept, rest]).replace("}", "")


def _names_in(text: str) -> int:
    with suppress(WrongTemplate):
        return len(compiled(text).names)
    return 0

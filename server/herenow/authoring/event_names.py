"""What the texts of a campaign name of the event that starts it: ``{{event.price}}``.

Those properties alone are kept with a message that waits (SPEC 11.3.7), so that little is kept of anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.templates import WrongTemplate, compiled

ROOT: Final = "event."
_TEXTS: Final = ("title", "body", "link", "image")


def event_of(campaign: Mapping[str, Any]) -> str | None:
    """The event whose properties a campaign's texts may name: the one that completes its trigger."""
    trigger = campaign.get("trigger", {})
    last = trigger["sequence"][-1] if trigger.get("sequence") else trigger
    event = last.get("event") if isinstance(last, Mapping) else None
    return event if isinstance(event, str) else None


def named_of_event(campaign: Mapping[str, Any]) -> tuple[str, ...]:
    """The properties by name, each once, sorted."""
    names: set[str] = set()
    for text in _texts(campaign):
        names.update(_named_in(text) if isinstance(text, str) else ())
    return tuple(sorted(names))


def _named_in(text: str) -> Iterator[str]:
    if ROOT not in text:
        return
    try:
        template = compiled(text)
    except WrongTemplate:
        return
    for name in template.names:
        if name.path.startswith(ROOT):
            yield name.path.removeprefix(ROOT).partition(".")[0]


def _texts(campaign: Mapping[str, Any]) -> Iterator[Any]:
    for content in campaign.get("template", {}).values():
        for said in (content, *content.get("channels", {}).values()):
            yield from (said.get(name) for name in _TEXTS)
    for action in campaign.get("actions", ()):
        title = action.get("title")
        yield from title.values() if isinstance(title, Mapping) else (title,)
        yield action.get("link")

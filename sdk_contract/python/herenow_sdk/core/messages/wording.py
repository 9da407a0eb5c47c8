"""A campaign in words on a host that knows placeholders alone: its template in the person's language, filled.

No language: a name between double braces (``templates``). What needs more than that, or an offer that must
be reserved first, is the server's to say. Specification: 11.13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.messages.links import is_link
from herenow_sdk.core.reasons import MessageFault
from herenow_sdk.core.templates import is_plain, render
from herenow_sdk.core.values import is_array

TEXTS: Final = ("title", "body", "link", "image")
ON_DEVICE: Final = ("in_app", "local_notification")
"""The channels of which a device says something by itself."""
_LINKS: Final = ("link", "image")
_CHANNELS: Final = "channels"
_AS_THEY_ARE: Final = ("category", "sound")
_BESIDE: Final = ("extra", "collapse")

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a campaign says: content by locale, buttons, and what is handed to the app beside it."""

    template: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    actions: tuple[Mapping[str, Any], ...] = ()
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether placeholders are all that its texts need, and its buttons not even those."""
        return all(map(is_plain, self._texts())) and not any(map(_has_braces, self.actions))

    def _texts(self) -> Iterator[str]:
        for content in self.template.values():
            for said in (content, *(on_channel(content, each) for each in ON_DEVICE)):
                yield from (said[name] for name in TEXTS if isinstance(said.get(name), str))


def _has_braces(button: Mapping[str, Any]) -> bool:
    title = button.get("title")
    variants = title.values() if isinstance(title, Mapping) else ()
    texts = [each for each in (*variants, button.get("link")) if isinstance(each, str)]
    return any("{{" in each or "{%" in each for each in texts)


def read_wording(raw: Mapping[str, Any]) -> Wording:
    """The wording of a campaign's record; a content or a button that is no object is left out alone."""
    template: Any = raw.get("template")
    actions: Any = raw.get("actions")
    contents = template.items() if isinstance(template, Mapping) else ()
    return Wording(
        {locale: content for locale, content in contents if isinstance(content, Mapping)},
        tuple(each for each in actions if isinstance(each, Mapping)) if is_array(actions) else (),
        {name: raw[name] for name in _BESIDE if raw.get(name) is not None},
    )


def locale_chain(locale: Any, of_app: Sequence[str]) -> tuple[str, ...]:
    """Locales to try in turn: the device's, its language, the app's own, its default first."""
    stated = locale.replace("_", "-") if isinstance(locale, str) else ""
    wanted = (stated, stated.partition("-")[0], *of_app)
    return tuple(dict.fromkeys(each for each in wanted if each))


def in_locale(variants: Any, locales: Sequence[str]) -> Any:
    """The variant in the first locale that has one, else the first by its name; ``None`` without any."""
    if not isinstance(variants, Mapping) or not variants:
        return None
    return variants[next((each for each in locales if each in variants), min(variants))]


def on_channel(content: Mapping[str, Any], channel: str | None) -> Content:
    """What a content says on a channel: the members of its variant for it before its own (11.13.11).

    >>> on_channel({"title": "Hello", "channels": {"sms": {"title": "Hi"}}}, "sms")
    {'title': 'Hi'}
    """
    variants = content.get(_CHANNELS)
    variant = variants.get(channel) if isinstance(variants, Mapping) else None
    said = {**content, **variant} if isinstance(variant, Mapping) else content
    return {name: value for name, value in said.items() if name != _CHANNELS}


def worded(
    wording: Wording, locales: Sequence[str], names: Mapping[str, Any], channel: str | None = None
) -> Content | MessageFault:
    """``{"title", "body"?, "link"?, "image"?, …}`` with every name filled in, or why it cannot be said.

    A link or an image that cannot be filled, or may not be followed, is left out alone; a title or body is
    never said half.
    """
    content_of = in_locale(wording.template, locales)
    template = None if content_of is None else on_channel(content_of, channel)
    if template is None or not isinstance(template.get("title"), str):
        return MessageFault.NO_TEMPLATE
    texts = {each: render(template[each], names) for each in TEXTS if isinstance(template.get(each), str)}
    if texts["title"] is None or ("body" in texts and texts["body"] is None):
        return MessageFault.NAME_WITHOUT_VALUE
    content: dict[str, Any] = {
        name: text
        for name, text in texts.items()
        if text is not None and (name not in _LINKS or is_link(text))
    }
    content |= {name: template[name] for name in _AS_THEY_ARE if name in template}
    buttons = [_button(each, locales) for each in wording.actions]
    return content | ({"actions": buttons} if buttons else {}) | dict(wording.beside)


def _button(action: Mapping[str, Any], locales: Sequence[str]) -> dict[str, Any]:
    link = action.get("link")
    unsafe = isinstance(link, str) and not is_link(link)
    told = {name: value for name, value in action.items() if not (unsafe and name == "link")}
    return {**told, "title": in_locale(action.get("title"), locales)}

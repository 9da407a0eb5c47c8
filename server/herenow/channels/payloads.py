"""What APNs and FCM are sent, within the 4,096 bytes that both take.

Apple's form is "Generating a remote notification", Google's the ``message`` of FCM's HTTP v1 API. A notice
that is too large loses its optional parts in this order until it fits: the image, the texts of its buttons
(the app has the category), the end of its body down to ``LEAST_BODY`` characters. Title, link, extra values
and ids are never dropped; what is still too large is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from herenow.channels.model import Notice, Platform

MAX_PAYLOAD: Final = 4096
"""Bytes of JSON that APNs takes, and FCM of a message."""
MAX_COLLAPSE: Final = 64
"""Bytes of an ``apns-collapse-id``."""
MAX_FCM_TTL_S: Final = 2_419_200
"""Four weeks, FCM's longest."""
LEAST_BODY: Final = 40

_CUT: Final = "…"
Build = Callable[[Notice, float], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Payload:
    """``document`` as it is sent, and the parts dropped to make it fit, in order."""

    document: Mapping[str, Any]
    dropped: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes as compact JSON."""
        return len(orjson.dumps(self.document))


class TooLarge(ValueError):
    """A notice does not fit even without its optional parts."""


def payload(platform: Platform, notice: Notice, now: float) -> Payload:
    """The payload of a platform. Raises ``TooLarge``."""
    build = _build(platform)
    for candidate, dropped in _lighter(notice):
        made = Payload(build(candidate, now), dropped)
        if made.size <= MAX_PAYLOAD:
            return made
    return _shortened(build, notice, now)


def whole(platform: Platform, notice: Notice, now: float) -> Payload:
    """The payload of a platform with everything in it, however large that is."""
    return Payload(_build(platform)(notice, now))


def collapse_id(notice: Notice) -> str:
    """By what a device knows which notice replaces which; repeated, a message replaces itself."""
    return _within(notice.collapse or notice.message_id, MAX_COLLAPSE)


def fcm_ttl_s(notice: Notice, now: float) -> int:
    """Seconds for which FCM may hold it."""
    return max(0, min(notice.life_left(now), MAX_FCM_TTL_S))


def _build(platform: Platform) -> Build:
    return _apns if platform == "ios" else _fcm


def _lighter(notice: Notice) -> Iterator[tuple[Notice, tuple[str, ...]]]:
    """The notice, then without one optional part more each time."""
    yield notice, ()
    dropped: tuple[str, ...] = ()
    if notice.image:
        notice, dropped = replace(notice, image=""), (*dropped, "image")
        yield notice, dropped
    if notice.actions:
        yield replace(notice, actions=()), (*dropped, "actions")


def _shortened(build: Build, notice: Notice, now: float) -> Payload:
    """With the longest body that fits. Raises ``TooLarge``."""
    *_, (lightest, dropped) = _lighter(notice)
    least, most = LEAST_BODY, len(lightest.body) - 1
    best: Payload | None = None
    while least <= most:
        middle = (least + most) // 2
        text = lightest.body[:middle].rstrip() + _CUT
        made = Payload(build(replace(lightest, body=text), now), (*dropped, "body"))
        if made.size <= MAX_PAYLOAD:
            best, least = made, middle + 1
        else:
            most = middle - 1
    if best is None:
        raise TooLarge(f"more than {MAX_PAYLOAD} bytes without its optional parts")
    return best


def _apns(notice: Notice, _now: float) -> dict[str, Any]:
    aps: dict[str, Any] = {
        "alert": {"title": notice.title, **({"body": notice.body} if notice.body else {})},
        "interruption-level": "passive" if notice.silent else "active",
        "thread-id": notice.campaign,
    }
    if not notice.silent:
        aps["sound"] = notice.sound or "default"
    if notice.category:
        aps["category"] = notice.category
    if notice.image:
        aps["mutable-content"] = 1  # the app's extension fetches the image
    return {"aps": aps, "herenow": _ours(notice), **_extra(notice)}


def _fcm(notice: Notice, now: float) -> dict[str, Any]:
    shown = {"title": notice.title, "body": notice.body, "image": notice.image}
    android: dict[str, Any] = {
        "ttl": f"{fcm_ttl_s(notice, now)}s",
        "priority": "NORMAL" if notice.silent else "HIGH",
        "collapse_key": collapse_id(notice),
        "notification": {"tag": collapse_id(notice)},
    }
    if notice.silent:
        android["notification"]["notification_priority"] = "PRIORITY_LOW"
    else:
        android["notification"]["sound"] = notice.sound or "default"
    if notice.category:
        android["notification"]["click_action"] = notice.category
    return {
        "notification": {name: text for name, text in shown.items() if text},
        "data": {
            **{name: _text(value) for name, value in _extra(notice).items()},
            "herenow": _text(_ours(notice)),
        },
        "android": android,
    }


def _ours(notice: Notice) -> dict[str, Any]:
    """What the SDK reads: the id by which it shows a message once, and where a tap leads."""
    told: dict[str, Any] = {
        "message": notice.message_id,
        "campaign": notice.campaign,
        "expires_at": notice.expires_at,
        "link": notice.link,
        "image": notice.image,
        "actions": [{"id": each.id, "title": each.title, "link": each.link} for each in notice.actions],
    }
    return {name: value for name, value in told.items() if value}


def _extra(notice: Notice) -> dict[str, Any]:
    """The app's own values; the names that are ours stay ours."""
    return {name: value for name, value in notice.extra.items() if name not in ("aps", "herenow")}


def _text(value: Any) -> str:
    """FCM's ``data`` holds texts alone."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _within(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")

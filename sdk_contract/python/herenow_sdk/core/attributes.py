"""What is known of a person at this moment, as the attributes that conditions read.

``derive`` turns the context a device sent, the profile, the state and the clock into one nested object.
Everything a device says is untrusted: a member of another type or of absurd length is left out, as if
it had not been sent, and a condition on it sees nothing. Nothing unknown passes through.

The names, by where they come from:

* profile: ``id``, ``user_id``, ``intent.<facet>`` (values), ``intent.label``, ``intent.place.name``,
  ``intent.confidence``, ``acquisition.*``, ``lifecycle.days_since_install``, ``lifecycle.stage``;
* context: ``platform``, ``os_version``, ``app_version``, ``locale``, ``language``, ``country``,
  ``time_zone``, ``network``, ``capabilities``, ``device.*``;
* state: ``consent.<purpose>``;
* clock: ``now.hour``, ``now.minute``, ``now.minute_of_day``, ``now.weekday``, ``now.date``, local.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.clock import DAY, LocalTime, local_time
from herenow_sdk.core.values import is_array, is_number, number_text

MAX_TEXT: Final = 200
MAX_MEMBERS: Final = 64
NEW_DAYS: Final = 7
"""Somebody is ``new`` up to and including this many whole days after installing, then ``active``."""

CONSENT_STATUSES: Final = frozenset({"granted", "denied", "unknown"})
_RESERVED_INTENT: Final = frozenset({"place", "label", "confidence", "modifiers", "text", "id"})
_TEXTS: Final = ("platform", "locale", "time_zone", "network")
_VERSIONS: Final = ("os_version", "app_version")
_ACQUISITION: Final = ("status", "source", "medium", "campaign")
_SEPARATOR: Final = re.compile(r"[-_]")
_REGION: Final = re.compile(r"[A-Za-z]{2}|[0-9]{3}")

Attributes = dict[str, Any]


def derive(
    context: Mapping[str, Any], profile: Mapping[str, Any], state: Mapping[str, Any], now: int
) -> Attributes:
    """The attributes of one person now (epoch seconds). Never raises; absent facts are absent keys.

    ``context`` as a device sends it, with ``utc_offset_s``; ``profile`` holds ``id``, ``user_id``,
    ``installed_at`` (epoch seconds), ``intent`` and ``acquisition`` (JSON); ``state`` holds ``consent``.
    """
    context, profile, state = _object(context), _object(profile), _object(state)
    attributes = {
        "id": _text(profile.get("id")),
        "user_id": _text(profile.get("user_id")),
        **{name: _text(context.get(name)) for name in _TEXTS},
        **{name: _version(context.get(name)) for name in _VERSIONS},
        **_locale_parts(context),
        "capabilities": _texts(context.get("capabilities")),
        "device": _device(_object(context.get("device"))),
        "intent": _intent(_object(profile.get("intent"))),
        "acquisition": _acquisition(_object(profile.get("acquisition"))),
        "lifecycle": _lifecycle(profile.get("installed_at"), now),
        "consent": _consent(_object(state.get("consent"))),
        "now": _clock(local_time(now, context.get("utc_offset_s"))),
    }
    return _known(attributes)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _known(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MAX_TEXT else None


def _number(value: Any) -> float | None:
    return value if is_number(value) and abs(value) < 2**53 else None


def _version(value: Any) -> str | None:
    number = _number(value)
    return _text(value) if number is None else number_text(number)


def _texts(value: Any) -> list[str] | None:
    if not is_array(value):
        return None
    return [text for text in map(_text, value[:MAX_MEMBERS]) if text is not None]


def _scalars(members: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in list(members.items())[:MAX_MEMBERS]:
        scalar = value if isinstance(value, bool) else _text(value) or _number(value)
        if scalar is not None and _text(name):
            kept[name] = scalar
    return kept


def _locale_parts(context: Mapping[str, Any]) -> dict[str, Any]:
    language, *rest = _SEPARATOR.split(_text(context.get("locale")) or "")
    region = next((part.upper() for part in rest if _REGION.fullmatch(part)), None)
    return {"language": language.lower() or None, "country": _text(context.get("country")) or region}


def _device(device: Mapping[str, Any]) -> dict[str, Any]:
    screen = _scalars(_object(device.get("screen")))
    return {**_scalars(device), "screen": screen} if screen else _scalars(device)


def _intent(intent: Mapping[str, Any]) -> dict[str, Any]:
    place = _object(intent.get("place"))
    facets: dict[str, Any] = {}
    for part in _objects(intent.get("facets")):
        _add_value(facets, part.get("facet"), part.get("value"))
    for value in _texts(place.get("values")) or []:
        _add_value(facets, place.get("facet"), value)
    name = _text(place.get("name"))
    return facets | _known(
        {
            "label": _text(intent.get("label")),
            "place": None if name is None else {"name": name},
            "confidence": _number(intent.get("confidence")),
        }
    )


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [part for part in value[:MAX_MEMBERS] if isinstance(part, Mapping)] if is_array(value) else []


def _add_value(facets: dict[str, Any], facet: Any, value: Any) -> None:
    name, shown = _text(facet), _text(value)
    if name is None or shown is None or name in _RESERVED_INTENT:
        return
    values = facets.setdefault(name, [])
    if shown not in values:
        values.append(shown)


def _acquisition(acquisition: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: _text(acquisition.get(name)) for name in _ACQUISITION}
    return _known({**texts, "confidence": _number(acquisition.get("confidence"))})


def _lifecycle(installed_at: Any, now: int) -> dict[str, Any]:
    installed = _number(installed_at)
    if installed is None:
        return {}
    days = max(now - int(installed), 0) // DAY
    return {"days_since_install": days, "stage": "new" if days <= NEW_DAYS else "active"}


def _consent(consent: Mapping[str, Any]) -> dict[str, Any]:
    return {purpose: status for purpose, status in _scalars(consent).items() if status in CONSENT_STATUSES}


def _clock(local: LocalTime) -> dict[str, Any]:
    return {
        "hour": local.hour,
        "minute": local.minute,
        "minute_of_day": local.minute_of_day,
        "weekday": local.weekday,
        "date": local.date,
    }

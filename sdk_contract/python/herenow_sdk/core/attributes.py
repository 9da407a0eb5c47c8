"""What is known of a person at this moment, as the attributes that conditions read.

``derive`` turns the context a device sent, the profile, the state and the clock into one nested object.
Everything a device says is untrusted: a member of another type or of absurd length is left out, as if
it had not been sent, and a condition on it sees nothing. Nothing unknown passes through.

The names, by where they come from:

* profile: ``id``, ``user_id``, ``intent.<facet>`` (values), ``intent.label``, ``intent.place.name``,
  ``intent.confidence``, ``acquisition.*``, ``lifecycle.days_since_install``, ``lifecycle.stage`` and what
  else a server knows of it;
* context: ``platform``, ``os_version``, ``app_version``, ``locale``, ``language``, ``country``,
  ``time_zone``, ``network``, ``capabilities``, ``device.*``;
* state: ``consent.<purpose>``, ``here.zones`` (fences the device is inside), and the server's snapshots
  (``affinity.*``, ``habit.*``, ``events.*`` …, see ``snapshots``) under any name the device does not own;
* clock: ``now.hour``, ``now.minute``, ``now.minute_of_day``, ``now.weekday``, ``now.date``, local.

Specification: chapter 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.clock import DAY, LocalTime
from herenow_sdk.core.kill import killed
from herenow_sdk.core.snapshots import in_force, overlaid
from herenow_sdk.core.values import is_array, is_number, is_whole, number_text
from herenow_sdk.core.zones import UTC, zone_of

MAX_TEXT: Final = 200
"""Code points of a text; a longer one counts as not sent."""
MAX_MEMBERS: Final = 64
"""Elements that count of an array; an object with more members counts as empty."""
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

    ``context`` as a device sends it, with its ``zone`` or ``utc_offset_s``; ``profile`` holds ``id``,
    ``user_id``, ``installed_at`` (epoch seconds), ``intent``, ``acquisition`` and ``lifecycle`` (JSON);
    ``state`` holds ``consent``, ``fences``, ``snapshots`` and ``kill``. A capability that is switched off is
    none of the device's.
    """
    context, profile, state = _object(context), _object(profile), _object(state)
    attributes = {
        "id": _text(profile.get("id")),
        "user_id": _text(profile.get("user_id")),
        **{name: _text(context.get(name)) for name in _TEXTS},
        **{name: _version(context.get(name)) for name in _VERSIONS},
        **_locale_parts(context),
        "capabilities": _capabilities(context.get("capabilities"), killed(state)),
        "device": _device(_object(context.get("device"))),
        "intent": _intent(_object(profile.get("intent"))),
        "acquisition": _acquisition(_object(profile.get("acquisition"))),
        "lifecycle": _lifecycle(profile.get("installed_at"), _object(profile.get("lifecycle")), now),
        "consent": _consent(_object(state.get("consent"))),
        "here": _here(_object(state.get("fences"))),
        "now": _clock((zone_of(context) or UTC).local(now)),
    }
    return overlaid(_known(attributes), in_force(state.get("snapshots"), now))


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


def _capabilities(stated: Any, off: frozenset[str]) -> list[str] | None:
    texts = _texts(stated)
    return None if texts is None else [text for text in texts if text not in off]


def _scalars(members: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if len(members) > MAX_MEMBERS:  # which are the first differs between languages
        return kept
    for name, value in members.items():
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


def _lifecycle(installed_at: Any, known: Mapping[str, Any], now: int) -> dict[str, Any]:
    """The age of the installation; what a server knows of the person stands before the device's stage."""
    told = {name: value for name, value in _scalars(known).items() if name != "days_since_install"}
    if not is_whole(installed_at):
        return told
    days = max(now - int(installed_at), 0) // DAY
    return {"days_since_install": days, "stage": "new" if days <= NEW_DAYS else "active"} | told


def _consent(consent: Mapping[str, Any]) -> dict[str, Any]:
    return {purpose: status for purpose, status in _scalars(consent).items() if status in CONSENT_STATUSES}


def _here(fences: Mapping[str, Any]) -> dict[str, Any]:
    """Where the device is, by the states it keeps of its fences: ids, ordered by their bytes."""
    inside = (name for name, fence in fences.items() if _object(fence).get("inside") is True)
    return {"zones": sorted(name for name in inside if _text(name))[:MAX_MEMBERS]}


def _clock(local: LocalTime) -> dict[str, Any]:
    return {
        "hour": local.hour,
        "minute": local.minute,
        "minute_of_day": local.minute_of_day,
        "weekday": local.weekday,
        "date": local.date,
    }

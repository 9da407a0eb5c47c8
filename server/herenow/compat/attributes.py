"""What a stock SDK says of a person: one object of attributes, read as our own calls would be told it.

An app sets these attributes itself, under the names that conditions use: ``id``, ``platform``,
``app_version``, ``os_version``, ``locale``, ``language``, ``country``, ``time_zone``, ``network``,
``capabilities``, ``device.*``, and names of its own. Conditions read them as they were sent. What herenow
derives (``intent.*``, ``lifecycle.*``, ``now.*``, …) it derives: members sent under those names are left
out, except what it is derived from. That is ``search`` (or ``acquisition.query``, or an ``acquisition`` as
in a first launch), ``consent``, ``location`` and ``installed_at`` (epoch seconds).

Nothing here raises: a member of the wrong type is as good as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.authoring.validation.attributes import DERIVED_ROOTS
from herenow_sdk.core.values import is_number

MAX_ATTRIBUTES: Final = 1000
MAX_TEXT: Final = 200
MAX_SEARCH: Final = 2000

_TEXTS: Final = ("platform", "locale", "country", "time_zone", "network", "now")
_VERSIONS: Final = ("os_version", "app_version")
_INPUTS: Final = frozenset({"search", "location", "installed_at"})
_WAITED_FOR: Final = "apple_adservices_token"
_PROVEN: Final = ("id", "user_id")


@dataclass(frozen=True, slots=True)
class Stated:
    """What was said. ``own`` is what conditions read as it was sent; the rest is read as a launch's is."""

    id: str
    own: Mapping[str, Any]
    context: Mapping[str, Any]
    acquisition: Mapping[str, Any]
    consent: Mapping[str, Any]
    installed_at: int | None

    def of_somebody_known(self) -> Mapping[str, Any]:
        """``own`` without the members that a token proves (DESIGN D14)."""
        return {name: value for name, value in self.own.items() if name not in _PROVEN}


def read_attributes(raw: Mapping[str, Any]) -> Stated:
    """Read the attributes of one request."""
    installed_at = _number(raw.get("installed_at"))
    return Stated(
        id=_text(raw.get("id")) or "",
        own={name: value for name, value in raw.items() if not _is_ours(name)},
        context=_context(raw),
        acquisition=_acquisition(raw),
        consent=_object(raw.get("consent")),
        installed_at=int(installed_at) if installed_at is not None and 0 <= installed_at < 2**40 else None,
    )


def _is_ours(name: str) -> bool:
    return name in _INPUTS or name.partition(".")[0] in DERIVED_ROOTS


def _context(raw: Mapping[str, Any]) -> dict[str, Any]:
    context: dict[str, Any] = {name: text for name in _TEXTS if (text := _text(raw.get(name)))}
    context |= {name: raw[name] for name in _VERSIONS if name in raw}
    device, capabilities, location = (raw.get(name) for name in ("device", "capabilities", "location"))
    if isinstance(device, Mapping):
        context["device"] = device
    if isinstance(capabilities, list):
        context["capabilities"] = capabilities
    if _is_place(location):
        context["location"] = location
    return context


def _acquisition(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of an acquisition; nothing that would have to be waited for."""
    inputs = {k: v for k, v in _object(raw.get("acquisition")).items() if k != _WAITED_FOR}
    search = raw.get("search", raw.get("acquisition.query"))
    if isinstance(search, str):
        inputs["query"] = search
    if isinstance(inputs.get("query"), str):
        inputs["query"] = inputs["query"][:MAX_SEARCH]
    return inputs


def _is_place(location: Any) -> bool:
    if not isinstance(location, Mapping):
        return False
    latitude, longitude = _number(location.get("lat")), _number(location.get("lon"))
    if latitude is None or longitude is None:
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _number(value: Any) -> float | None:
    return value if is_number(value) else None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MAX_TEXT else None

"""What was learned on the device, as attributes that conditions read: ``affinity.*`` and ``events.*``.

A server's snapshot of the same name knows of more devices and stands; the device fills in what is not told.
Specification: 12.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from herenow_sdk.core.clock import DAY, HOUR
from herenow_sdk.core.profile.document import Profile, read_profile
from herenow_sdk.core.profile.habits import window_count
from herenow_sdk.core.profile.tastes import Priors, facet_affinities, intent_counts
from herenow_sdk.core.values import is_whole
from herenow_sdk.core.zones import Zone, next_boundary

_EVENT_PATH: Final = re.compile(r"events\.(.+)\.(count_[0-9]{1,2}[dh])", re.ASCII | re.DOTALL)
_NO_PRIORS: Final[Priors] = {}
_SLUGS: Final = 4096
"""Values whose slug is kept: an app has the same few hundred for everybody."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Attributes by path, and the instant at which the local clock may change one of them."""

    attributes: Mapping[str, int]
    until: int | None = None


def learned_attributes(
    profile: Mapping[str, Any], paths: Iterable[str], zone: Zone, now: int, priors: Priors = _NO_PRIORS
) -> Learned:
    """What ``profile.learned`` says now about those of ``paths`` that it knows. Never raises.

    ``learned`` is the document, or the ``Profile`` that was read of it.
    """
    if not isinstance(profile, Mapping) or profile.get("learned") is None:
        return Learned({})
    asked = [path for path in paths if path.startswith(("affinity.", "events."))]
    if not asked:
        return Learned({})
    learned = profile["learned"]
    known = learned if isinstance(learned, Profile) else read_profile(learned)
    day, second = divmod(zone.wall(now), DAY)
    installed_at = profile.get("installed_at")
    fades = (
        day - zone.wall(int(installed_at)) // DAY
        if installed_at is not None and is_whole(installed_at)
        else 0
    )
    pseudo = intent_counts(profile.get("intent"), fades)
    facets = (facet for facet in {**known.affinity, **pseudo} if _is_asked(facet, asked))
    likes = _by_slug({facet: facet_affinities(known, facet, day, pseudo, priors) for facet in facets})
    told = {path: _value(path, known, likes, day, second // HOUR) for path in asked}
    hourly = any(path.endswith("h") for path in asked if path.startswith("events."))
    until = next_boundary(zone, now, HOUR if hourly else DAY)
    return Learned({path: value for path, value in told.items() if value is not None}, until)


@lru_cache(_SLUGS)
def slug(value: str) -> str:
    """A value as it stands in a path: small ASCII letters, digits, ``_``, and one ``-`` for whatever else.

    >>> slug("Fast food"), slug("  Bar & Grill "), slug("🍔")
    ('fast-food', 'bar-grill', '')
    """
    small = "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in value)
    return re.sub(r"[^a-z0-9_]+", "-", small).strip("-")


def filled_in(attributes: dict[str, Any], learned: Mapping[str, int]) -> dict[str, Any]:
    """The attributes with what was learned where nothing stands yet. Changes and returns ``attributes``."""
    for path in sorted(learned):
        *outer, last = path.split(".")
        place: Any = attributes
        for segment in outer:
            place = place.setdefault(segment, {})
            if not isinstance(place, dict):
                break
        else:
            place.setdefault(last, learned[path])
    return attributes


def _value(path: str, known: Profile, likes: Mapping[str, int], day: int, hour: int) -> int | None:
    event = _EVENT_PATH.fullmatch(path)
    if event is not None:
        return window_count(known, event[1], event[2], day, hour)
    return likes.get(path)


def _is_asked(facet: str, paths: list[str]) -> bool:
    """Whether one of the paths may name a value of the facet."""
    return any(path.startswith(f"affinity.{facet}.") for path in paths)


def _by_slug(found: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Affinities by path; of values with one slug the highest."""
    likes: dict[str, int] = {}
    for facet, values in found.items():
        for value, affinity in values.items():
            path = f"affinity.{facet}.{slug(value)}"
            likes[path] = max(likes.get(path, affinity), affinity)
    return likes

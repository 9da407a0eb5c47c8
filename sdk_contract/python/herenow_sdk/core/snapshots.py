"""What the server knows of a person and a device cannot compute: attributes with a time to live.

A snapshot is ``{"value", "as_of", "ttl"}`` under the dotted path of an attribute, such as
``affinity.category.burger`` or ``habit.next_place``. The device takes it as it is while
``as_of <= now < as_of + ttl`` (epoch seconds, seconds) and forgets it then: better no fact than an old one.

It may not name what the device computes itself (``OWNED``): nobody tells a phone what time it is.

Specification: section 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.values import is_array, is_number, is_whole

MAX_SNAPSHOTS: Final = 256
"""How many may be held; of more, those with the first paths by bytes count."""
MAX_PATH: Final = 200
MAX_SEGMENTS: Final = 6
MAX_TTL: Final = 366 * 86_400
"""A longer time to live (seconds) counts as this."""
MAX_VALUE_TEXT: Final = 200
MAX_VALUES: Final = 64

OWNED: Final = frozenset(
    {
        "acquisition",
        "app_version",
        "capabilities",
        "consent",
        "country",
        "device",
        "here",
        "id",
        "intent",
        "language",
        "lifecycle",
        "locale",
        "network",
        "now",
        "os_version",
        "platform",
        "time_zone",
        "user_id",
    }
)
"""First segments of the attributes a device computes itself."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One fact and while it holds: from ``as_of`` until before ``ends`` (epoch seconds)."""

    path: str
    value: Any
    as_of: int
    ends: int

    @property
    def root(self) -> str:
        """The first segment of the path."""
        return self.path.partition(".")[0]


def read_snapshots(raw: Any) -> tuple[Snapshot, ...]:
    """Those that can be understood, in force or not, ordered by the bytes of their paths. Never raises."""
    if not isinstance(raw, Mapping):
        return ()
    paths = sorted(path for path in raw if _is_path(path))[:MAX_SNAPSHOTS]
    found = (_snapshot(path, raw[path]) for path in paths)
    return tuple(each for each in found if each is not None)


def in_force(raw: Any, now: int) -> tuple[Snapshot, ...]:
    """Those that hold now (epoch seconds)."""
    return tuple(each for each in read_snapshots(raw) if each.as_of <= now < each.ends)


def overlaid(attributes: dict[str, Any], snapshots: tuple[Snapshot, ...]) -> dict[str, Any]:
    """The attributes with each snapshot at its path; one whose path leads through another's value is dropped.

    Changes and returns ``attributes``. Snapshots come in the order of their paths, the shorter first.
    """
    for snapshot in snapshots:
        *outer, last = snapshot.path.split(".")
        place: Any = attributes
        for segment in outer:
            place = place.setdefault(segment, {})
            if not isinstance(place, dict):
                break
        else:
            place.setdefault(last, snapshot.value)
    return attributes


def _snapshot(path: str, raw: Any) -> Snapshot | None:
    if not isinstance(raw, Mapping) or not is_whole(raw.get("as_of")) or not is_whole(raw.get("ttl")):
        return None
    value = _value(raw.get("value"))
    as_of, ttl = int(raw["as_of"]), min(int(raw["ttl"]), MAX_TTL)
    return None if value is None or ttl < 1 else Snapshot(path, value, as_of, as_of + ttl)


def _is_path(path: Any) -> bool:
    if not isinstance(path, str) or len(path) > MAX_PATH:
        return False
    segments = path.split(".")
    return len(segments) <= MAX_SEGMENTS and all(segments) and segments[0] not in OWNED


def _value(value: Any) -> Any:
    """A boolean, a number, a text, or an array of texts; ``None`` for anything else."""
    if is_array(value):
        texts = value[:MAX_VALUES]
        return list(texts) if all(isinstance(text, str) and _is_short(text) for text in texts) else None
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if _is_short(value) else None
    return value if is_number(value) and abs(value) < 2**53 else None


def _is_short(text: str) -> bool:
    return 0 < len(text) <= MAX_VALUE_TEXT

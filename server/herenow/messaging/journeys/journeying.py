"""What is kept of somebody's journeys: where they are, when they entered each, and who is at a door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from herenow.messaging.journeys.walking import Walk, read_walks
from herenow_sdk.core.messages.waiting import Pending, read_pending


@dataclass(frozen=True, slots=True)
class Journeying:
    """``walks`` under way, the last entry into each journey, completed entrances not yet looked at."""

    walks: tuple[Walk, ...] = ()
    entries: Mapping[str, int] = field(default_factory=dict)
    entering: Pending = field(default_factory=Pending)

    def __bool__(self) -> bool:
        return bool(self.walks or self.entering.waiting)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Journeying:
        """What ``as_json`` made."""
        return cls(read_walks(raw.get("walks")), raw.get("entries", {}), read_pending(raw))

    def as_json(self) -> dict[str, Any]:
        """As it is kept; empty when there is nothing to keep."""
        told: dict[str, Any] = {
            "walks": [each.as_json() for each in self.walks],
            "entries": dict(self.entries),
            "triggers": [each.as_json() for each in self.entering.waiting],
            "progress": {name: list(steps) for name, steps in self.entering.progress.items()},
        }
        return {name: value for name, value in told.items() if value}

    def joined_by(self, other: Journeying) -> Journeying:
        """Of a person and an installation that has become theirs: nobody is in one journey twice."""
        inside = {each.journey for each in self.walks}
        entries = {
            name: max(self.entries.get(name, 0), other.entries.get(name, 0))
            for name in {**self.entries, **other.entries}
        }
        waiting = (*self.entering.waiting, *other.entering.waiting)
        return Journeying(
            (*self.walks, *(each for each in other.walks if each.journey not in inside)),
            entries,
            Pending(
                tuple(sorted(waiting, key=lambda each: each.at)),
                {**other.entering.progress, **self.entering.progress},
            ),
        )

    def without_entrances_before(self, oldest: int) -> Journeying:
        """With nobody at a door for an event that was received before an instant: that is history."""
        fresh = tuple(
            each for each in self.entering.waiting if each.received is None or each.received >= oldest
        )
        return replace(self, entering=replace(self.entering, waiting=fresh))

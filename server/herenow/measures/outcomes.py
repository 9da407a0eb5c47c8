"""What can come of a message, and tallies of it: by campaign, local day, place and hour.

A tally is gathered in memory and added to the store in one go, so that a mass send costs a counter a few
increments, not one a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from herenow_sdk.core.clock import DAY, HOUR, civil_date


class Outcome(StrEnum):
    """What came of one message, or of one that was kept back to measure it."""

    SENT = "sent"
    """It left: handed to a courier or to the app, or shown by the device's own decision."""
    DELIVERED = "delivered"
    SHOWN = "shown"
    OPENED = "opened"
    ACTED = "acted"
    DISMISSED = "dismissed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CONVERTED = "converted"
    CONTROL = "control"
    """It would have been shown at this moment to somebody of the control group."""
    CONTROL_CONVERTED = "control_converted"
    UNSUBSCRIBED = "unsubscribed"
    DISABLED = "disabled"
    """Pushes were denied, or a push token turned out dead: the app was silenced or removed."""


HARM = (Outcome.UNSUBSCRIBED, Outcome.DISABLED, Outcome.DISMISSED)
"""What says that a message was unwelcome."""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """Where and when by the person's clock: ``day`` since 1970-01-01, ``hour`` 0 to 23, ``place`` or none."""

    day: int
    hour: int
    place: str = ""

    @classmethod
    def of(cls, at: int, offset_s: int, place: str | None = None) -> Moment:
        """The moment of an instant (epoch seconds), so many seconds east of UTC."""
        day, second = divmod(at + offset_s, DAY)
        return cls(day, second // HOUR, place or "")

    @property
    def date(self) -> str:
        """``2026-11-26``."""
        return "{:04d}-{:02d}-{:02d}".format(*civil_date(self.day))


@dataclass(slots=True)
class Tally:
    """Outcomes counted so far."""

    counts: Counter[tuple[str, Moment, Outcome]] = field(default_factory=Counter)

    def count(self, campaign: str, moment: Moment, outcome: Outcome, times: int = 1) -> None:
        """Count an outcome of a campaign."""
        self.counts[campaign, moment, outcome] += times

    def add(self, other: Tally) -> None:
        """Count everything that another one counted."""
        self.counts.update(other.counts)

    def __iter__(self) -> Iterator[tuple[str, Moment, Outcome, int]]:
        return (
            (campaign, moment, outcome, n) for (campaign, moment, outcome), n in sorted(self.counts.items())
        )

    def __len__(self) -> int:
        return len(self.counts)


def of_beacon(name: str) -> Outcome | None:
    """The outcome that a ``message`` beacon tells; ``None`` for one that counts nothing."""
    return _OF_BEACON.get(name)


_OF_BEACON: Mapping[str, Outcome] = {
    "delivered": Outcome.DELIVERED,
    "shown": Outcome.SHOWN,
    "opened": Outcome.OPENED,
    "acted": Outcome.ACTED,
    "dismissed": Outcome.DISMISSED,
    "failed": Outcome.FAILED,
}

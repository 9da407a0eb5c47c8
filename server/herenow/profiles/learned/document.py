"""What is learned of one installation, or of a person: the sections, and how they are read.

Taste, events and weeks are the contract's profile (SPEC chapter 12), folded by the same rule as on the
device; everything else is the server's own. Days are local days since 1970-01-01, hours local hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from herenow.learning.lifecycle import Course
from herenow.learning.offers import Level
from herenow.learning.places import Places, strength
from herenow.learning.rates import Evidence
from herenow_sdk.core.profile import Profile
from herenow_sdk.core.profile.decay import UNIT, Counter

VERSION: Final = 2
RECENTS: Final = 50
HIDDEN: Final = 50
SEEN: Final = 24
AREAS: Final = 8
CATEGORIES: Final = 16
"""Most entries of these sections, whatever the size."""
APP: Final = "app"
"""The channel of sessions."""
OVERALL: Final = ""
"""The goal course of all categories together."""
USUAL_DAYS: Final = 30.0
"""Days between two goals before anything is known: what tells a lapse while folding. It is fixed, so that a
fold is the same whenever it is made."""
STAGES: Final = ("seen", "viewed", "carted", "bought")
"""Of the funnel, in order."""
RESIDENT_DAYS: Final = 3
"""Days in an area before anybody is said to live there."""
_DAYPARTS: Final = ((5, "night"), (11, "morning"), (15, "noon"), (18, "afternoon"), (23, "evening"))

Cells = Mapping[int, int]
"""How often in each of the 168 hours of the week, Monday 0 o'clock first."""


class Impressions(NamedTuple):
    """How often an item was shown since it was last touched, and the latest day of it."""

    times: int
    day: int


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything learned. ``at`` is the position of the log up to which it was folded.

    ``taught``: affinity, events and weeks as the device folds them (its ``places`` stay empty here).
    ``recents``: items touched, the latest last. ``hidden``: items hidden and not wanted since. ``seen``:
    items shown and not touched since. ``engaged``: by channel and hour of the week, sessions (``app``) and
    answers to messages; ``exposed``: what was shown of each channel. ``offers``: exposures and responses by
    offer form and daypart; ``answered`` is the message that was answered last. ``goals``: purchases by
    category, ``""`` over all. ``bought`` and ``spent``: decayed purchases and money. ``funnel``: the latest
    day of each stage. ``areas``: days spent in each area of some 20 km (four characters of a geohash),
    decayed. ``version`` is that of the format.
    """

    at: int = 0
    taught: Profile = field(default_factory=Profile)
    places: Places = field(default_factory=Places)
    recents: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    seen: Mapping[str, Impressions] = field(default_factory=dict)
    engaged: Mapping[str, Cells] = field(default_factory=dict)
    exposed: Mapping[str, Cells] = field(default_factory=dict)
    offers: Level = field(default_factory=dict)
    answered: str = ""
    goals: Mapping[str, Course] = field(default_factory=dict)
    bought: Evidence = field(default_factory=Evidence)
    spent: Evidence = field(default_factory=Evidence)
    sessions: int = 0
    first_day: int = 0
    last_day: int = 0
    last_ms: int = 0
    funnel: Mapping[str, int] = field(default_factory=dict)
    areas: Mapping[str, Counter] = field(default_factory=dict)
    version: int = VERSION

    @property
    def knows(self) -> bool:
        """Whether anything was ever learned."""
        return self.last_ms != 0

    def goal(self, category: str = OVERALL) -> Course:
        """The course of purchases, of all or of one category."""
        return self.goals.get(category, Course())

    def impressions(self, item: str, today: int, within: int = 7) -> int:
        """How often an item was shown without being touched, when that was within so many days."""
        found = self.seen.get(item)
        return found.times if found is not None and today - found.day < within else 0

    def channel(self, channel: str) -> tuple[int, int]:
        """Exposures and responses of a message channel."""
        return sum(self.exposed.get(channel, {}).values()), sum(self.engaged.get(channel, {}).values())

    def furthest(self, today: int, within: int = 30) -> str | None:
        """The furthest stage of the funnel reached within so many days."""
        return next((stage for stage in reversed(STAGES) if self._reached(stage, today, within)), None)

    def home(self, today: int) -> str | None:
        """The area in which most days were spent lately, once they are ``RESIDENT_DAYS``."""
        days = {area: strength(counter, today) for area, counter in self.areas.items()}
        most = max(days, key=lambda area: (days[area], area), default=None)
        return most if most is not None and days[most] > (RESIDENT_DAYS - 1) * UNIT else None

    def resident(self, cell: str, today: int) -> bool | None:
        """Whether a geohash lies where the person lives; ``None`` while that is not known."""
        home = self.home(today)
        return None if home is None else cell.startswith(home)

    def _reached(self, stage: str, today: int, within: int) -> bool:
        day = self.funnel.get(stage)
        return day is not None and today - day < within


NOTHING: Final = Learned()
"""Of somebody of whom nothing is known, or nothing may be."""


def daypart(hour: int) -> str:
    """The part of the day that an hour lies in.

    >>> daypart(4), daypart(9), daypart(12), daypart(17), daypart(20), daypart(23)
    ('night', 'morning', 'noon', 'afternoon', 'evening', 'night')
    """
    return next((name for end, name in _DAYPARTS if hour < end), "night")

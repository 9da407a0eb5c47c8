"""One person now: what several attributes stand on, computed once and only when one of them is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from herenow.learning.lifecycle import Course, Standing, standing
from herenow.learning.model import Model
from herenow.learning.rates import rate
from herenow.profiles.learned.document import Learned
from herenow.profiles.learned.moment import LocalMoment
from herenow.profiles.learned.stated import Habit, surest
from herenow_sdk.core.clock import DAY


@dataclass(frozen=True)
class About:
    """What was learned of a person and of everybody, and the moment. ``installed_at`` where it is known."""

    learned: Learned
    model: Model
    moment: LocalMoment
    installed_at: int | None

    @cached_property
    def today(self) -> int:
        """The local day."""
        return self.moment.day

    @cached_property
    def course(self) -> Course:
        """Their purchases."""
        return self.learned.goal()

    @cached_property
    def standing(self) -> Standing | None:
        """Where they stand; ``None`` while neither a purchase nor the install is known."""
        if self.installed_at is None and not self.course.days:
            return None
        installed = self.today if self.installed_at is None else self.installed_at // DAY
        return standing(self.course, installed, self.today, self.usual_days)

    @cached_property
    def rate(self) -> float:
        """Purchases a day."""
        seen = max(self.today - self.course.first, 1)
        return rate(self.learned.bought, seen, self.today, 1 / self.usual_days)

    @cached_property
    def habit(self) -> Habit | None:
        """The surest one."""
        return surest(self.learned.taught, self.moment.week)

    @property
    def usual_days(self) -> float:
        """Days between two purchases of everybody."""
        return self.model.returning.usual_days

"""Where outcomes are counted: one document a campaign, local day and place; a field an outcome and hour.

Counting is one atomic increment each, reading a query of one partition from its latest day back: neither
grows with people. A lost answer may count an increment twice; what must be exact is the ledger, which these
counters summarise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.measures.outcomes import Moment, Outcome, Tally
from herenow.scope import Scope
from herenow.storage.ports import Documents, Key

KEPT_DAYS: Final = 800
"""So long a day's counts are kept: two years can be compared."""
_DAY_S: Final = 86_400
_PAGE: Final = 200


@dataclass(slots=True)
class Counted:
    """Sums of outcomes: of all, by place, by hour of the day."""

    total: Counter[Outcome] = field(default_factory=Counter)
    by_place: dict[str, Counter[Outcome]] = field(default_factory=dict)
    by_hour: dict[int, Counter[Outcome]] = field(default_factory=dict)
    by_day: dict[str, Counter[Outcome]] = field(default_factory=dict)

    def add(self, date: str, place: str, hour: int, outcome: Outcome, times: int) -> None:
        """Add one count."""
        self.total[outcome] += times
        self.by_hour.setdefault(hour, Counter())[outcome] += times
        self.by_day.setdefault(date, Counter())[outcome] += times
        if place:
            self.by_place.setdefault(place, Counter())[outcome] += times


class Counters:
    """The counters of all campaigns of a store."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def add(self, scope: Scope, tally: Tally) -> None:
        """Add what was counted."""
        for campaign, moment, outcome, times in tally:
            key = Key(_partition(scope, campaign), _sort(moment))
            expires = (moment.day + KEPT_DAYS) * _DAY_S
            self._documents.increment(key, f"{outcome}@{moment.hour}", times, expires_at=expires)

    def of(self, scope: Scope, campaign: str, since: str = "", until: str = "9999") -> Counted:
        """What was counted of a campaign from one local date (``2026-11-26``) to another, both included."""
        counted = Counted()
        for sort, value in self._days(scope, campaign, since):
            date, _, place = sort.partition("#")
            if date > until:
                continue
            for name, times in value.items():
                outcome, _, hour = name.partition("@")
                counted.add(date, place, int(hour), Outcome(outcome), times)
        return counted

    def _days(self, scope: Scope, campaign: str, since: str) -> Iterator[tuple[str, dict[str, Any]]]:
        cursor: str | None = None
        partition = _partition(scope, campaign)
        while True:
            page = self._documents.query(partition, limit=_PAGE, cursor=cursor, reverse=True)
            for each in page.documents:
                if each.key.sort < since:
                    return
                yield each.key.sort, each.value
            cursor = page.cursor
            if cursor is None:
                return


def _partition(scope: Scope, campaign: str) -> str:
    return scope.partition(f"measures#{campaign}")


def _sort(moment: Moment) -> str:
    return f"{moment.date}#{moment.place}"

"""What came of an app's campaigns, told of a span of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from herenow.clock import Clock
from herenow.errors import NotFound
from herenow.launch.serving import ServingSet, ServingSets
from herenow.measures.counters import Counters
from herenow.measures.outcomes import Moment
from herenow.measures.report import report, summary
from herenow.scope import Scope

DAYS: Final = 30
"""So many days are told of where nobody says which."""
_WHOLE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Reports:
    """Reads the counters beside what the live campaigns say of their goals and control groups."""

    counters: Counters
    serving: ServingSets
    clock: Clock

    def all(self, scope: Scope, since: date | None, until: date | None) -> dict[str, Any]:
        """Every live campaign in short, by name. Raises ``Unavailable`` when nothing is published."""
        serving = self.serving.current(scope)
        first, last = self._span(serving, since, until)
        told = []
        for name in sorted(serving.bundle.messages.campaigns):
            counted = self.counters.of(scope, name, first, last)
            told.append(summary(name, counted, serving.goals.get(name), control_share(serving, name)))
        return {"since": first, "until": last, "campaigns": told}

    def of(self, scope: Scope, campaign: str, since: date | None, until: date | None) -> dict[str, Any]:
        """One campaign by place, hour and day; one that ended, for as long as its counts are kept.

        Raises ``NotFound`` (UNKNOWN_CAMPAIGN) for one that is not live and of which nothing was counted.
        """
        serving = self.serving.current(scope)
        first, last = self._span(serving, since, until)
        counted = self.counters.of(scope, campaign, first, last)
        live = sorted(serving.bundle.messages.campaigns)
        if campaign not in live and not counted.total:
            raise NotFound(
                f"nothing is known of a campaign '{campaign[:60]}' in these days",
                code="UNKNOWN_CAMPAIGN",
                detail=f"Live: {', '.join(live) or 'none'}.",
            )
        told = report(campaign, counted, serving.goals.get(campaign), control_share(serving, campaign))
        return {"since": first, "until": last, **told}

    def _span(self, serving: ServingSet, since: date | None, until: date | None) -> tuple[str, str]:
        """The first and the last local date; of the last 30 days by the app's clock where nobody says."""
        zone, now = serving.bundle.messages.policy.zone, int(self.clock())
        today = date.fromisoformat(Moment.of(now, zone.offset(now) if zone else 0).date)
        last = today + timedelta(days=1) if until is None else until  # somebody's clock is a day ahead
        first = min(today, last) - timedelta(days=DAYS - 1) if since is None else since
        return first.isoformat(), last.isoformat()


def control_share(serving: ServingSet, campaign: str) -> float:
    """The part of people, 0 to 1, to whom nothing of a campaign is shown: by holdout or its control group."""
    rules = serving.bundle.messages
    known = rules.campaigns.get(campaign)
    control = known.control if known else 0
    return 1 - (1 - rules.policy.holdout / _WHOLE) * (1 - control / _WHOLE)

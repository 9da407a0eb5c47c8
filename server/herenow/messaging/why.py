"""Why somebody got a message, or did not: out of the ledger, also for an instant of the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.authoring.audiences import Audiences
from herenow.authoring.parts import without_schema
from herenow.clock import iso_utc
from herenow.errors import NotFound
from herenow.launch.local_time import named_zone
from herenow.launch.serving import ServingSet
from herenow.messaging.journeys.walking import Walk
from herenow.messaging.people import Person
from herenow.messaging.records import Record, records_of
from herenow.messaging.service import Parts
from herenow.messaging.state import Kept, Lent
from herenow.profiles.installation import Installation
from herenow.storage.ports import Documents
from herenow_sdk.core.explain_features import clauses
from herenow_sdk.core.messages import decide_messages

MAX_RECORDS: Final = 200
NEVER_TRIGGERED: Final = "NEVER_TRIGGERED"
AWAITING_APP: Final = "AWAITING_APP"
"""It was triggered, and only the app can show it: it is decided when the app is there next."""
ON_ITS_WAY: Final = "ON_ITS_WAY"
"""A worker is handing it over."""
_INSTANTS: Final = ("decided_at", "at", "until", "expires_at", "would_show_at")


@dataclass(frozen=True, slots=True)
class Why:
    """Answers from the records of decisions and from what waits."""

    parts: Parts
    documents: Documents

    def about(
        self, installation: Installation, serving: ServingSet, campaign: str | None, at: int
    ) -> dict[str, Any]:
        """What was decided up to ``at`` (epoch seconds), the newest first, and what waits now.

        For one campaign also what would be asked of this person if it were triggered now. Raises ``NotFound``
        for a campaign that neither the release nor the ledger knows.
        """
        person = Person.of(serving.scope, installation)
        kept = self.parts.store.load(person, installation.id).kept
        people = dict.fromkeys((person, Person.alone(serving.scope, installation.id)))
        records = [
            each
            for somebody in people
            for each in records_of(self.documents, somebody)
            if each.decided_at <= at and campaign in (None, each.campaign)
        ]
        _known(serving, campaign, records)
        records.sort(key=lambda each: each.decided_at, reverse=True)
        waiting = [each for each in kept.pending.waiting if campaign in (None, each.campaign)]
        told: dict[str, Any] = {
            "at": iso_utc(at),
            "time_zone": _zone(installation, serving),
            "decisions": [_readable(each.as_json()) for each in records[:MAX_RECORDS]],
            "waiting": [_readable(each.as_json()) for each in waiting],
            "journeys": [_where(each) for each in kept.journeying.walks if campaign in (None, each.journey)],
            "lent": [_lent(each) for each in kept.lent if each.slots],
        }
        if campaign is None:
            return told
        latest = told["decisions"][0] if records else _undecided(campaign, kept)
        return told | {
            "campaign": campaign,
            "latest": latest,
            "now": self._now(installation, serving, campaign),
        }

    def _now(self, installation: Installation, serving: ServingSet, campaign: str) -> dict[str, Any] | None:
        """Every check that a trigger whose waiting ends now would meet, as far as the first that fails."""
        if campaign not in serving.bundle.messages.campaigns:
            return None
        person, now = Person.of(serving.scope, installation), int(self.parts.clock())
        moment = self.parts.moment(serving, installation, person, now, present=True)
        kept = self.parts.store.load(person, installation.id).kept
        asked = moment.rules.campaigns[campaign]
        missing = asked.not_followed_by
        waits = max(asked.delay, missing.within + 1 if missing else 0)
        state = {
            "triggers": [{"campaign": campaign, "at": now - waits}],
            "ledger": [each.as_json() for each in kept.ledger],
            "leases": {"granted": [each.as_json() for each in kept.lent]},
            "consent": dict(moment.consent),
            "kill": list(moment.kill),
        }
        (decision,) = decide_messages(moment.rules, moment.attributes, state, moment.clock).decisions
        return {
            **_readable(decision.as_json()),
            "checks": [each.as_json() for each in decision.checks],
            "audience": _audience(serving, campaign, moment.attributes),
        }


def _undecided(campaign: str, kept: Kept) -> dict[str, Any]:
    """What is told of a campaign of which nothing was written down yet."""
    leaving = [(each.waiting, ON_ITS_WAY) for each in kept.handing]
    for waiting, reason in (*leaving, *((each, AWAITING_APP) for each in kept.pending.waiting)):
        if waiting.campaign == campaign:
            return {"campaign": campaign, "at": iso_utc(waiting.at), "outcome": "held", "reason": reason}
    return {"campaign": campaign, "reason": NEVER_TRIGGERED}


def _audience(serving: ServingSet, campaign: str, attributes: Mapping[str, Any]) -> list[Any]:
    """The campaign's audience clause by clause; empty where it speaks to everybody."""
    named = serving.documents["campaigns.json"][campaign].get("audience")
    if named is None:
        return []
    audiences = Audiences(without_schema(serving.documents.get("audiences.json", {})))
    return clauses(audiences.condition(named), attributes, {})


def _known(serving: ServingSet, campaign: str | None, records: Iterable[Record]) -> None:
    documents: Mapping[str, Any] = serving.documents.get("campaigns.json", {})
    if campaign is not None and campaign not in documents and not any(records):
        named = ", ".join(sorted(each for each in documents if each != "$schema")) or "none"
        raise NotFound(f"no campaign '{campaign[:60]}'", code="UNKNOWN_CAMPAIGN", detail=f"Known: {named}.")


def _zone(installation: Installation, serving: ServingSet) -> str:
    """The zone whose clock the person reads: their device's, else the app's."""
    named = named_zone(installation.context.get("time_zone")) or named_zone(serving.app.get("time_zone"))
    return "UTC" if named is None else named.key


def _where(walk: Walk) -> dict[str, str]:
    """Where somebody is in a journey, and since when."""
    entered_at, since = iso_utc(walk.entered_at), iso_utc(walk.since)
    return {"journey": walk.journey, "step": walk.step, "entered_at": entered_at, "since": since}


def _lent(lease: Lent) -> dict[str, Any]:
    """Slots of a cap that count as sent though nobody has told of a message."""
    told = {"rule": lease.rule, "slots": lease.slots, "until": iso_utc(lease.until)}
    return {**told, "device": lease.device, "over": lease.over}


def _readable(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: iso_utc(value) if name in _INSTANTS else value for name, value in told.items()}

"""Whom a decision is for: an installation as it is stored, and what was learned of its person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from herenow.launch.decision import Subject, learns_from, prepared_for, query_for
from herenow.launch.serving import ServingSet
from herenow.ordering.model import OrderingQuery
from herenow.profiles.installation import Installation
from herenow.profiles.learned.document import NOTHING, Learned
from herenow.profiles.learned.store import Profiles


@dataclass(frozen=True, slots=True)
class DecisionSubjects:
    """Reads what was learned only where the release asks for it."""

    profiles: Profiles

    def of(self, serving: ServingSet, installation: Installation, now: int) -> Subject:
        """Whom a decision is for, with what was learned of them where the release asks for it."""
        if not learns_from(serving):
            return subject_of(installation, now)
        return subject_of(installation, now, self.profiles.read(serving.scope, installation))

    def query(self, serving: ServingSet, installation: Installation, now: int) -> OrderingQuery:
        """What placements are ordered by for them, by their last context."""
        subject = self.of(serving, installation, now)
        prepared = prepared_for(serving, installation.context, subject, now)
        return query_for(serving, installation.context, subject, prepared, now)


def subject_of(installation: Installation, now: int, learned: Learned = NOTHING) -> Subject:
    """Whom a decision is for: one installation, and what was ``learned`` of its person."""
    acquisition, pending = installation.acquisition, installation.pending
    waiting = (
        acquisition is not None and acquisition.status == "pending" and acquisition.poll_after_ms is None
    )
    if acquisition is not None and pending is not None and waiting:
        acquisition = replace(acquisition, poll_after_ms=pending.poll_after_ms(now))
    return Subject(
        id=installation.id,
        installed_at=installation.created_at,
        consent=installation.consent,
        acquisition=acquisition,
        intent=installation.intent,
        sticky=installation.sticky,
        user_id=installation.user_id,
        learned=learned,
    )

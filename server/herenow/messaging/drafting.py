"""What a worker decides for one person whom something is due for: drafted, to be written with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from herenow.launch.serving import ServingSet
from herenow.messaging.asking import Moment
from herenow.messaging.due import Claim
from herenow.messaging.following import Following
from herenow.messaging.handing import taken_over
from herenow.messaging.moments import following_of
from herenow.messaging.people import Person
from herenow.messaging.seams import Occasion, Unwritten
from herenow.messaging.service import Parts, Reserved, caught_up, in_words, looked_at, staged_by
from herenow.messaging.state import Handing, Kept
from herenow.messaging.store import Change
from herenow.profiles.installation import Installation
from herenow.profiles.persons import Persons
from herenow.scope import Scope
from herenow.storage.ports import ABSENT


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to hand over, as it was reserved; no ``content`` where it could not be put into words."""

    handing: Handing
    content: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What was decided for one person, not yet written; no ``outgoing`` where nobody is there any more."""

    change: Change
    following: Following
    serving: ServingSet
    installation: Installation | None = None
    moment: Moment | None = None
    outgoing: tuple[Outgoing, ...] = ()
    reserved: Reserved = field(default_factory=Reserved)


@dataclass(frozen=True, slots=True)
class Drafting:
    """Decides for people, one at a time."""

    parts: Parts
    persons: Persons

    def draft(
        self, serving: ServingSet, claim: Claim, now: int, reserved: Reserved | None = None
    ) -> Draft | None:
        """What is decided for one person now; ``None`` for one of whom nothing is kept.

        ``reserved`` is what was taken for their messages when that was decided before.
        """
        parts, person = self.parts, claim.person
        loaded = parts.store.load(person)
        if loaded.version == ABSENT:
            return None
        installation = self.installation(person, loaded.kept)
        if installation is None:
            nothing = replace(loaded.kept, due_at=None)
            return Draft(Change(loaded, nothing, claim=claim), Following({}, ()), serving)
        moment = parts.moment(serving, installation, person, now, present=False)
        following = following_of(serving, installation)
        kept, _ = caught_up(parts, loaded.kept, serving, sources(person, loaded.kept), now, following)
        over = taken_over(kept, moment)
        reserved = reserved or Reserved()
        looked = looked_at(
            parts, staged_by(over.kept, moment), moment, serving, installation, person, reserved, following
        )
        after = looked.drawn.kept
        outgoing = [
            Outgoing(each, looked.contents[each.message])
            for each in after.handing
            if each.message in looked.contents
        ]
        for each in over.again:
            content = words(parts, serving, installation, person, each, moment)
            outgoing.append(Outgoing(each, content))
        change = Change(loaded, after, (*over.records, *looked.drawn.records), claim)
        following.recorded(change.records)
        return Draft(change, following, serving, installation, moment, tuple(outgoing), reserved)

    def installation(self, person: Person, kept: Kept) -> Installation | None:
        """The installation that somebody was last heard of by; ``None`` when they are gone or have left."""
        ids = [person.installation_id] if person.installation_id else self._devices(person, kept)
        return next(filter(None, (self._here(person.scope, each) for each in ids)), None)

    def _here(self, scope: Scope, installation_id: str) -> Installation | None:
        found = self.parts.installations.get(scope, installation_id)
        return None if found is None or found.signed_out or found.suppressed else found

    def _devices(self, person: Person, kept: Kept) -> list[str]:
        ids = self.persons.installations_of(person.scope, person.subject or "")

        def last_heard(installation_id: str) -> int:
            heard = kept.heard.get(installation_id)
            return heard.received_ms if heard else 0

        return sorted(ids, key=last_heard, reverse=True)


def words(
    parts: Parts,
    serving: ServingSet,
    installation: Installation,
    person: Person,
    handing: Handing,
    moment: Moment,
) -> Mapping[str, Any] | None:
    """The words of a message that is handed over again."""
    occasion = Occasion(
        serving,
        installation,
        person,
        moment.attributes,
        handing.message,
        handing.waiting.campaign,
        handing.channel,
        moment.clock.now,
        handing.item,
        handing.waiting.place,
        handing.offer,
        event=handing.waiting.event,
    )
    written = in_words(parts, occasion, set())
    return None if isinstance(written, Unwritten) else written.content


def sources(person: Person, kept: Kept) -> list[str]:
    """Every log that somebody was heard of by."""
    known = [*kept.heard, *(each for each in (person.installation_id, person.subject) if each)]
    return list(dict.fromkeys(known))

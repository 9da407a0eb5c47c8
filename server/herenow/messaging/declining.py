"""Harm told by people themselves: who denies a channel after a message had enough of that message."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from herenow.channels.model import CHANNELS
from herenow.errors import Unavailable
from herenow.launch.serving import ServingSet
from herenow.messaging.asking import ON_DEVICE
from herenow.messaging.moments import following_of
from herenow.messaging.people import Person
from herenow.messaging.service import Parts
from herenow.privacy.withdrawal import DENIED
from herenow.profiles.installation import Installation
from herenow.scope import Scope

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Declining:
    """Counts a changed mind as harm of the last message of the channel, within a week of its window."""

    parts: Parts

    def changed(self, scope: Scope, before: Installation, after: Installation) -> None:
        """After consent was changed. Never raises: what the person said is done already."""
        channels = [
            each
            for each in (*CHANNELS, *sorted(ON_DEVICE))
            if before.consent.get(each) == "granted" and after.consent.get(each) == DENIED
        ]
        if not channels:
            return
        try:
            self._count(self.parts.serving.current(scope), after, channels)
        except Unavailable as error:
            _log.warning("a changed mind was not counted", scope=str(scope), error=error.code)

    def _count(self, serving: ServingSet, after: Installation, channels: list[str]) -> None:
        person, now = Person.of(serving.scope, after), int(self.parts.clock())
        held = self.parts.store.load(person, after.id).kept.followed
        following = following_of(serving, after)
        for each in channels:
            following.silenced(held, each, now)
        self.parts.count(serving.scope, following.tally)

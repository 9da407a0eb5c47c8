"""Codes that a customer's backend says were used: judged before the event is stored, and answered at once.

A till wants to know whether a code counts while its customer stands there. So an event that says a code was
used is taken up when it comes, not when somebody reads the person's log; the log tells the same word again,
and that changes nothing. A purchase is a purchase whatever its code is worth: it is never refused for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.beacons.declared import Rules
from herenow.beacons.foreign import Told
from herenow.beacons.judging import Received, Refused, judge_one
from herenow.beacons.model import Outcome, Rejection, Sender
from herenow.clock import Clock
from herenow.errors import Unavailable
from herenow.launch.serving import ServingSet, ServingSets
from herenow.messaging.offers.promises import StockedPromises, Use, word_of
from herenow.messaging.offers.terms import PURCHASE
from herenow.messaging.people import Person
from herenow.scope import Scope
from herenow_sdk.core.device.consent import PURPOSES

_ALL: Final = dict.fromkeys(PURPOSES, "granted")
REFUSALS: Final[Mapping[Use, tuple[str, str]]] = {
    Use.TAKEN_BEFORE: ("CODE_USED", "/properties/code: it was used before."),
    Use.EXPIRED: ("CODE_EXPIRED", "/properties/code: it is over."),
    Use.NOT_THEIRS: ("CODE_NOT_THEIRS", "/properties/code: it was not promised to this person."),
    Use.UNKNOWN_CODE: ("UNKNOWN_CODE", "/properties/code: the offer has no such code."),
    Use.NOT_PROMISED: ("CODE_NOT_THEIRS", "/properties/code: it was not promised to this person."),
}


@dataclass(frozen=True, slots=True)
class Redeeming:
    """Takes up the codes of a batch. ``devices_of`` tells the installations of a person."""

    promises: StockedPromises
    serving: ServingSets
    rules: Callable[[Scope], Rules]
    devices_of: Callable[[Scope, str], Sequence[str]]
    clock: Clock

    def refusals(self, scope: Scope, told: Iterable[Told], sent_at: Any) -> list[Rejection]:
        """Note every code that was used; those that do not count, with the reason of each.

        The same batch again refuses nothing that counted.
        """
        try:
            serving = self.serving.current(scope)
        except Unavailable:
            return []
        if not serving.documents.get("offers.json"):
            return []
        received = Received(int(self.clock() * 1000), sent_at, self.rules(scope))
        found = ((each, self._use(serving, each, received)) for each in told)
        return [_rejection(each, use) for each, use in found if use in REFUSALS]

    def _use(self, serving: ServingSet, told: Told, received: Received) -> Use | None:
        """What came of the code; ``None`` for an event that tells of none, or is none."""
        if told.subject is None:
            return None
        record = judge_one(told.beacon, Sender(told.subject, _ALL, numbered=False), received)
        if isinstance(record, Refused) or record["name"] == PURCHASE:
            return None
        found = word_of(serving, record)
        if found is None or found[1].code is None:
            return None
        scope = serving.scope
        sources = (told.subject, *self.devices_of(scope, told.subject))
        return self.promises.use([Person.of_log(scope, each) for each in sources], *found)


def with_refusals(outcome: Outcome, refused: Sequence[Rejection]) -> Outcome:
    """What became of a batch, the refused codes of it at their places."""
    rejected = sorted((*outcome.rejected, *refused), key=lambda each: each.index)
    return replace(outcome, rejected=tuple(rejected))


def _rejection(told: Told, use: Use | None) -> Rejection:
    code, detail = REFUSALS[use or Use.NOT_PROMISED]
    return Rejection(told.index, told.beacon["id"], code, detail)

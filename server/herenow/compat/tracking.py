"""Exposures as GrowthBook's tracking plugin posts them, made into beacons.

An event tells what somebody saw and who that was; when, and where in a sequence, it does not. So an
exposure counts once a day for a person, an experiment and a variation (or a feature, its value and rule):
its id is made of these, and ids seen are kept (DESIGN D9). They are kept after the log has the
beacon, with the position of the log that they reach to: what a crash or another process left out is read
from there, and the log takes nothing of who has not read to its end.

A publishable key proves nobody, so such a person is a pseudonym of their own, never an installation, and
the app's policy alone says whether analytics is allowed. Of an event only what it says of the experiment or
feature is kept: no address, no page, no other attribute.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from herenow.beacons.model import Batch, Sender
from herenow.beacons.service import Beacons
from herenow.canonical import canonical_json
from herenow.clock import Clock, iso_utc
from herenow.compat.remembered import MAX_REMEMBERED, Remembered
from herenow.errors import Unavailable
from herenow.launch.serving import ServingSets
from herenow.profiles.consent import effective_consent
from herenow.scope import Scope
from herenow.storage.ports import VersionConflict
from herenow_sdk.core.device.consent import Handling, handling

MAX_EVENTS: Final = 500
"""Events taken of one request."""
MAX_PEOPLE: Final = 50
"""People in one request; each costs a write."""

_DAY: Final = 86_400
_MAX_TEXT: Final = 200
_ATTEMPTS: Final = 5
_KEPT: Final = {
    "Experiment Viewed": ("experiment", ("experimentId", "variationId", "hashAttribute")),
    "Feature Evaluated": ("feature", ("feature", "source", "value", "ruleId", "variationId")),
}
"""By name of an event: the beacon's name, and the properties that it keeps."""

Told = Mapping[str, Any]


class Tracking:
    """Takes events of stock SDKs."""

    def __init__(
        self, serving: ServingSets, beacons: Beacons, remembered: Remembered, *, pepper: bytes, clock: Clock
    ) -> None:
        self._serving = serving
        self._beacons = beacons
        self._remembered = remembered
        self._pepper = pepper
        self._clock = clock

    def accept(
        self, scope: Scope, events: Sequence[Any], spend: Callable[[Scope, str, int], None] | None = None
    ) -> int:
        """Store the exposures among ``events``; durable when this returns. Says how many were new.

        Whatever else is among them is passed over. Raises ``Unavailable`` when nothing is published, and
        what ``spend`` raises, which counts how many there are of each person before any is stored.
        """
        consent = effective_consent({}, self._serving.current(scope).policy.get("consent", {}))
        if handling("exposure", consent) is not Handling.SEND:
            return 0
        now = int(self._clock())
        told = list(_by_person(events[:MAX_EVENTS]).items())[:MAX_PEOPLE]
        people = [(self._pseudonym(scope, who), exposures) for who, exposures in told]
        for subject, exposures in people:
            if spend is not None:
                spend(scope, subject, len(exposures))
        return sum(
            self._store(scope, Sender(subject, consent, numbered=False), exposures, now)
            for subject, exposures in people
        )

    def _store(self, scope: Scope, sender: Sender, exposures: Iterable[Told], now: int) -> int:
        beacons = {each["id"]: each for each in (_beacon(told, sender, now) for told in exposures)}
        for _ in range(_ATTEMPTS):
            known = self._remembered.read(scope, sender.id, now)
            fresh = [beacon for identifier, beacon in beacons.items() if identifier not in known.ids]
            if not fresh or len(known.ids) >= MAX_REMEMBERED:
                return 0
            with suppress(VersionConflict):  # another request of the person: see what it stored
                accepted = self._beacons.accept(scope, sender, Batch(fresh), after=known.position).accepted
                self._remembered.keep(scope, sender.id, known.and_stored(fresh), now)
                return accepted
        raise Unavailable("The person's exposures come in too many ways at once")

    def _pseudonym(self, scope: Scope, who: str) -> str:
        return hmac.new(self._pepper, f"{scope}:{who}".encode(), hashlib.sha256).hexdigest()[:32]


def _by_person(events: Iterable[Any]) -> Mapping[str, list[Told]]:
    people: defaultdict[str, list[Told]] = defaultdict(list)
    for event in events:
        exposure = _exposure(event)
        if exposure is not None:
            people[_who(event)].append(exposure)
    return people


def _who(event: Told) -> str:
    """Whose exposure it is: the value that was hashed, else the ids the app has."""
    properties = _object(event.get("properties_json"))
    told = (properties.get("hashValue"), event.get("user_id"), event.get("device_id"))
    return next((str(each)[:_MAX_TEXT] for each in told if each and isinstance(each, str | int | float)), "")


def _exposure(event: Any) -> Told | None:
    """The beacon's name and properties; ``None`` for an event that is no exposure or lacks its subject."""
    if not isinstance(event, Mapping) or not isinstance(event.get("event_name"), str):
        return None
    name, kept = _KEPT.get(event["event_name"], ("", ()))
    properties = _object(event.get("properties_json"))
    if not kept or not _is_text(properties.get(kept[0])):
        return None
    said = {each: properties[each] for each in kept if _is_scalar(properties.get(each))}
    return {"name": name, "properties": said}


def _beacon(told: Told, sender: Sender, now: int) -> dict[str, Any]:
    seed = canonical_json([sender.id, now // _DAY, told])
    digest = hashlib.sha256(seed).hexdigest()
    identifier = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    return {"id": identifier, "type": "exposure", "at": iso_utc(now), **told}


def _object(value: Any) -> Told:
    return value if isinstance(value, Mapping) else {}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_TEXT


def _is_scalar(value: Any) -> bool:
    return _is_text(value) or isinstance(value, bool | int | float)

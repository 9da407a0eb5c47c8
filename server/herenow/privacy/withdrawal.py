"""A change of mind takes effect at once: what a purpose allowed to keep goes with the purpose.

Of an installation's document: the search and all it meant with ``personalization``, the device's own place
with ``location``. Of its log: ``geo`` beacons and every place told in others with ``location``, ``behavior``
and ``exposure`` beacons with ``analytics``, texts of searches with ``personalization``. What was learned from
the log is deleted, and learned again from what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from herenow.acquisition.model import without_text
from herenow.beacons.kinds import kind_of, needs
from herenow.beacons.searched import without_searches
from herenow.beacons.whereabouts import Exactness, kept, placeless
from herenow.intent.model import Intent, Source
from herenow.profiles.consent import merge_consent
from herenow.profiles.installation import Installation

DENIED: Final = "denied"
GRANTED: Final = "granted"
OF_THE_LOG: Final = frozenset({"analytics", "location", "personalization"})
"""Purposes on which records of a log stand."""


def consenting(held: Installation, change: Mapping[str, str], now: int) -> Installation:
    """The installation once the person has said this, without what may no longer be kept."""
    consent = merge_consent(held.consent, change)
    said = held.statement.saying({each: consent[each] for each in change if each in consent}, now)
    changed = replace(held, consent=consent, stated_at=said.stated_at, reconsidered=said.reconsidered)
    if changed.consent.get("location") == DENIED:
        changed = replace(changed, intent=_placeless(changed.intent))
    if changed.keeps_searches:
        return changed
    acquisition = held.acquisition
    if acquisition is not None and not changed.personalizes:
        acquisition = acquisition.withheld()
    return replace(
        changed,
        acquisition=acquisition,
        intent=None,
        pending=held.pending if changed.personalizes else None,
        touches=tuple(without_text(touch) for touch in held.touches),
    )


def withdrawn(consent: Mapping[str, str], said: Iterable[str]) -> frozenset[str]:
    """The purposes of which a log must hold nothing after these were spoken of; also when that was before.

    Texts of searches are not kept with ``unknown`` either; ``unknown`` of the others stops what comes.
    """
    spoken = OF_THE_LOG.intersection(said)
    lost = {each for each in spoken if consent.get(each) == DENIED}
    if "personalization" in spoken and consent.get("personalization") != GRANTED:
        lost.add("personalization")
    return frozenset(lost)


def lost_between(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """The purposes of a log that were withdrawn from one consent to another, as ``withdrawn`` says."""
    changed = {each: after[each] for each in OF_THE_LOG & after.keys() if after[each] != before.get(each)}
    return withdrawn(after, changed)


def without(record: Mapping[str, Any], purposes: frozenset[str]) -> Mapping[str, Any] | None:
    """A record of the log without what stood on these purposes; ``None`` when nothing is left of it."""
    kind, name = record["type"], record["name"]
    if needs(kind, name) in purposes:
        return None
    properties = record["properties"]
    if "location" in purposes:
        known = kind_of(kind, name)
        promised = known.members.by_name.keys() if known else frozenset()
        properties = placeless(kept(properties, Exactness.NONE, promised))
    if "personalization" in purposes:
        properties = without_searches(properties)
    return record if properties is record["properties"] else {**record, "properties": properties}


def _placeless(intent: Intent | None) -> Intent | None:
    """The intent without the device's own place; one that was named is no whereabouts."""
    place = intent.place if intent else None
    if intent is None or place is None:
        return intent
    of_device = place.facet is None and not place.values and place.source is Source.CATALOG
    return replace(intent, place=None) if of_device else intent

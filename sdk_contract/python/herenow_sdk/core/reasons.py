"""Why an answer came out so: closed sets of codes, the same in every language.

A code is stable and upper case. Its arguments are named in the comment beside it; a renderer turns the
pair into a sentence, so no sentence is ever stored or sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class FeatureReason(StrEnum):
    """Why a feature has its value. The first four are OpenFeature's."""

    STATIC = "STATIC"
    """The default; the feature has no rules."""
    DEFAULT = "DEFAULT"
    """The default; no rule applied."""
    TARGETING_MATCH = "TARGETING_MATCH"
    """A rule forced the value."""
    SPLIT = "SPLIT"
    """An experiment assigned it."""
    PREREQUISITE_FAILED = "PREREQUISITE_FAILED"
    """A feature this one depends on closes the gate; the value is null."""
    CYCLIC_PREREQUISITE = "CYCLIC_PREREQUISITE"
    """Features depend on each other in a circle; the value is null."""
    UNKNOWN_FEATURE = "UNKNOWN_FEATURE"
    """There is no feature of that name; the value is null."""
    OVERRIDE = "OVERRIDE"
    """Set from outside, for a preview or a test device."""
    DISABLED = "DISABLED"
    """The capability is switched off."""


class ItemReason(StrEnum):
    """Why an item stands where it does."""

    INTENT_MATCH = "INTENT_MATCH"  # facet, value
    RELATED_MATCH = "RELATED_MATCH"  # facet, value, to
    IN_PLACE = "IN_PLACE"  # place, distance_m where known
    NEAR_PLACE = "NEAR_PLACE"  # place, distance_m
    NEAR_YOU = "NEAR_YOU"  # distance_m
    MODIFIER_MATCH = "MODIFIER_MATCH"  # modifier
    HIGHLY_RATED = "HIGHLY_RATED"
    POPULAR = "POPULAR"
    FRESH = "FRESH"
    AFFINITY = "AFFINITY"
    BOOSTED = "BOOSTED"
    PINNED = "PINNED"


class PlacementReason(StrEnum):
    """Why a placement shows this selection."""

    SEARCHED = "SEARCHED"  # label, place
    WIDENED = "WIDENED"  # step, and what the step changed
    NEAR_YOU = "NEAR_YOU"
    POPULAR = "POPULAR"
    NOT_UNDERSTOOD = "NOT_UNDERSTOOD"  # unparsed
    PERSONAL = "PERSONAL"
    CONFIGURED = "CONFIGURED"
    PINNED = "PINNED"


class AnswerSource(StrEnum):
    """Where what an app shows was decided."""

    SERVER = "SERVER"
    """By the server, for this person."""
    DEVICE = "DEVICE"
    """On the device, by the last rules accepted."""
    PACKAGED = "PACKAGED"
    """On the device, by the rules packaged in the app."""
    DEFAULT = "DEFAULT"
    """Nowhere: the app's own default."""


class IdentityAction(StrEnum):
    """What an SDK does when whom it speaks for changes."""

    KEEP_BEACONS = "KEEP_BEACONS"
    """Beacons not sent yet stay, under the installation that recorded them."""
    PURGE_BEACONS = "PURGE_BEACONS"
    PURGE_ANSWERS = "PURGE_ANSWERS"
    """Forget answers, profile, and whatever else was learned or decided for the person."""
    PURGE_CONSENT = "PURGE_CONSENT"
    NEW_INSTALLATION = "NEW_INSTALLATION"
    """Make a new id and a new secret."""
    FIRST_LAUNCH = "FIRST_LAUNCH"
    SEND_IDENTIFY = "SEND_IDENTIFY"
    FETCH_CONFIG = "FETCH_CONFIG"


class ConsentAction(StrEnum):
    """What an SDK does when a person changes their consent."""

    FORGET_SEARCH = "FORGET_SEARCH"
    """Drop what the search meant and every answer made with it; decide again without."""
    PURGE_BEHAVIOR = "PURGE_BEHAVIOR"
    """Drop beacons of behaviour and exposure not sent yet."""
    FORGET_PLACES = "FORGET_PLACES"
    """Drop geo beacons not sent yet and the states of fences."""
    SEND_CONSENT = "SEND_CONSENT"
    FETCH_CONFIG = "FETCH_CONFIG"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its arguments (JSON values)."""

    code: ItemReason | PlacementReason
    args: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """``{"code": …, "args": {…}}``; ``args`` only when there are any."""
        return {"code": self.code.value, "args": dict(self.args)} if self.args else {"code": self.code.value}

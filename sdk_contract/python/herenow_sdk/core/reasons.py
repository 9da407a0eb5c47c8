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

    INTENT_MATCH = "INTENT_MATCH"  # facet, value; or text
    RELATED_MATCH = "RELATED_MATCH"  # facet, value, to
    IN_PLACE = "IN_PLACE"  # place, distance_m where known
    NEAR_PLACE = "NEAR_PLACE"  # place, distance_m
    NEAR_YOU = "NEAR_YOU"  # distance_m
    MODIFIER_MATCH = "MODIFIER_MATCH"  # modifier
    HIGHLY_RATED = "HIGHLY_RATED"
    POPULAR = "POPULAR"
    FRESH = "FRESH"
    AFFINITY = "AFFINITY"
    GOES_WITH = "GOES_WITH"  # item
    USUAL_NOW = "USUAL_NOW"
    BOOSTED = "BOOSTED"
    PINNED = "PINNED"


class PlacementReason(StrEnum):
    """Why a placement shows this selection."""

    SEARCHED = "SEARCHED"  # label, place, modifiers, text, as far as they apply
    WIDENED = "WIDENED"  # step, and what the step changed
    NEAR_YOU = "NEAR_YOU"
    POPULAR = "POPULAR"
    NOT_UNDERSTOOD = "NOT_UNDERSTOOD"  # unparsed
    PERSONAL = "PERSONAL"
    PINNED = "PINNED"


class RuleOutcome(StrEnum):
    """What became of a rule in an explanation."""

    DECIDES = "DECIDES"
    SKIPPED = "SKIPPED"
    """It does not apply; the next rule is asked."""
    NOT_ASKED = "NOT_ASKED"
    """An earlier rule had decided."""
    UNREADABLE = "UNREADABLE"
    """There is nothing in it that this version can decide by."""


class OrderReason(StrEnum):
    """Why a placement's items stand in the order they do on the device."""

    ORDERED = "ORDERED"
    """By the placement's rule."""
    DISABLED = "DISABLED"
    """Ordering is switched off; they stand as they were given."""


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
    """Drop geo beacons not sent yet, the states of fences, and the track."""
    SEND_CONSENT = "SEND_CONSENT"
    FETCH_CONFIG = "FETCH_CONFIG"


class ManifestRefusal(StrEnum):
    """Why a manifest is not accepted; the last good one stays."""

    TOO_LARGE = "TOO_LARGE"
    MALFORMED = "MALFORMED"
    DUPLICATE_MEMBER = "DUPLICATE_MEMBER"
    """A JSON object in it has a member twice, and parsers differ about which one counts."""
    WRONG_ALGORITHM = "WRONG_ALGORITHM"
    WRONG_TYPE = "WRONG_TYPE"
    REVOKED_KEY = "REVOKED_KEY"
    """Signed by a key that was revoked, or by one that it revokes itself."""
    UNKNOWN_KEY = "UNKNOWN_KEY"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    UNSUPPORTED_SPEC = "UNSUPPORTED_SPEC"
    WRONG_APP = "WRONG_APP"
    WRONG_ENVIRONMENT = "WRONG_ENVIRONMENT"
    OLDER_SEQUENCE = "OLDER_SEQUENCE"
    CONFLICTING_SEQUENCE = "CONFLICTING_SEQUENCE"
    """Another content under a sequence already accepted."""
    OLDER_ISSUE = "OLDER_ISSUE"
    """The content already accepted, as it was signed earlier."""
    ISSUED_IN_FUTURE = "ISSUED_IN_FUTURE"
    EXPIRED = "EXPIRED"


class PartRefusal(StrEnum):
    """Why bytes are not the part that a manifest names."""

    PART_TOO_LARGE = "PART_TOO_LARGE"
    WRONG_SIZE = "WRONG_SIZE"
    WRONG_DIGEST = "WRONG_DIGEST"
    MALFORMED_PART = "MALFORMED_PART"


class SpecVerdict(StrEnum):
    """What an SDK makes of the version of the contract that it is told."""

    SUPPORTED = "SUPPORTED"
    NEWER_MINOR = "NEWER_MINOR"
    """Used; what is unknown in it is skipped."""
    OTHER_MAJOR = "OTHER_MAJOR"
    """Not used; the last good one stays."""
    UNREADABLE = "UNREADABLE"


class RetryClass(StrEnum):
    """What an SDK does about the answer to a request, or about having none."""

    DONE = "DONE"
    RETRY = "RETRY"
    """Again, after the back-off."""
    WAIT = "WAIT"
    """Again, after what the server asked for and the back-off."""
    SPLIT = "SPLIT"
    """Again at once, with less in it."""
    RENEW_TOKEN = "RENEW_TOKEN"  # noqa: S105 - the name of an action
    """A fresh token, then once more."""
    NEW_IDENTITY = "NEW_IDENTITY"
    """The server does not know this installation with this secret: chapter 15."""
    DROP = "DROP"
    """Never again: the request is wrong."""
    STOP = "STOP"
    """Nothing more until the next start: the app is built or configured wrongly."""


class SeqVerdict(StrEnum):
    """What a server makes of the number of a beacon."""

    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    TOO_OLD = "TOO_OLD"
    """Further behind the highest number seen than is remembered."""
    INVALID = "INVALID"


class BeaconFault(StrEnum):
    """Why a beacon is dropped, alone, by the device or by the server."""

    MALFORMED_BEACON = "MALFORMED_BEACON"
    BEACON_TOO_LARGE = "BEACON_TOO_LARGE"
    BEACON_TOO_OLD = "BEACON_TOO_OLD"
    BEACON_FROM_FUTURE = "BEACON_FROM_FUTURE"
    CONSENT_DENIED = "CONSENT_DENIED"
    DUPLICATE_EXPOSURE = "DUPLICATE_EXPOSURE"
    """The same exposure again in one session."""
    QUEUE_FULL = "QUEUE_FULL"
    REJECTED = "REJECTED"
    """The server refused a request that held nothing but this beacon."""


class CacheFault(StrEnum):
    """Why something kept on the device is not used; it is deleted, and the next source stands in."""

    CORRUPT = "CORRUPT"
    OTHER_FORMAT = "OTHER_FORMAT"
    """Written by another version of the SDK."""
    OTHER_IDENTITY = "OTHER_IDENTITY"
    """Made for somebody else."""


class FixFault(StrEnum):
    """Why a position is passed over."""

    MALFORMED_FIX = "MALFORMED_FIX"
    FROM_FUTURE = "FROM_FUTURE"
    """Later than now by the device's clock."""
    INACCURATE = "INACCURATE"
    NOT_NEWER = "NOT_NEWER"
    """Not later than the last one used: repeated, or out of order."""
    IMPOSSIBLE_SPEED = "IMPOSSIBLE_SPEED"


class Silence(StrEnum):
    """Why a transition is not announced or starts no message; the state changed all the same."""

    LATE = "LATE"
    COOLING_DOWN = "COOLING_DOWN"
    CLOSED = "CLOSED"
    """It is told, and starts no message."""


class SlotAction(StrEnum):
    """What a device does about the regions it watches."""

    KEEP = "KEEP"
    RANK = "RANK"
    """Choose again among the fences it has."""
    FETCH = "FETCH"
    """Fetch the tiles around it, then choose."""
    OFF = "OFF"
    """Watch nothing: switched off, or no slot is left."""


class MessageOutcome(StrEnum):
    """What became of a message that was due. ``held`` and ``outranked`` wait; the others are final."""

    SHOW = "show"
    HELD = "held"
    SUPPRESSED = "suppressed"
    OUTRANKED = "outranked"
    EXPIRED = "expired"
    NO_CONSENT = "no_consent"
    CONTROL = "control"
    """Kept from this person to measure what messages do; its time is noted."""


class MessageFault(StrEnum):
    """Why a message that was to be shown could not be put into words."""

    NO_TEMPLATE = "NO_TEMPLATE"
    """Its campaign has no content with a title."""
    NAME_WITHOUT_VALUE = "NAME_WITHOUT_VALUE"
    """Its title or body names something that is not known."""


class MessageReason(StrEnum):
    """Why a message is shown, held or not sent."""

    SHOWN = "SHOWN"
    SHOWN_SILENTLY = "SHOWN_SILENTLY"
    """In quiet hours, without sound."""
    DISABLED = "DISABLED"
    """The campaign, or the capability, is switched off."""
    UNKNOWN_CAMPAIGN = "UNKNOWN_CAMPAIGN"
    CANCELLED = "CANCELLED"
    """An event called it off."""
    FOLLOWED = "FOLLOWED"  # by
    """What it would have asked for happened in time."""
    LATE_TRIGGER = "LATE_TRIGGER"  # late_s, life_s
    """The place was left behind before anybody heard of it."""
    DELAYED = "DELAYED"
    AWAITING_EVENT = "AWAITING_EVENT"  # event
    AUDIENCE_MISMATCH = "AUDIENCE_MISMATCH"
    NOT_ELIGIBLE_AGAIN = "NOT_ELIGIBLE_AGAIN"  # shown_at, again_at where there is an again
    NO_OFFER = "NO_OFFER"
    """None of its offers may be given to this person now."""
    NO_CONSENT = "NO_CONSENT"  # channels
    EXPIRED = "EXPIRED"
    SCHEDULE_ENDED = "SCHEDULE_ENDED"
    EXPIRES_HELD = "EXPIRES_HELD"  # by, until
    """It would expire before what holds it lets go."""
    HOLDOUT = "HOLDOUT"  # bucket, below
    CONTROL_GROUP = "CONTROL_GROUP"  # bucket, below
    CAPPED = "CAPPED"  # rule, counted, max, lent
    NOT_LEASED = "NOT_LEASED"  # rule, used, slots
    """The device has spent what the server lent it of a cap, or holds it too long."""
    QUIET_HOURS = "QUIET_HOURS"
    QUIET_DROPPED = "QUIET_DROPPED"
    ZONE_UNKNOWN = "ZONE_UNKNOWN"
    """Nobody can tell whether it is night."""
    OUTSIDE_SCHEDULE = "OUTSIDE_SCHEDULE"
    COOL_DOWN = "COOL_DOWN"  # since
    OUTRANKED = "OUTRANKED"  # by, at
    PACED = "PACED"  # max, per_s
    """Only a server holds for this: so many messages leave in a window, over everybody."""
    BEST_TIME = "BEST_TIME"
    """Only a server holds for this: the person's better hour."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its arguments (JSON values)."""

    code: ItemReason | PlacementReason
    args: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """``{"code": …, "args": {…}}``; ``args`` only when there are any."""
        return {"code": self.code.value, "args": dict(self.args)} if self.args else {"code": self.code.value}

"""Which beacons of a batch count. Pure; envelope, repeats, consent and time are the contract's (SPEC 13, 16).

A beacon is judged alone: its envelope, whether it came before, whether the person allows it, when it
happened, and whether its properties say what its name promises. Only what is accepted marks its number as
seen, so that the log alone can tell what was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.beacons.declared import Rules
from herenow.beacons.items import HasItem, unknown_item
from herenow.beacons.kinds import kind_of, needs, type_asked
from herenow.beacons.model import Batch, Caution, DoorFault, DoorWarning, Outcome, Rejection, Sender
from herenow.beacons.searched import without_searches
from herenow.beacons.whereabouts import Exactness, kept, placeless
from herenow_sdk.core.device.beacons import Beacon, read_beacon
from herenow_sdk.core.device.clock_skew import occurrence
from herenow_sdk.core.device.consent import Handling, handling
from herenow_sdk.core.device.sequence import Seen, recognise
from herenow_sdk.core.reasons import BeaconFault, SeqVerdict

_MAX_ID: Final = 64
_DETAILS: Final[Mapping[BeaconFault | DoorFault, str]] = {
    BeaconFault.MALFORMED_BEACON: "Not a beacon: see id, type, name, at, properties and seq in the contract.",
    BeaconFault.BEACON_TOO_LARGE: "The beacon exceeds 32,700 bytes.",
    BeaconFault.BEACON_TOO_OLD: "It happened more than 30 days ago, or its seq is far behind the highest.",
    BeaconFault.BEACON_FROM_FUTURE: "It claims to happen more than 5 minutes from now.",
    BeaconFault.CONSENT_DENIED: "The person has not granted the purpose that this type needs.",
    DoorFault.NOT_COLLECTED: "The app declares that it collects no location.",
    DoorFault.TOO_MANY_TODAY: "More of one person in a day than is taken; send the rest tomorrow.",
    DoorFault.NO_SUBJECT: "It does not say whose it is.",
    DoorFault.ERASED: "This person was erased on request; nothing more of them is stored.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """The records to store, what has been seen with them, and what to answer once they are stored."""

    records: tuple[Mapping[str, Any], ...]
    seen: Seen
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a beacon does not count, for machines and for people."""

    code: BeaconFault | DoorFault
    detail: str


@dataclass(frozen=True, slots=True)
class Received:
    """When a batch came, what it said of its sending, and by which rules it is taken.

    ``oldest_ms``, where it is set, stands in place of the 30 days: what was known before herenow came.
    ``has_item`` tells whether there is an item of an id; ``None``: there is no catalogue to ask.
    """

    at_ms: int
    sent_at: Any = None
    rules: Rules = field(default_factory=Rules)
    oldest_ms: int | None = None
    has_item: HasItem | None = None


def judge(batch: Batch, sender: Sender, seen: Seen, received: Received) -> Judged:
    """Judge every beacon of a batch. Never raises."""
    records: list[Mapping[str, Any]] = []
    rejected: list[Rejection] = []
    warnings: list[Caution] = []
    duplicates = 0
    for index, told in enumerate(batch.beacons):
        verdict, after = _number(told, sender, seen)
        judged = _judged(told, verdict, sender, received)
        if judged is None:
            duplicates += 1
        elif isinstance(judged, Refused):
            rejected.append(Rejection(index, id_of(told), judged.code.value, judged.detail))
        else:
            records.append(judged)
            warnings += cautions(index, judged, received)
            seen = after
    outcome = Outcome(len(records), duplicates, tuple(rejected), tuple(warnings))
    return Judged(tuple(records), seen, outcome)


def judge_one(told: Any, sender: Sender, received: Received) -> Mapping[str, Any] | Refused:
    """The record to store of a beacon without a number, or why there is none. Never raises."""
    judged = _judged(told, SeqVerdict.ACCEPTED, sender, received)
    return judged if judged is not None else refused(BeaconFault.MALFORMED_BEACON)


def cautions(index: int, record: Mapping[str, Any], received: Received) -> tuple[Caution, ...]:
    """What is odd about a record that counts, told by its place in the batch."""
    where = unknown_item(record, received.rules, received.has_item) if received.has_item else None
    if where is None:
        return ()
    detail = f"{where}: the live catalogue has no item of this id; nothing is learned of what it is."
    return (Caution(index, record["id"], DoorWarning.UNKNOWN_ITEM.value, detail),)


def refused(code: BeaconFault | DoorFault, detail: str = "") -> Refused:
    """A refusal, with the detail that goes with its code."""
    return Refused(code, detail or _DETAILS.get(code, ""))


def id_of(told: Any) -> str | None:
    """The id that something which should be a beacon bears, as far as it is one."""
    found = told.get("id") if isinstance(told, Mapping) else None
    return found[:_MAX_ID] if isinstance(found, str) else None


def _number(told: Any, sender: Sender, seen: Seen) -> tuple[SeqVerdict, Seen]:
    if not sender.numbered:
        return SeqVerdict.ACCEPTED, seen
    return recognise(seen, told.get("seq") if isinstance(told, Mapping) else None)


def _judged(
    told: Any, verdict: SeqVerdict, sender: Sender, received: Received
) -> Mapping[str, Any] | Refused | None:
    """The record to store, or why there is none; ``None`` for one that came before."""
    read = read_beacon(told)
    if isinstance(read, BeaconFault):
        return refused(read)
    if verdict is not SeqVerdict.ACCEPTED:
        fault = _REPEATED[verdict]
        return refused(fault) if fault else None
    beacon, _ = read
    if handling(beacon["type"], sender.consent) is not Handling.SEND or _own_of_message(beacon, sender):
        return refused(BeaconFault.CONSENT_DENIED)
    happened_ms = _happened_ms(beacon, received)
    if isinstance(happened_ms, Refused):
        return happened_ms
    wrong = _said_wrong(beacon, received.rules)
    if wrong is not None:
        return wrong
    return _record(beacon, told, sender, happened_ms, received)


def _own_of_message(beacon: Beacon, sender: Sender) -> bool:
    """Whether an app's own event calls itself a message's and lacks the consent of a behaviour."""
    purpose = needs(beacon["type"], beacon["name"])
    return beacon["type"] == "message" and purpose is not None and sender.consent.get(purpose) != "granted"


def _happened_ms(beacon: Beacon, received: Received) -> int | Refused:
    happened = occurrence(beacon["at"], received.sent_at, received.at_ms)
    if happened.at_ms is not None:
        return happened.at_ms
    if happened.fault is BeaconFault.BEACON_TOO_OLD and received.oldest_ms is not None:
        told_ms = happened.told_ms or 0
        return told_ms if told_ms >= received.oldest_ms else refused(happened.fault, "Older than is kept.")
    return refused(happened.fault or BeaconFault.MALFORMED_BEACON)


def _said_wrong(beacon: Beacon, rules: Rules) -> Refused | None:
    """What the beacon's name does not allow its properties to say."""
    kind, name = beacon["type"], beacon["name"]
    if (asked := type_asked(kind, name)) is not None:
        return refused(DoorFault.WRONG_TYPE, f"/type: {name} is told by type {asked}.")
    if name == "location" and rules.exactness is Exactness.NONE:
        return refused(DoorFault.NOT_COLLECTED)
    known = kind_of(kind, name)
    for members in (known.members if known else None, rules.declared.get(name)):
        fault = members.fault(beacon["properties"]) if members else None
        if fault is not None:
            return refused(DoorFault.INVALID_PROPERTIES, f"/properties{fault[0]}: expected {fault[1]}.")
    return None


def _record(
    beacon: Beacon, told: Mapping[str, Any], sender: Sender, at_ms: int, received: Received
) -> dict[str, Any]:
    """``at`` stays what the device said; ``at_ms`` is when it happened by our clock (SPEC 13.6)."""
    properties = _allowed(beacon, sender, received.rules)
    record = {**beacon, "properties": properties, "at_ms": at_ms, "received_ms": received.at_ms}
    return {**record, "seq": told["seq"]} if sender.numbered else record


def _allowed(beacon: Beacon, sender: Sender, rules: Rules) -> Mapping[str, Any]:
    """The properties without what the person does not allow: a place without location, a search unasked."""
    location = sender.consent.get("location")
    known = kind_of(beacon["type"], beacon["name"])
    promised = known.members.by_name.keys() if known else frozenset()
    exactness = rules.exactness if location == "granted" else Exactness.NONE
    properties = kept(beacon["properties"], exactness, promised)
    if location == "denied":
        properties = placeless(properties)
    if sender.consent.get("personalization") != "granted":
        properties = without_searches(properties)
    return properties


_REPEATED: Final[Mapping[SeqVerdict, BeaconFault | None]] = {
    SeqVerdict.DUPLICATE: None,
    SeqVerdict.TOO_OLD: BeaconFault.BEACON_TOO_OLD,
    SeqVerdict.INVALID: BeaconFault.MALFORMED_BEACON,
}

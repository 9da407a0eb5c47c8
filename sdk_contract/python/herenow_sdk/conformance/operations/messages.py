"""Chapter 11: whether a message may be shown now, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.core.attributes import derive
from herenow_sdk.core.messages.arming import arming_obstacles
from herenow_sdk.core.messages.calendar import LocalClock, since
from herenow_sdk.core.messages.caps import Use, use
from herenow_sdk.core.messages.decide import decide_messages
from herenow_sdk.core.messages.decision import MessageDecisions
from herenow_sdk.core.messages.durations import period, read_duration
from herenow_sdk.core.messages.holdout import control_bucket, holdout_bucket
from herenow_sdk.core.messages.leases import grant, outstanding, read_leases
from herenow_sdk.core.messages.ledger import read_ledger
from herenow_sdk.core.messages.links import is_link
from herenow_sdk.core.messages.policy import parse_policy
from herenow_sdk.core.messages.rules import MessageRules, parse_messages
from herenow_sdk.core.messages.waiting import observe, read_happening, read_pending
from herenow_sdk.core.reading import Malformed
from herenow_sdk.core.zones import parse_zone


def _rules(given: Mapping[str, Any]) -> MessageRules:
    """``campaigns``, ``offers`` and ``policy`` as the bodies of their parts, each optional."""
    parts = {name: {name: given[name]} for name in ("campaigns", "offers", "policy") if name in given}
    return parse_messages(parts, {}, lambda *_: None)


def _decisions(given: Mapping[str, Any]) -> MessageDecisions:
    """The rules beside ``now``, ``zone``, ``attributes`` and the members of a state; most may be absent."""
    granted = dict.fromkeys(("in_app", "push", "local_notification", "email", "sms"), "granted")
    state = {name: given[name] for name in ("triggers", "ledger", "leases", "kill") if name in given}
    state["consent"] = given.get("consent", granted)
    clock = LocalClock(given["now"], parse_zone(given.get("zone")))
    return decide_messages(_rules(given), given.get("attributes", {}), state, clock)


def _decision(given: Mapping[str, Any]) -> Any:
    """The decisions, as they are told."""
    return _decisions(given).as_json()


def _decision_steps(given: Mapping[str, Any]) -> Any:
    return {
        f"{index} {each.campaign}": [check.as_json() for check in each.checks]
        for index, each in enumerate(_decisions(given).decisions)
    }


def _duration(given: Mapping[str, Any]) -> Any:
    """``{"text"}``: seconds; ``{"per", "window"?}``: what a cap counts over."""
    if "text" in given:
        seconds = read_duration(given["text"])
        if seconds is None:
            raise Refused("MALFORMED")
        return {"seconds": seconds}
    try:
        read = period(given["per"], given.get("window"))
    except Malformed as problem:
        raise Refused("MALFORMED") from problem
    return {"seconds": read.seconds, "unit": read.unit, "count": read.count}


def _use(given: Mapping[str, Any]) -> Use:
    """``{"cap", "ledger", "leases"?, "place"?, "now", "zone"?}``."""
    policy = parse_policy({"caps": [given["cap"]]}, lambda *_: None)
    if not policy.caps:
        raise Refused("MALFORMED")
    cap, now = policy.caps[0], given["now"]
    start = since(cap.period, parse_zone(given.get("zone")), now)
    ledger, leases = read_ledger(given["ledger"]), read_leases(given.get("leases"))
    return use(cap, ledger, leases, given.get("place"), start, now)


def _cap(given: Mapping[str, Any]) -> Any:
    """How many count, and how much room there is."""
    found = _use(given)
    return {"counted": found.counted, "left": max(found.left, 0)}


def _cap_steps(given: Mapping[str, Any]) -> Any:
    cap = _use(given).cap
    return {"since": since(cap.period, parse_zone(given.get("zone")), given["now"])}


def _lease(given: Mapping[str, Any]) -> Any:
    """Of a cap, what may be lent of the ``wanted`` slots, and whether this host may send.

    Or, of a lease ``returned``, what still counts.
    """
    if "returned" in given:
        return {"outstanding": outstanding(**given["returned"])}
    found = _use(given)
    return {
        "counted": found.counted,
        "grant": grant(found.cap.maximum, found.counted, given.get("wanted", 0)),
        "may_send": found.left > 0 and not found.unleased,
    }


def _holdout(given: Mapping[str, Any]) -> Any:
    """``{"person", "salt"}`` or ``{"person", "campaign"}``: the bucket."""
    if "campaign" in given:
        return {"bucket": control_bucket(given["campaign"], given["person"])}
    return {"bucket": holdout_bucket(given["salt"], given["person"])}


def _eligibility(given: Mapping[str, Any]) -> Any:
    """``{"campaigns", "triggers"?, "progress"?, "events"}``: what waits after the events."""
    rules, pending = _rules(given), read_pending(given)
    for raw in given["events"]:
        happened = read_happening(raw)
        pending = pending if happened is None else observe(rules, pending, happened)
    return {
        "triggers": [each.as_json() for each in pending.waiting],
        "progress": {name: list(steps) for name, steps in pending.progress.items()},
    }


def _arming(given: Mapping[str, Any]) -> Any:
    """``{"campaigns", "policy"?, "campaign", "state", "id"?}``: what forbids arming it with the system."""
    rules = _rules(given)
    attributes = derive({}, {"id": given.get("id")}, {}, 0)
    return arming_obstacles(rules, rules.campaigns[given["campaign"]], attributes, given["state"])


def _link(given: Mapping[str, Any]) -> Any:
    """``{"text"}``: whether a tap may follow it."""
    return is_link(given["text"])


OPERATIONS: Final[Mapping[str, Operation]] = {
    "duration": _duration,
    "cap": _cap,
    "lease": _lease,
    "holdout": _holdout,
    "eligibility": _eligibility,
    "message-decision": _decision,
    "arming": _arming,
    "link": _link,
}
STEPS: Final[Mapping[str, Operation]] = {"message-decision": _decision_steps, "cap": _cap_steps}

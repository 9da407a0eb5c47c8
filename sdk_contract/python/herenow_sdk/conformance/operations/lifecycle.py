"""Chapters 14 to 16 and 18: what stands, when to ask, for whom, with whose consent, in which version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.core.device.activation import (
    HeldAnswer,
    HeldRules,
    Moment,
    applies,
    calmer,
    choose,
    is_new_session,
    start_wait_ms,
)
from herenow_sdk.core.device.cache import opened, still_valid
from herenow_sdk.core.device.consent import (
    change_consent,
    effective_consent,
    handling,
    may_send_acquisition,
    sendable_context,
)
from herenow_sdk.core.device.identity import change_identity
from herenow_sdk.core.device.negotiation import is_usable, judge_spec, read_spec_header, spec_header
from herenow_sdk.core.device.refresh import Asked, next_refresh_at, server_now
from herenow_sdk.core.reasons import CacheFault


def _activation(given: Mapping[str, Any]) -> Any:
    """``{"told", "app", "background_s"}``: the activation that counts, and when it may take effect."""
    activation = calmer(given.get("told"), given.get("app"))
    return {
        "activation": activation.value,
        "applies": [moment.value for moment in Moment if applies(activation, moment)],
        "new_session": is_new_session(given.get("background_s", 0)),
    }


def _choice(given: Mapping[str, Any]) -> Any:
    """``{"answer", "rules", "packaged", "now", "budget_ms"}``: what stands, how long to wait."""
    chosen = choose(
        HeldAnswer(**given["answer"]) if given.get("answer") else None,
        HeldRules(**given["rules"]) if given.get("rules") else None,
        HeldRules(**given["packaged"]) if given.get("packaged") else None,
        given["now"],
    )
    return {
        "source": chosen.source.value,
        "age_s": chosen.age_s,
        "stale": chosen.stale,
        "start_wait_ms": start_wait_ms(chosen.source, given.get("budget_ms")),
    }


def _refresh(given: Mapping[str, Any]) -> Any:
    """``{"asked", "now", "min_interval_s"?, "background"?}``: the instant of the next request."""
    return next_refresh_at(
        Asked(**given["asked"]),
        given["now"],
        min_interval_s=given.get("min_interval_s", 0),
        background=given.get("background", False),
    )


def _server_time(given: Mapping[str, Any]) -> Any:
    """``{"now", "told_at", "server_time"}``: the present by the server's clock."""
    return server_now(given["now"], given["told_at"], given["server_time"])


def _identity(given: Mapping[str, Any]) -> Any:
    """``{"user", "events"}``: after each event, who is spoken for and what was done."""
    user, told = given["user"], []
    for event in given["events"]:
        change = change_identity(user, event)
        user = change.user
        told.append({"user": user, "actions": [action.value for action in change.actions]})
    return told


def _consent(given: Mapping[str, Any]) -> Any:
    """``{"stated", "told"?, "policy"?, "opted_out"?, "context"?, "change"?}``: the consent, its effects."""
    held = effective_consent(
        given["stated"], given.get("told"), given.get("policy"), opted_out=given.get("opted_out", False)
    )
    change = change_consent(held, given.get("change"))
    return {
        "consent": dict(change.consent),
        "actions": [action.value for action in change.actions],
        "beacons": {
            kind: handling(kind, change.consent).value for kind in ("behavior", "exposure", "geo", "message")
        },
        "context": sendable_context(given.get("context", {}), change.consent),
        "acquisition": may_send_acquisition(change.consent),
    }


def _negotiation(given: Mapping[str, Any]) -> Any:
    """``{"told", "own"}``, ``{"capabilities", "own"}`` or ``{"header"}``."""
    if "header" in given:
        read = read_spec_header(given["header"])
        return read and {
            "major": read.major,
            "minor": read.minor,
            "capabilities": list(read.capabilities),
        }
    if "capabilities" in given:
        return spec_header(given["capabilities"], given["own"])
    verdict = judge_spec(given["told"], given["own"])
    return {"verdict": verdict.value, "usable": is_usable(verdict)}


def _cache(given: Mapping[str, Any]) -> Any:
    """``{"record", "identity"}``: the content of a record; ``{"etag", "held"}``: whether both are one."""
    if "etag" in given:
        return still_valid(given["etag"], given["held"])
    content = opened(given["record"].encode(), given["identity"])
    if isinstance(content, CacheFault):
        raise Refused(content.value)
    return content.decode()


OPERATIONS: Final[Mapping[str, Operation]] = {
    "activation": _activation,
    "choice": _choice,
    "refresh": _refresh,
    "server-time": _server_time,
    "identity": _identity,
    "consent": _consent,
    "negotiation": _negotiation,
    "cache": _cache,
}
STEPS: Final[Mapping[str, Operation]] = {}

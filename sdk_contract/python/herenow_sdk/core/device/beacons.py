"""One beacon: the envelope around what happened.

``{"id", "type", "name", "at", "properties"}``, and ``seq`` once it has been put into a batch. What a host app
passes in is untrusted like everything else: a beacon that cannot be told as JSON is dropped alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from herenow_sdk.core.device.consent import Handling, handling
from herenow_sdk.core.device.instants import read_instant
from herenow_sdk.core.reasons import BeaconFault

Beacon = Mapping[str, Any]

TYPES: Final = ("exposure", "geo", "behavior", "message")
"""In the order in which a full queue gives them up.

An exposure happens again at the next look, old geography changes a state at best, behaviour is what a profile
is learned from, and the outcome of a message guards the person against the next one.
"""
MAX_NAME: Final = 100
MAX_BEACON_BYTES: Final = 32_700
"""Of the compact JSON in UTF-8, without ``seq``: with it, a server's 32,768 are kept."""

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def read_beacon(told: Any) -> tuple[Beacon, int] | BeaconFault:
    """The beacon as plain JSON, members of other names left out, and its bytes; or why it is none."""
    if not isinstance(told, Mapping) or not _is_beacon(told):
        return BeaconFault.MALFORMED_BEACON
    named = {name: told[name] for name in ("id", "type", "name", "at")}
    try:
        text = compact({**named, "properties": told.get("properties") or {}})
        size = len(text.encode("utf-8"))
    except (TypeError, ValueError, RecursionError):
        return BeaconFault.MALFORMED_BEACON
    return BeaconFault.BEACON_TOO_LARGE if size > MAX_BEACON_BYTES else (json.loads(text), size)


def handle_beacon(told: Any, consent: Mapping[str, str]) -> tuple[Handling, BeaconFault | None]:
    """What becomes of a beacon under this consent, and why where it is dropped."""
    read = read_beacon(told)
    if isinstance(read, BeaconFault):
        return Handling.DROP, read
    decided = handling(read[0]["type"], consent)
    return decided, BeaconFault.CONSENT_DENIED if decided is Handling.DROP else None


def exposure_key(beacon: Beacon) -> str:
    """Equal for exposures that tell the same: the same name and equal properties, whatever their order."""
    told = json.dumps([beacon["name"], beacon["properties"]], sort_keys=True)
    return sha256(told.encode()).hexdigest()[:16]


def compact(value: Any) -> str:
    """JSON without white space, nothing escaped that need not be. Raises as ``json.dumps`` does."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _is_beacon(told: Mapping[str, Any]) -> bool:
    name, properties = told.get("name"), told.get("properties")
    return (
        isinstance(told.get("id"), str)
        and _UUID.fullmatch(told["id"]) is not None
        and isinstance(told.get("type"), str)
        and told["type"] in TYPES
        and isinstance(name, str)
        and 0 < len(name) <= MAX_NAME
        and read_instant(told.get("at")) is not None
        and (properties is None or isinstance(properties, Mapping))
    )

"""Chapter 2: attributes, snapshots, and until when an answer holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.attributes import derive
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import prepare
from herenow_sdk.core.snapshots import in_force, overlaid, read_snapshots


def _attributes(given: Mapping[str, Any]) -> Any:
    """``{"context", "profile", "state", "now"}``: the attributes."""
    return derive(given.get("context"), given.get("profile"), given.get("state"), given["now"])  # type: ignore[arg-type]


def _snapshots(given: Mapping[str, Any]) -> Any:
    """``{"snapshots", "now"}``: the attributes that those in force make."""
    return overlaid({}, in_force(given["snapshots"], given["now"]))


def _snapshot_steps(given: Mapping[str, Any]) -> Any:
    return {
        each.path: {"from": each.as_of, "until": each.ends} for each in read_snapshots(given["snapshots"])
    }


def _valid_until(given: Mapping[str, Any]) -> Any:
    """``{"parts", "context", "profile", "state", "now"}``: the instant, epoch seconds."""
    bundle, _ = parse_bundle(given["parts"])
    context, profile, state = (given.get(name, {}) for name in ("context", "profile", "state"))
    return prepare(bundle, context, profile, state, given["now"]).valid_until


def _valid_until_steps(given: Mapping[str, Any]) -> Any:
    bundle, _ = parse_bundle(given["parts"])
    return {"paths": sorted(bundle.paths)}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "attributes": _attributes,
    "snapshots": _snapshots,
    "valid-until": _valid_until,
}
STEPS: Final[Mapping[str, Operation]] = {
    "snapshots": _snapshot_steps,
    "valid-until": _valid_until_steps,
}

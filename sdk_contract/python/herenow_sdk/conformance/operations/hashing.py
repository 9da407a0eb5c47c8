"""Chapter 5: hashes, buckets, ranges, namespaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.hashing import (
    OFFSET_BASIS,
    bucket,
    bucket_ranges,
    choose_variation,
    equal_weights,
    fnv1a32,
    in_namespace,
    utf16_units,
)


def _hash(given: Mapping[str, Any]) -> Any:
    """``{"text"}``: the 32 bits, unsigned."""
    return fnv1a32(given["text"])


def _hash_steps(given: Mapping[str, Any]) -> Any:
    units = list(utf16_units(given["text"]))
    states = [OFFSET_BASIS]
    for unit in units:
        states.append(fnv1a32(chr(unit), states[-1]))
    return {"code units": units, "states": states}


def _bucket(given: Mapping[str, Any]) -> Any:
    """``{"seed", "value", "version"}``: the point in 0..1, ``null`` for an unknown version."""
    return bucket(given["seed"], given["value"], given["version"])


def _bucket_steps(given: Mapping[str, Any]) -> Any:
    seed, value = given["seed"], given["value"]
    if given["version"] == 1:
        return {"hashed": value + seed, "hash": fnv1a32(value + seed)}
    first = fnv1a32(seed + value)
    return {"hashed": seed + value, "hash": first, "hashed again": str(first), "second": fnv1a32(str(first))}


def _ranges(given: Mapping[str, Any]) -> Any:
    """``{"count", "coverage"?, "weights"?}``: a pair for each variation."""
    coverage = given.get("coverage")
    return bucket_ranges(given["count"], 1 if coverage is None else coverage, given.get("weights"))


def _ranges_steps(given: Mapping[str, Any]) -> Any:
    return {"equal weights": equal_weights(given["count"]), "sum": sum(given.get("weights") or [])}


def _variation(given: Mapping[str, Any]) -> Any:
    """``{"point", "ranges"}``: the index, -1 for none."""
    return choose_variation(given["point"], given["ranges"])


def _namespace(given: Mapping[str, Any]) -> Any:
    """``{"value", "namespace", "range"}``: whether the value is in this share of the namespace."""
    return in_namespace(given["value"], given["namespace"], given["range"])


def _namespace_steps(given: Mapping[str, Any]) -> Any:
    return {"point": bucket(f"__{given['namespace']}", given["value"], 1)}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "hash": _hash,
    "bucket": _bucket,
    "bucket-ranges": _ranges,
    "choose-variation": _variation,
    "namespace": _namespace,
}
STEPS: Final[Mapping[str, Operation]] = {
    "hash": _hash_steps,
    "bucket": _bucket_steps,
    "bucket-ranges": _ranges_steps,
    "namespace": _namespace_steps,
}

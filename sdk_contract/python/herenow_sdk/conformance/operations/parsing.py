"""Chapter 4: what of a part is used, and what is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.bundle import parse_bundle


def _parse(given: Mapping[str, Any]) -> Any:
    """``{"part", "content"}``: the names of the records kept, and where something was dropped."""
    bundle, diagnostics = parse_bundle({given["part"]: given["content"]})
    kept: Mapping[str, Any] = getattr(bundle, given["part"], {})
    return {"kept": sorted(kept), "dropped": sorted({each.record for each in diagnostics})}


def _parse_steps(given: Mapping[str, Any]) -> Any:
    _, diagnostics = parse_bundle({given["part"]: given["content"]})
    return {each.record: each.problem for each in diagnostics}


def _limit(given: Mapping[str, Any]) -> Any:
    """``{"what", "size"}``: how many of the features made so (see ``_made``) are kept."""
    bundle, _ = parse_bundle({"features": {"features": _made(given["what"], given["size"])}})
    return {"kept": len(bundle.features)}


def _made(what: str, size: int) -> dict[str, Any]:
    """Features at a bound: many of them, or one with a long name, many rules, or a large default."""
    if what == "records":
        return {f"f{number:05}": {"default": 1} for number in range(size)}
    if what == "name":
        return {"n" * size: {"default": 1}}
    if what == "rules":
        return {"f": {"default": 1, "rules": [{"force": 2}] * size}}
    return {"f": {"default": _large(what, size)}}


def _large(what: str, size: int) -> Any:
    if what == "text":
        return "t" * size
    if what == "elements":
        return [0] * size
    if what == "members":
        return {f"m{number}": 0 for number in range(size)}
    nested: Any = 0  # depth: the record itself is the first level
    for _ in range(size - 1):
        nested = [nested]
    return nested


OPERATIONS: Final[Mapping[str, Operation]] = {"parse": _parse, "limit": _limit}
STEPS: Final[Mapping[str, Operation]] = {"parse": _parse_steps}

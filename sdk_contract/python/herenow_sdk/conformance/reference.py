"""What the reference answers: the operations of all chapters by name, called in this process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from herenow_sdk.conformance import operations
from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.conformance.strict_json import dump, parse
from herenow_sdk.conformance.vectors import Answer


@cache
def _stepped() -> Mapping[str, Operation]:
    """The operations that tell what they compute on their way."""
    return {
        name: steps
        for chapter in iter_modules(operations.__path__, operations.__name__ + ".")
        for name, steps in getattr(import_module(chapter.name), "STEPS", {}).items()
    }


def steps(operation: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reference's intermediate values by name, in order; empty where an operation has none.

    What the operation refuses has no steps beyond the refusal.
    """
    asked = _stepped().get(operation)
    try:
        told: Mapping[str, Any] = parse(dump(asked(parse(dump(given))))) if asked else {}
    except Refused as refusal:
        told = {"refused": refusal.code}
    return told


@cache
def known() -> Mapping[str, Operation]:
    """Every operation by name. Raises ``ValueError`` when two chapters claim one name."""
    found: dict[str, Operation] = {}
    for chapter in iter_modules(operations.__path__, operations.__name__ + "."):
        for name, operation in import_module(chapter.name).OPERATIONS.items():
            if found.setdefault(name, operation) is not operation:
                raise ValueError(f"the operation {name!r} is defined twice")
    return found


def answer(operation: str, given: Mapping[str, Any]) -> Answer:
    """The reference's answer, through JSON and back, as any executable would give it.

    Raises ``KeyError`` for an operation that does not exist.
    """
    asked = known()[operation]
    try:
        return {"result": parse(dump(asked(parse(dump(given)))))}
    except Refused as refusal:
        return {"error": {"code": refusal.code}}

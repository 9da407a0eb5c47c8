"""Everything at once: parts, a person, a moment in; the whole evaluation out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.verdicts import evaluation_json


def _evaluate(given: Mapping[str, Any]) -> Any:
    """``{"parts", "context"?, "profile"?, "state"?, "candidates"?, "now"}``: the evaluation."""
    bundle, _ = parse_bundle(given["parts"])
    context, profile, state, candidates = (
        given.get(name, {}) for name in ("context", "profile", "state", "candidates")
    )
    return evaluation_json(evaluate(bundle, context, profile, state, candidates, given["now"]))


OPERATIONS: Final[Mapping[str, Operation]] = {"evaluate": _evaluate}
STEPS: Final[Mapping[str, Operation]] = {}

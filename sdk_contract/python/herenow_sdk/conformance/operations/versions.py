"""Chapter 5: versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.versions import padded_version, version_key


def _compare(given: Mapping[str, Any]) -> Any:
    """``{"left", "right"}``: -1 when the left is earlier, 0 for the same, 1 when it is later."""
    left, right = version_key(given["left"]), version_key(given["right"])
    return (left > right) - (left < right)


def _steps(given: Mapping[str, Any]) -> Any:
    return {side: padded_version(given[side]) for side in ("left", "right")}


OPERATIONS: Final[Mapping[str, Operation]] = {"version-compare": _compare}
STEPS: Final[Mapping[str, Operation]] = {"version-compare": _steps}

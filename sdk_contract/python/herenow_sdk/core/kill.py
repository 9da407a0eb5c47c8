"""The kill switch: capabilities that the publisher switched off, by name, in the manifest.

A switched-off capability does nothing on the device: features have no value (the app's own default
stands), placements keep the order the server gave, nothing is listened for, nothing is said. A name that
is not known switches nothing off.

Specification: chapter 17.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from herenow_sdk.core.values import is_array


class Switch(StrEnum):
    """The parts of an evaluation that can be switched off, by the capability's name."""

    FEATURES = "features"
    PLACEMENTS = "placements"
    MESSAGES = "messages"
    GEOFENCE = "geofence"


def killed(state: Any) -> frozenset[str]:
    """The names that ``state.kill`` lists; whatever is no text in it is passed over. Never raises."""
    listed: Any = state.get("kill") if isinstance(state, Mapping) else None
    return frozenset(name for name in listed if isinstance(name, str)) if is_array(listed) else frozenset()

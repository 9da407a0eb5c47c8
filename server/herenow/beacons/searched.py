"""What somebody searched for, wherever an event tells it: kept only with consent to ``personalization``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow.beacons.naming import tells_a_search


def without_searches(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties without texts of searches; the same object when there are none in it."""
    left = {name: _without(value) for name, value in properties.items() if not tells_a_search(name)}
    same = len(left) == len(properties) and all(left[name] is value for name, value in properties.items())
    return properties if same else left


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_searches(value)
    if isinstance(value, list):
        left = [_without(each) for each in value]
        return value if all(one is other for one, other in zip(left, value, strict=True)) else left
    return value

"""Audiences inlined: wherever a document names one, the compiled part holds its condition.

Parts are self-contained, so a device needs no audience table and no two parts ever disagree about one.
An audience may be part of a wider one; both conditions hold then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow.errors import Invalid

Condition = dict[str, Any]


class Audiences:
    """The conditions of ``audiences.json``, each resolved once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._declared = document
        self._resolved: dict[str, Condition] = {}

    def condition(self, name: str) -> Condition:
        """The whole condition of ``name``, wider audiences included.

        Raises ``Invalid`` for a name that is unknown or stands, by others, on itself.
        """
        return self._resolve(name, ())

    def narrow(self, condition: Mapping[str, Any] | None, audience: str | None) -> Condition | None:
        """Both must hold: the audience's condition and the given one. ``None`` when there is neither."""
        return _all_of(self.condition(audience) if audience else None, condition)

    def _resolve(self, name: str, within: tuple[str, ...]) -> Condition:
        if name in self._resolved:
            return self._resolved[name]
        if name not in self._declared:
            raise Invalid(f"no audience '{name}'", code="UNKNOWN_AUDIENCE")
        if name in within:
            circle = " → ".join([*within, name])
            raise Invalid(f"audiences stand on each other: {circle}", code="CIRCULAR_AUDIENCE")
        declared = self._declared[name]
        wider = declared.get("audience")
        within_wider = self._resolve(wider, (*within, name)) if wider else None
        resolved = _all_of(within_wider, declared["condition"]) or {}
        self._resolved[name] = resolved
        return resolved


def _all_of(*conditions: Mapping[str, Any] | None) -> Condition | None:
    """One condition that holds when every given one does; empty ones always hold."""
    given = [dict(condition) for condition in conditions if condition]
    if len(given) > 1:
        return {"$and": given}
    return given[0] if given else None

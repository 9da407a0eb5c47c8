"""When a transition at a fence says nothing: while the place is closed, and too soon after the last one.

A device keeps a transition that cools down to itself. One that comes from elsewhere is judged by whoever
takes it, by the same rule. A visit to a closed place is a visit; it only starts no message.

Specification: sections 10.6 and 11.3.
"""

from __future__ import annotations

from typing import Final

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.reasons import Silence
from herenow_sdk.core.zones import Zone

LATE_S: Final = 300
"""What is older than this when it is heard of changes state, and begins no cool-down."""


def is_late(at: int, heard: int) -> bool:
    """Whether a transition of ``at`` was heard of too late to be announced."""
    return heard - at > LATE_S


def cools_down(fence: Fence, before: int | None, at: int) -> bool:
    """Whether a transition follows too soon on the last announced one, ``before``, of its kind there."""
    return before is not None and at - before < fence.cool_down_s


def silence(fence: Fence | None, at: int, zone: Zone, before: int | None = None) -> Silence | None:
    """Why a transition at ``at`` starts nothing, by the ``zone`` of whoever crossed where the fence has none.

    ``before`` is when the last one of the same fence and kind was not silent; of a fence that is not known,
    nothing is.
    """
    if fence is None:
        return None
    if cools_down(fence, before, at):
        return Silence.COOLING_DOWN
    return None if fence.hours.is_open(at, zone) else Silence.CLOSED

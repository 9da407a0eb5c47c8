"""Journeys: messages one after the other, with waits and branches on what happened. Pure."""

from __future__ import annotations

from herenow.messaging.journeys.journeying import Journeying
from herenow.messaging.journeys.plan import Journey, Journeys, Step, parse_journeys
from herenow.messaging.journeys.walking import (
    Ending,
    Walk,
    Walked,
    entered,
    noticed,
    walked,
    without_sent_away,
)

__all__ = [
    "Ending",
    "Journey",
    "Journeying",
    "Journeys",
    "Step",
    "Walk",
    "Walked",
    "entered",
    "noticed",
    "parse_journeys",
    "walked",
    "without_sent_away",
]

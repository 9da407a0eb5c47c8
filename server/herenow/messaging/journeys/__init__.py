"""Journeys: messages one after the other, with waits and branches on what happened. Pure."""

from __future__ import annotations

from herenow.messaging.journeys.plan import Journey, Journeys, Step, parse_journeys
from herenow.messaging.journeys.walking import Walk, Walked, entered, noticed, walked

__all__ = ["Journey", "Journeys", "Step", "Walk", "Walked", "entered", "noticed", "parse_journeys", "walked"]

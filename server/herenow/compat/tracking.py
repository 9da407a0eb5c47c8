"""Exposures as GrowthBook's tracking plugin posts them."""

from __future__ import annotations

from typing import Final

MAX_EVENTS: Final = 500
"""Events taken of one request."""

"""When and with what somebody is reached."""

from __future__ import annotations

from typing import Final

from herenow.learning.model import APP
from herenow.learning.offers import beliefs
from herenow.learning.own_week import likeliest
from herenow.profiles.learned.about import About
from herenow.profiles.learned.document import daypart
from herenow_sdk.core.clock import WEEKDAYS

LEAST_EXPOSURES: Final = 5
"""Offers shown from which on it is told which form is answered best."""
_HOURS: Final = 24


def best_hour(about: About, channel: str) -> int | None:
    """The hour of the likeliest hour of the week."""
    cell = _best_cell(about, channel)
    return None if cell is None else cell % _HOURS


def best_weekday(about: About, channel: str) -> str | None:
    """Its day."""
    cell = _best_cell(about, channel)
    return None if cell is None else WEEKDAYS[cell // _HOURS]


def offer_form(about: About) -> str | None:
    """The form that is answered best at this part of the day, once some were shown to this person."""
    own, everybody = about.learned.offers, about.model.offers
    if sum(shown for shown, _ in own.values()) < LEAST_EXPOSURES:
        return None
    part = daypart(about.moment.hour)
    arms = sorted({(form, part) for form, _ in (*own, *everybody)})
    believed = beliefs(arms, [everybody, own] if everybody else [own])
    return max(arms, key=lambda arm: (believed[arm].mean, arm))[0]


def _best_cell(about: About, channel: str) -> int | None:
    """By the answers on the channel, else by the sessions; ``None`` without either."""
    counts = about.learned.engaged.get(channel) or about.learned.engaged.get(APP)
    return likeliest(counts, about.model.times_of(channel)) if counts else None

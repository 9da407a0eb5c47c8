"""The journeys of what an app serves, compiled once for all that ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow.launch.serving import ServingSet
from herenow.messaging.journeys.plan import Journeys, parse_journeys

_REMEMBERED: Final = 32
_known: dict[int, tuple[Mapping[str, Any], Journeys]] = {}


def journeys_of(serving: ServingSet) -> Journeys:
    """The journeys among the campaigns of a serving set; saved groups as its bundle reads them."""
    part = serving.campaigns_part
    held = _known.get(id(part))
    if held is None or held[0] is not part:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        groups = serving.features_part.get("savedGroups", {})
        held = _known[id(part)] = (part, parse_journeys(part.get("campaigns"), groups))
    return held[1]

"""Short codes of regions and countries as places of their own: "jobs in nj", "hotels near nsw".

Behind a name a code is judged by what it holds (``hierarchy``). Alone it stands for too many areas of the
world, so it is read only after a preposition, and only as people abbreviate: the regions of their own
country, and those of countries whose addresses have made their codes familiar. Countries have names for that.
"""

from __future__ import annotations

from collections.abc import Sequence

from herenow.intent.gazetteer import guards
from herenow.intent.gazetteer.place import AreaKind
from herenow.intent.gazetteer.reading import PlaceReading
from herenow.intent.gazetteer.world import World
from herenow.intent.normalise import Token

CONFIDENCE = 0.8

_LONGEST_CODE = 3
_ABBREVIATING = ("US", "AU", "CA")
"""Countries whose regions are commonly written as codes, also abroad."""


def read_code(world: World, tokens: Sequence[Token], first: int, country: str | None) -> PlaceReading | None:
    """The area of a code that a preposition announces; not where the code is a word as well."""
    key = tokens[first].form
    announced = first > 0 and tokens[first - 1].form in guards.PREPOSITIONS
    if not announced or len(key) > _LONGEST_CODE or guards.is_never(key) or guards.is_word(key):
        return None
    familiar = (country, *_ABBREVIATING)
    regions = [
        area for area in world.areas_coded(key) if area.kind is AreaKind.REGION and area.country in familiar
    ]
    if not regions:
        return None
    first_one, *others = sorted(regions, key=lambda area: familiar.index(area.country))
    return PlaceReading(first_one, first, first + 1, CONFIDENCE, tuple(others))

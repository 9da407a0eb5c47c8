"""Everything that has a name: the packaged table and the localities that an app adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from herenow.intent.gazetteer import layout
from herenow.intent.gazetteer.edits import is_one_edit
from herenow.intent.gazetteer.localities import Localities
from herenow.intent.gazetteer.names import letters_of
from herenow.intent.gazetteer.place import Area, City, Place
from herenow.intent.gazetteer.table import PlaceTable
from herenow.intent.normalise import Token

_LONGEST_CORRECTED = 40


@lru_cache(maxsize=1)
def packaged_table() -> PlaceTable:
    """The table that is shipped, opened once a process."""
    return PlaceTable()


@dataclass(frozen=True, slots=True)
class World:
    """Lookups over both; what the table knows comes first."""

    table: PlaceTable
    localities: Localities | None = None

    def places(self, key: str) -> tuple[Place, ...]:
        """All places of a name, the likeliest first."""
        known = self.table.places(key)
        return (*known, *self.localities.places(key)) if self.localities else known

    def knows(self, key: str) -> bool:
        """Whether a name has a place."""
        return self.table.knows(key) or bool(self.localities and self.localities.places(key))

    def areas_coded(self, code: str) -> tuple[Area, ...]:
        """All areas of a short code ("il"), the likeliest first."""
        return self.table.areas_coded(code)

    def reach(self, tokens: Sequence[Token], first: int) -> tuple[str, ...]:
        """The keys that begin at a word, one word longer each, as far as any name may reach."""
        known = self.table.reach(tokens, first)
        if not self.localities:
            return known
        return max(known, self.localities.reach(tokens, first), key=len)

    def nearest(self, key: str) -> tuple[City, ...]:
        """The cities whose own name is one edit away; blanks do not count.

        The first letter is right or has changed places with the second: fingers seldom miss it.
        """
        letters = key.replace(" ", "")
        if not layout.SHORTEST_CORRECTED <= len(letters) <= _LONGEST_CORRECTED:
            return ()
        named = ((city, letters_of(city.name)) for city in self.table.edited(letters))
        return tuple(city for city, own in named if own[:1] in letters[:2] and is_one_edit(letters, own))

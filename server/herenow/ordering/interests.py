"""What a person likes, and what goes together with it.

Somebody who likes burgers and has never met a wrap is likelier to like one than somebody of whom nothing is
known: the relatives of a liked value, which the catalogue tells (``catalog.related``), have a share of its
interest. A value with an interest of its own keeps that, be it dislike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from herenow.catalog import Catalog

Value = tuple[str, str]
"""Facet and value."""

STRONGEST: Final = 3
"""So many of the best-liked values have their relatives follow."""
RELATIVES: Final = 2
"""So many relatives of each."""


@dataclass(frozen=True, slots=True)
class Interests:
    """Interest per facet and value, 1024 = full; ``through`` tells for a relative what is really liked."""

    by_value: Mapping[Value, int] = field(default_factory=lambda: MappingProxyType({}))
    through: Mapping[Value, Value] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, catalog: Catalog, known: Mapping[Value, int]) -> Interests:
        """``known`` interests and the shares that relatives have of them, each of its best-liked relative."""
        by_value, through = dict(known), dict[Value, Value]()
        liked = sorted((-interest, value) for value, interest in known.items() if interest > 0)
        for against, (facet, value) in liked[:STRONGEST]:
            for relative, relatedness in catalog.related(facet, value)[:RELATIVES]:
                share = round(-against * min(relatedness, 1.0))
                if (facet, relative) not in known and share > by_value.get((facet, relative), 0):
                    by_value[facet, relative] = share
                    through[facet, relative] = facet, value
        return cls(by_value, through)

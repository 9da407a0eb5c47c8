"""What the parser needs of a catalogue, and no more of it than that.

``herenow.catalog`` has it all; a test or a tool may bring a few lists instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from herenow.catalog.schema import CatalogSchema


class VocabularyPlace(Protocol):
    """A place that items of the catalogue are in. Coordinates in microdegrees, if known."""

    @property
    def name(self) -> str:
        """As it is shown."""

    @property
    def facet(self) -> str:
        """The place facet it is a value of."""

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the facet that lie in it, usually itself."""

    @property
    def lat_e6(self) -> int | None:
        """Latitude of its middle."""

    @property
    def lon_e6(self) -> int | None:
        """Longitude of its middle."""

    @property
    def radius_m(self) -> int:
        """How far it reaches."""

    @property
    def items(self) -> int:
        """How many items are in it."""

    @property
    def parent(self) -> str | None:
        """The next larger place's name."""


class Vocabulary(Protocol):
    """A catalogue as a source of words."""

    @property
    def schema(self) -> CatalogSchema:
        """Which facets there are and what they are for."""

    @property
    def places(self) -> Sequence[VocabularyPlace]:
        """Every place that items are in."""

    def facet_values(self, name: str) -> Sequence[str]:
        """The distinct values of a facet."""

    def items_of(self, facet: str, value: str) -> int:
        """How many items have a value."""

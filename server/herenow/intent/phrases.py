"""What a phrase can mean. The phrase table maps phrases to these; the parser picks one for each."""

from __future__ import annotations

from dataclasses import dataclass

from herenow.intent.model import ModifierKind, Source
from herenow.intent.places import KnownPlace


@dataclass(frozen=True, slots=True)
class FacetPhrase:
    """A value of a facet."""

    facet: str
    value: str
    weight: float
    source: Source


@dataclass(frozen=True, slots=True)
class PlacePhrase:
    """A place; ``weight`` says how surely the phrase names it."""

    place: KnownPlace
    weight: float


@dataclass(frozen=True, slots=True)
class ModifierPhrase:
    """A wish beside the facets; ``value`` as in ``Modifier``."""

    kind: ModifierKind
    facet: str | None = None
    value: str | int | None = None


@dataclass(frozen=True, slots=True)
class StopPhrase:
    """Words that the app declared to mean nothing."""


Meaning = FacetPhrase | PlacePhrase | ModifierPhrase | StopPhrase

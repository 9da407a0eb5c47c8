"""What a phrase can mean. The phrase table maps phrases to these; the parser picks one for each."""

from __future__ import annotations

from dataclasses import dataclass

from herenow.intent.model import ModifierKind, Source, WishValue
from herenow.intent.places import KnownPlace


@dataclass(frozen=True, slots=True)
class FacetPhrase:
    """A value of a facet, which so many items of the catalogue have."""

    facet: str
    value: str
    weight: float
    source: Source
    items: int = 0


@dataclass(frozen=True, slots=True)
class PlacePhrase:
    """A place; ``weight`` says how surely the phrase names it, ``passed_over`` what else it could name."""

    place: KnownPlace
    weight: float
    source: Source = Source.CATALOG
    passed_over: tuple[KnownPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class ModifierPhrase:
    """A wish beside the facets, as ``Modifier``; ``weight`` is less where no facet of the app answers it."""

    kind: ModifierKind
    facet: str | None = None
    value: WishValue = None
    weight: float = 1.0
    negated: bool = False


@dataclass(frozen=True, slots=True)
class StopPhrase:
    """Words that the app declared to mean nothing."""


Meaning = FacetPhrase | PlacePhrase | ModifierPhrase | StopPhrase

OUTRIGHT = 1.0
"""How sure a meaning is that has no weight of its own."""


def weight_of(meaning: Meaning) -> float:
    """How surely a phrase of this meaning means it, 0 to 1."""
    return OUTRIGHT if isinstance(meaning, StopPhrase) else meaning.weight


def is_weak(meaning: Meaning) -> bool:
    """Whether it counts only where nothing stronger was said."""
    return isinstance(meaning, FacetPhrase) and meaning.source is Source.WEAK

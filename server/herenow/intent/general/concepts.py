"""What the world's words mean: concepts, and the phrases that name them.

A concept is written as the OpenStreetMap tags that define it (``amenity=pharmacy``,
``amenity=place_of_worship+religion=muslim``), since those are the most widely agreed names of places and
things that there are; ``shop=*`` is any shop.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Tag = tuple[str, str]
"""A key and its value."""


class PhraseKind(StrEnum):
    """How a phrase names a concept, the surest first."""

    NAME = "name"
    ALIAS = "alias"
    NARROWER = "narrower"
    """Says the concept and something more: "hamburguesería" of burgers, "karate" of martial arts."""
    DERIVED = "derived"
    """Follows from a name or from the tags: "mosque" from "Muslim Mosque"."""
    TERM = "term"
    """Weak: what people also type when they look for it; to be taken only when nothing stronger was said."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A place or a thing.

    ``parents`` are the ids of the concepts that it is a kind of; ``former`` the tags that it had before
    (``amenity=gym`` for what is ``leisure=fitness_centre`` today).
    """

    id: str
    parents: tuple[str, ...] = ()
    former: tuple[Tag, ...] = ()

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Keys and values, the key that says what it is first."""
        return tags_of(self.id)


@dataclass(frozen=True, slots=True)
class ConceptPhrase:
    """Words that name a concept; ``weight`` 0 to 1 says how surely."""

    text: str
    language: str
    kind: PhraseKind
    weight: float

    @property
    def is_weak(self) -> bool:
        """Whether it counts only where nothing stronger was said."""
        return self.kind is PhraseKind.TERM


def tags_of(concept_id: str) -> tuple[Tag, ...]:
    """The keys and values that an id is made of."""
    return tuple((key, value) for key, _, value in (tag.partition("=") for tag in concept_id.split("+")))

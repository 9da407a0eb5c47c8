"""The world's common words for places and things, in twenty languages.

``named("burger")`` tells the concepts that a catalogue's value names, ``phrases`` how people call each of
them ("hamburguesa", "हैमबर्गर"). Loaded once, when first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from herenow.intent.general.concepts import Concept, ConceptPhrase, PhraseKind
from herenow.intent.general.naming import Names
from herenow.intent.general.ordinary import ordinary_words
from herenow.intent.general.vocabulary import GeneralVocabulary

__all__ = [
    "Concept",
    "ConceptPhrase",
    "PhraseKind",
    "all_concepts",
    "concept",
    "named",
    "ordinary_words",
    "phrases",
]


def named(value: str) -> tuple[Concept, ...]:
    """The concepts that a value names, in any language; none for a word of the app's own."""
    return _names().named(value)


def phrases(concept: Concept, languages: Iterable[str] | None = None) -> Iterable[ConceptPhrase]:
    """What people call it, the surest first within a language."""
    return _vocabulary().phrases(concept, languages)


def all_concepts() -> tuple[Concept, ...]:
    """Every concept there is."""
    return tuple(_vocabulary().concepts.values())


def concept(concept_id: str) -> Concept | None:
    """The concept of that id (``amenity=pharmacy``), if it is one."""
    return _vocabulary().concepts.get(concept_id)


@cache
def _vocabulary() -> GeneralVocabulary:
    return GeneralVocabulary.load()


@cache
def _names() -> Names:
    return Names.of(_vocabulary())

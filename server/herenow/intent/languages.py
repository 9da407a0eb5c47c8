"""The languages that a text is read in: the app's, English, the device's, compiled together when first met.

An app is searched in the languages of its locales and of the phone that searches. Reading every text in every
language would take words of one for words of another ("die", "sin", "com"), so only those are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from herenow.catalog.schema import CatalogSchema
from herenow.intent.grammar import Grammar
from herenow.intent.lexicon import Lexicon, lexicons_for

_REMEMBERED: Final = 32
"""Sets of languages kept compiled; a set beyond them is read in the app's own."""


@dataclass(frozen=True, slots=True)
class Language:
    """One or more languages read together."""

    grammar: Grammar
    articles: frozenset[str]
    prepositions: frozenset[str]
    silent: frozenset[str]

    @classmethod
    def of(cls, schema: CatalogSchema, lexicons: Sequence[Lexicon]) -> Language:
        """Compiled for the facets of an app."""
        grammar = Grammar.compile(schema, lexicons)
        return cls(grammar, grammar.articles, grammar.prepositions, grammar.silent)

    def is_silent(self, form: str) -> bool:
        """Whether a word need not be understood."""
        return form in self.silent

    def knows(self, form: str, stem: str) -> bool:
        """Whether it is a word of the language's own."""
        return form in self.silent or form in self.grammar.forms or stem in self.grammar.forms


@dataclass(frozen=True, slots=True, repr=False)
class Languages:
    """Those of an app, and what they were compiled to so far. Threads may share it."""

    schema: CatalogSchema
    _compiled: dict[tuple[str, ...], Language] = field(default_factory=dict)

    @property
    def own(self) -> Language:
        """The app's languages and English."""
        return self.spoken_by(())

    def spoken_by(self, locales: Iterable[str]) -> Language:
        """With the languages of a device's ``locales``."""
        lexicons = lexicons_for((*self.schema.locales, *locales))
        key = tuple(each.language for each in lexicons)
        known = self._compiled.get(key)
        if known is None:
            if len(self._compiled) >= _REMEMBERED:
                return self.own
            known = self._compiled[key] = Language.of(self.schema, lexicons)
        return known

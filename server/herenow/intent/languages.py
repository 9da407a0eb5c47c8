"""The languages that a text is read in: the app's, English, the device's, compiled together when first met.

An app is searched in the languages of its locales and of the phone that searches. Reading every text in every
language would take words of one for words of another ("die", "sin", "com"), so only those are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from herenow.catalog.schema import CatalogSchema
from herenow.intent.general import ordinary_words
from herenow.intent.grammar import Grammar
from herenow.intent.lexicon import LEXICONS, Lexicon, lexicons_for
from herenow.intent.normalise import singular

_NOUNS_HAVE_CAPITALS: Final = "de"
_REMEMBERED: Final = 32
"""Sets of languages kept compiled; a set beyond them is read in the app's own."""


@dataclass(frozen=True, slots=True)
class Language:
    """One or more languages read together."""

    grammar: Grammar
    articles: frozenset[str]
    prepositions: frozenset[str]
    silent: frozenset[str]
    spoken: frozenset[str]
    """Words of its rules, without plural endings."""
    ordinary: frozenset[str]
    """Words that mean something, though nothing to an app: they are what was typed, no slips of others."""
    nouns_have_capitals: bool

    @classmethod
    def of(cls, schema: CatalogSchema, lexicons: Sequence[Lexicon]) -> Language:
        """Compiled for the facets of an app."""
        grammar = Grammar.compile(schema, lexicons)
        tags = [each.language for each in lexicons]
        ordinary = frozenset[str]().union(*map(ordinary_words, tags))
        german = tags[0].partition("-")[0] == _NOUNS_HAVE_CAPITALS
        # "thi" is what is left of "this" without a plural ending, and as such no word.
        remains = {singular(word) for word in grammar.silent} - grammar.silent
        return cls(
            grammar=grammar,
            articles=grammar.articles,
            prepositions=grammar.prepositions,
            silent=grammar.silent,
            spoken=grammar.forms - remains,
            ordinary=ordinary,
            nouns_have_capitals=german,
        )

    def is_silent(self, form: str) -> bool:
        """Whether a word need not be understood."""
        return form in self.silent

    def is_ordinary(self, form: str, stem: str) -> bool:
        """Whether it is a word that everybody uses, also in the plural."""
        return form in self.ordinary or stem in self.ordinary

    def knows(self, form: str, stem: str) -> bool:
        """Whether it is a word that the language's rules or word lists speak of."""
        return form in self.silent or form in self.spoken or stem in self.spoken


@dataclass(frozen=True, slots=True, repr=False)
class Languages:
    """Those of an app, and what they were compiled to so far. Threads may share it."""

    schema: CatalogSchema
    _compiled: dict[tuple[str, ...], Language] = field(default_factory=dict)
    _asked: dict[tuple[str, ...], Language] = field(default_factory=dict)

    @property
    def own(self) -> Language:
        """The app's languages and English."""
        return self.spoken_by(())

    def spoken_by(self, locales: Iterable[str]) -> Language:
        """With the languages of a device's ``locales``."""
        asked = tuple(locales)
        known = self._asked.get(asked)
        if known is None:
            known = self._compile(lexicons_for((*self.schema.locales, *asked)))
            if len(self._asked) < _REMEMBERED:
                self._asked[asked] = known
        return known

    def _compile(self, lexicons: Sequence[Lexicon]) -> Language:
        key = tuple(each.language for each in lexicons)
        known = self._compiled.get(key)
        if known is None:
            if len(self._compiled) >= _REMEMBERED:
                return self.own
            known = self._compiled[key] = _language_of(self.schema, key)
        return known


@lru_cache(maxsize=_REMEMBERED)
def _language_of(schema: CatalogSchema, languages: tuple[str, ...]) -> Language:
    """The same facets and languages are compiled once in a process, not again with every publication."""
    by_tag = {each.language: each for each in LEXICONS.values()}
    return Language.of(schema, [by_tag[tag] for tag in languages])

"""The words of a language that mean the same in every app, one small module a language.

Function words, prepositions that announce a place, compass words, and the grammar of wishes (``rules``).
Nothing here names a thing that an app could sell or show; those words come from its catalogue and
its ``intents.json``, or from the general vocabulary. Another language is another ``Lexicon`` in ``LEXICONS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.english import ENGLISH
from herenow.intent.lexicon.french import FRENCH
from herenow.intent.lexicon.german import GERMAN
from herenow.intent.lexicon.hindi import HINDI
from herenow.intent.lexicon.hindi_latin import HINDI_LATIN
from herenow.intent.lexicon.indonesian import INDONESIAN
from herenow.intent.lexicon.japanese import JAPANESE
from herenow.intent.lexicon.model import Lexicon
from herenow.intent.lexicon.portuguese import PORTUGUESE
from herenow.intent.lexicon.spanish import SPANISH

LEXICONS: Final[Mapping[str, Lexicon]] = MappingProxyType(
    {
        lexicon.language: lexicon
        for lexicon in (
            ENGLISH,
            SPANISH,
            PORTUGUESE,
            FRENCH,
            GERMAN,
            HINDI,
            HINDI_LATIN,
            INDONESIAN,
            JAPANESE,
        )
    }
)
"""By language tag, English first."""

_FORMER_TAGS: Final = MappingProxyType({"in": "id"})
"""Android still calls Indonesian so."""


def lexicons_for(locales: Iterable[str]) -> tuple[Lexicon, ...]:
    """The languages that people of these locales type: theirs, in each of its scripts, and English last.

    A locale is a BCP 47 tag ("pt-BR", "hi_IN"); an unknown language adds nothing. With no locale at all it
    is English alone.
    """
    asked = [locale.replace("_", "-").partition("-")[0].lower() for locale in locales]
    spoken = [_FORMER_TAGS.get(language, language) for language in asked]
    found = [
        lexicon
        for language in dict.fromkeys(spoken)
        for lexicon in LEXICONS.values()
        if lexicon.language.partition("-")[0] == language
    ]
    return (*(lexicon for lexicon in found if lexicon is not ENGLISH), ENGLISH)


__all__ = ["ENGLISH", "LEXICONS", "Lexicon", "lexicons_for"]

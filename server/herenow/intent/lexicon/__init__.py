"""The words of a language that mean the same in every app, one small module a language.

Function words, prepositions that announce a place, compass words, and the grammar of modifiers.
Nothing here names a thing that an app could sell or show; those words come from its catalogue and
its ``intents.json``, or from the general vocabulary. Another language is another ``Lexicon`` in ``LEXICONS``.
"""

from __future__ import annotations

from herenow.intent.lexicon.english import ENGLISH
from herenow.intent.lexicon.model import Lexicon

LEXICONS = (ENGLISH,)

__all__ = ["ENGLISH", "LEXICONS", "Lexicon"]

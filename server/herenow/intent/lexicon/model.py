"""What a language tells the parser: words without content, words that announce a place, and its rules.

``rules`` is the grammar of modifiers in the notation that ``herenow.intent.grammar.notation`` describes.
Phrases are written as people type them and compared as everything else is: case, marks and plurals folded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from herenow.intent.normalise import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language.

    ``function_words`` and ``request_words`` carry no content: they are never reported as not
    understood and never make a phrase on their own. ``compass`` gives each direction its short form.
    ``language`` is a BCP 47 language, with its script where two are typed.
    """

    language: str
    function_words: frozenset[str]
    request_words: frozenset[str]
    place_prepositions: frozenset[str]
    articles: frozenset[str] = frozenset()
    compass: Mapping[str, str] = field(default_factory=dict)
    place_suffixes: frozenset[str] = frozenset()
    rules: str = ""

    def is_silent(self, form: str) -> bool:
        """Whether a word need not be understood."""
        return form in self.function_words or form in self.request_words


def words_of(text: str) -> frozenset[str]:
    """The words of a list written with blanks, folded as tokens are."""
    return frozenset(fold(word) for word in text.split())


def rules_of(language: str) -> str:
    """The rules of a language, with what all languages share first."""
    folder = files("herenow.intent.lexicon") / "rules"
    names = ("common", language)
    return "\n".join((folder / f"{name}.rules").read_text(encoding="utf-8") for name in names)

"""Which words of a text need no guessing: those of the app, of the language, and of everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from herenow.intent.cities import Cities
from herenow.intent.cues import Cues
from herenow.intent.languages import Language
from herenow.intent.normalise import Token, singular
from herenow.intent.spelling.guessing import Guesses, Spelling
from herenow.intent.table import PhraseTable

_SHORTEST_GLUED: Final = 3


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The words of an app in a language."""

    table: PhraseTable
    cues: Cues
    guess: Guesses
    cities: Cities | None
    language: Language
    _guessed: dict[str, tuple[Spelling, ...]] = field(default_factory=dict)

    def guesses(self, form: str) -> tuple[Spelling, ...]:
        """What a word may have been meant to be, worked out once a text."""
        found = self._guessed.get(form)
        if found is None:
            found = self._guessed[form] = self.guess(form)
        return found

    def token(self, token: Token) -> bool:
        """Whether a word is known, be it one that everybody uses."""
        return self._tells(token) or self.language.is_ordinary(token.form, token.stem)

    def form(self, form: str) -> bool:
        """Whether a form says something to the app."""
        return self._tells(Token(form, singular(form), 0, 0))

    def part(self, form: str) -> bool:
        """Whether a form may stand glued to another: of two letters only "in" and the like."""
        if len(form) < _SHORTEST_GLUED and form.isascii():
            return self.language.is_silent(form)
        return self.form(form)

    def whole(self, form: str) -> bool:
        """Whether a word that is not known is nevertheless one: a slip of another, or a city."""
        if any(each.edits == 1 for each in self.guesses(form)):
            return True
        return self.cities is not None and self.cities.knows(form)

    def silent(self, token: Token) -> bool:
        """Whether a word need not be understood."""
        return self.language.is_silent(token.form) or token.form in self.cues.words

    def _tells(self, token: Token) -> bool:
        return (
            self.table.knows(token)
            or self.language.knows(token.form, token.stem)
            or token.form in self.cues.words
        )
